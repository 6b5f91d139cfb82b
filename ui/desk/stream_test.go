// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/image/rule"
)

// events reads a stream: "list <html>" or "over" for each event.
func (c *client) events(t *testing.T) <-chan string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.base+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	w, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("Content-Type %q", got)
	}
	events := make(chan string, 10)
	go func() {
		defer close(events)
		defer w.Body.Close()
		lines, name := bufio.NewScanner(w.Body), ""
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if rest, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				name = rest
			}
			if rest, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var data string
				json.Unmarshal([]byte(rest), &data)
				events <- name + " " + data
			}
		}
	}()
	return events
}

func next(t *testing.T, events <-chan string) string {
	t.Helper()
	select {
	case e := <-events:
		return e
	case <-time.After(5 * time.Second):
		t.Fatal("no event within 5 s")
		return ""
	}
}

func TestStream(t *testing.T) {
	o := newOffice(t)
	a, b := o.books(t, 0, "Käthe Groß"), o.books(t, 15, "Björn Müller")
	c := o.clerk(t)
	events := c.events(t)
	if e := next(t, events); !strings.HasPrefix(e, "list ") || !strings.Contains(e, "noch kein Foto") || strings.Contains(e, "Foto ist da") {
		t.Errorf("first event %.300q", e)
	}
	o.delivers(t, a.ID, delivery{reports: []rule.Report{report(nil)}})
	if e := next(t, events); !strings.Contains(e, "Foto ist da") || !strings.Contains(e, `data-waiting="1"`) {
		t.Errorf("after a delivery: %.300q", e)
	}
	c.post(t, "/sign-out", url.Values{})
	o.delivers(t, b.ID, delivery{reports: []rule.Report{report(nil)}})
	if e := next(t, events); e != "over " {
		t.Errorf("after signing out: %.300q", e)
	}
	if e, more := <-events; more {
		t.Errorf("the stream went on: %.300q", e)
	}
}
