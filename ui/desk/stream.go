// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/registry/clerks"
)

// heartbeat is how often a stream looks at the session and the clock, and shows
// proxies and the browser that it lives.
const heartbeat = 15 * time.Second

// stream sends the day's list as server-sent events: "list" with the list's
// HTML as a JSON string at once and at every change, "over" when the session is
// over. It is no use of the session.
func (d *desk) stream(w http.ResponseWriter, r *http.Request, _ string) error {
	day, err := dayOf(r.FormValue("day"), time.Now())
	if err != nil {
		return err
	}
	return d.follow(w, r, d.Inbox.Watch(r.Context()), func() (string, error) { return d.fragment(r.Context(), r, day) })
}

// hallStream is the stream of the waiting list.
func (d *desk) hallStream(w http.ResponseWriter, r *http.Request, _ string) error {
	if d.Queue == nil {
		return errNoQueue
	}
	return d.follow(w, r, d.Queue.Watch(r.Context()), func() (string, error) {
		v := d.view(r, "desk.waiting")
		h, err := d.hall(r.Context(), counterOf(r), v.Now)
		if err != nil {
			return "", err
		}
		return d.part("waiting", v.With(h))
	})
}

// follow sends what fragment gives as events, at once and at every change.
func (d *desk) follow(w http.ResponseWriter, r *http.Request, changed <-chan struct{}, fragment func() (string, error)) error {
	w.Header().Set("Content-Type", "text/event-stream")
	http.NewResponseController(w).SetReadDeadline(time.Time{}) // it lasts as long as the page; a recorder in a test has none
	tick, last := time.NewTicker(heartbeat), []byte(nil)
	defer tick.Stop()
	for {
		event, err := d.event(r, fragment)
		if err != nil {
			if r.Context().Err() == nil { // the page is still there
				d.Log.Error("list of a stream could not be made", "error", err)
			}
			return nil
		}
		if bytes.Equal(event, last) {
			event = []byte(": alive\n\n")
		} else {
			last = event
		}
		if err := send(w, event); err != nil || bytes.HasPrefix(event, []byte("event: over")) {
			return nil
		}
		select {
		case <-r.Context().Done():
			return nil
		case <-changed:
		case <-tick.C:
		}
	}
}

// event is the stream's next event. The session is looked at after the list, which
// so has nothing that came when the session was over.
func (d *desk) event(r *http.Request, fragment func() (string, error)) ([]byte, error) {
	html, err := fragment()
	if err != nil {
		return nil, err
	}
	_, err = d.Clerks.Valid(r.Context(), d.token(r))
	if errors.Is(err, clerks.ErrSession) {
		return []byte("event: over\ndata: \"\"\n\n"), nil
	}
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(html)
	return fmt.Appendf(nil, "event: list\ndata: %s\n\n", data), err
}

// fragment is the part of the list's page that changes.
func (d *desk) fragment(ctx context.Context, r *http.Request, day time.Time) (string, error) {
	v := d.view(r, "desk.list")
	l, err := d.dayList(ctx, v.Clerk, day, v.Now)
	if err != nil {
		return "", err
	}
	return d.part("list", v.With(l))
}

// part is the rows of a page, which change.
func (d *desk) part(page string, v view) (string, error) {
	var html bytes.Buffer
	err := d.pages[page].ExecuteTemplate(&html, "rows", v)
	return html.String(), err
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
