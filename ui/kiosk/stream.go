// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/daemon/session"
)

const (
	// beat is how often the stream shows that it lives; a page that hears
	// nothing for three beats takes the connection for lost.
	beat = time.Second
	// patience is how long one write may take before the page counts as gone.
	patience = 5 * time.Second
)

// stream sends one document per change as server-sent events, and a heartbeat
// with the seconds that remain.
func (k *kiosk) stream(w http.ResponseWriter, r *http.Request) error {
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	k.displays.Add(1)
	defer k.displays.Add(-1)
	w.Header().Set("Content-Type", "text/event-stream")
	page := events{w, http.NewResponseController(w)}
	states := k.follow(ctx)
	ticks := time.NewTicker(beat)
	defer ticks.Stop()
	var shown Document
	var state session.State
	for {
		var err error
		select {
		case s, ok := <-states:
			if !ok {
				return nil
			}
			state = s
			if d := k.screen.document(s, time.Now()); d.ID != shown.ID {
				shown, err = d, page.document(d)
			}
		case <-ticks.C:
			d := k.screen.document(state, time.Now())
			if state.Stage == session.Idle && d.ID != shown.ID { // the office has set another mode
				shown, err = d, page.document(d)
				break
			}
			err = page.beat(d.Remaining)
		case <-ctx.Done():
			return nil
		}
		if err != nil {
			return nil // the page has gone; it comes back by itself
		}
	}
}

// follow hands the station's states over until ctx ends.
func (k *kiosk) follow(ctx context.Context) <-chan session.State {
	states := make(chan session.State)
	go func() {
		defer close(states)
		for s := range k.station.States(ctx) {
			select {
			case states <- s:
			case <-ctx.Done():
				return
			}
		}
	}()
	return states
}

// events writes server-sent events (WHATWG HTML 9.2).
type events struct {
	w  http.ResponseWriter
	rc *http.ResponseController
}

func (e events) document(d Document) error {
	data, err := json.Marshal(d) // one line: JSON escapes line breaks
	if err != nil {
		return err
	}
	return e.send("retry: 1000\nid: %s\ndata: %s\n\n", d.ID, data)
}

func (e events) beat(remaining int) error {
	return e.send("event: beat\ndata: %d\n\n", remaining)
}

func (e events) send(format string, args ...any) error {
	e.rc.SetWriteDeadline(time.Now().Add(patience)) // best effort: a recorder in a test has none
	if _, err := fmt.Fprintf(e.w, format, args...); err != nil {
		return err
	}
	return e.rc.Flush()
}
