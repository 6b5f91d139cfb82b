// SPDX-License-Identifier: EUPL-1.2

package waiting

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/registry/queue"
)

// heartbeat is how often a stream shows proxies and the browser that it lives.
const heartbeat = 15 * time.Second

// stream sends the board as server-sent events: "board" with its HTML as a JSON
// string, at once and at every change.
func (d *display) stream(w http.ResponseWriter, r *http.Request) error {
	v, err := d.view(r)
	if err != nil {
		return err
	}
	select {
	case d.boards.streams <- struct{}{}:
		defer func() { <-d.boards.streams }()
	default:
		return errMany
	}
	w.Header().Set("Content-Type", "text/event-stream")
	http.NewResponseController(w).SetReadDeadline(time.Time{}) // it lasts as long as the page; a recorder in a test has none
	look := time.NewTicker(fresh)
	defer look.Stop()
	var last queue.Board
	for sent := (time.Time{}); ; {
		event := []byte(": alive\n\n")
		if sent.IsZero() || !same(v.Board, last) {
			if event, err = d.event(v); err != nil {
				return err
			}
		}
		if sent.IsZero() || !same(v.Board, last) || time.Since(sent) >= heartbeat {
			if send(w, event) != nil {
				return nil
			}
			sent, last = time.Now(), v.Board
		}
		select {
		case <-r.Context().Done():
			return nil
		case <-look.C:
		}
		if next, err := d.boards.of(r.Context(), v.location); err == nil { // a database that is away has no news
			v.Board = next
		}
	}
}

func same(a, b queue.Board) bool { return a.Waiting == b.Waiting && slices.Equal(a.Calls, b.Calls) }

func (d *display) event(v view) ([]byte, error) {
	var html bytes.Buffer
	if err := d.page.ExecuteTemplate(&html, "calls", v); err != nil {
		return nil, err
	}
	data, err := json.Marshal(html.String())
	return fmt.Appendf(nil, "event: board\ndata: %s\n\n", data), err
}

// send writes an event within two heartbeats: a browser that does not read is gone.
func send(w http.ResponseWriter, event []byte) error {
	c := http.NewResponseController(w)
	if err := c.SetWriteDeadline(time.Now().Add(2 * heartbeat)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := w.Write(event); err != nil {
		return err
	}
	return c.Flush()
}
