// SPDX-License-Identifier: EUPL-1.2

package waiting

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/queue"
	"github.com/fotobox-project/fotobox/ui/text"
)

// hall is a town of two offices whose boards a test writes.
type hall struct {
	mu      sync.Mutex
	boards  map[string]queue.Board
	asked   int
	away    error
	offices []book.Location
}

func (h *hall) Board(_ context.Context, location string, _ time.Time) (queue.Board, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked++
	return h.boards[location], h.away
}

func (h *hall) Offices(context.Context) ([]book.Location, error) { return h.offices, nil }

func (h *hall) Office(_ context.Context, code string) (book.Location, error) {
	for _, l := range h.offices {
		if l.Code == code {
			return l, nil
		}
	}
	return book.Location{}, book.ErrNotFound
}

func (h *hall) shows(location string, waiting int, calls ...queue.Call) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.boards[location] = queue.Board{Calls: calls, Waiting: waiting}
}

func newHall() *hall {
	return &hall{boards: map[string]queue.Board{}, offices: []book.Location{{Code: "mitte", Name: "Bürger-Service Mitte"}, {Code: "ruhrort", Name: "Bürger-Service Ruhrort"}}}
}

func serve(t testing.TB, h *hall) string {
	t.Helper()
	s := httptest.NewServer(New(h, "Musterstadt", slog.New(slog.DiscardHandler)))
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s.URL
}

func called(number queue.Number, counter string, calls int) queue.Call {
	return queue.Call{Number: number, Counter: counter, Calls: calls, At: time.Now()}
}

// get answers with the status and the page, as a browser of that language asks.
func get(t testing.TB, h http.Handler, path, language string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.Header.Set("Accept-Language", language)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPages(t *testing.T) {
	h := newHall()
	h.shows("mitte", 4, called(417, "Platz 3", 1), queue.Call{Number: 892, Counter: "Platz 1", Serving: true})
	site := New(h, "Musterstadt", slog.New(slog.DiscardHandler))
	for path, want := range map[string]string{
		"/display/":                                 `/display/office/ruhrort?lang=de`,
		"/display/office/mitte":                     "Bürger-Service Mitte|417|Platz 3|892|Es warten: 4.|Nummer|http-equiv=\"refresh\"|data-call=\"417/1\"",
		"/display/office/ruhrort":                   "Noch ist keine Nummer aufgerufen.|Es warten: 0.",
		"/display/office/mitte?theme=dark&sound=on": `class="dark"|lang=en&amp;sound=on&amp;theme=dark`,
		"/display/static/waiting.js":                "EventSource",
		"/display/static/waiting.css":               "prefers-color-scheme",
	} {
		w := get(t, site, path, "de")
		for word := range strings.SplitSeq(want, "|") {
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), word) {
				t.Errorf("%s: %d, lacks %q", path, w.Code, word)
			}
		}
		if strings.Contains(w.Body.String(), `data-call="892`) {
			t.Errorf("%s: who came already is called", path)
		}
	}
	for _, path := range []string{"/display/office/atlantis", "/display/office/", "/display/office/mitte/x", "/display/static/", "/display/static/board.html", "/other", "/display/office/_"} {
		if w := get(t, site, path, "de"); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, w.Code)
		}
	}
	h.offices = h.offices[:1]
	if w := get(t, site, "/display/", "de"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/display/office/mitte" {
		t.Errorf("one office: %d to %q", w.Code, w.Header().Get("Location"))
	}
	h.offices = []book.Location{{}} // a town without a list of them
	if w := get(t, site, "/display/office/_", "de"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "<h1>Musterstadt</h1>") {
		t.Errorf("without offices: %d %s", w.Code, w.Body)
	}
}

// TestLanguages: the address goes before the browser, and what neither has is the office's.
func TestLanguages(t *testing.T) {
	site := New(newHall(), "Musterstadt", slog.New(slog.DiscardHandler))
	for _, l := range text.Languages() {
		w := get(t, site, "/display/office/mitte?lang="+string(l), "en")
		if page := w.Body.String(); !strings.Contains(page, `lang="`+l.Tag()+`" dir="`+l.Direction()+`"`) || !strings.Contains(page, l.Text("waiting.none")) {
			t.Errorf("%s: %s", l, page)
		}
	}
	for accepted, want := range map[string]text.Language{"tr-TR,tr;q=0.9": "tr", "xx": "de", "": "de", "xx, pl;q=0.5": "pl"} {
		if w := get(t, site, "/display/office/mitte", accepted); !strings.Contains(w.Body.String(), want.Text("waiting.none")) {
			t.Errorf("a browser of %q does not get %s", accepted, want)
		}
	}
}

// TestManyLookAndTheDatabaseIsAskedOnce in a second.
func TestManyLookAndTheDatabaseIsAskedOnce(t *testing.T) {
	h := newHall()
	b := &boards{queue: h}
	var wait sync.WaitGroup
	begun := time.Now()
	for range 200 {
		wait.Go(func() {
			if _, err := b.of(t.Context(), "mitte"); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if most := 1 + int(time.Since(begun)/fresh); h.asked > most {
		t.Errorf("asked %d times, want at most %d", h.asked, most)
	}
}

// TestAway: a database that is away is no fault of the page, and no reason to keep what was.
func TestAway(t *testing.T) {
	h := newHall()
	h.away = errors.New("no connection")
	w := get(t, New(h, "Musterstadt", slog.New(slog.DiscardHandler)), "/display/office/mitte", "de")
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "Gerade nicht erreichbar") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// events are the boards of the stream.
func events(t *testing.T, address string) <-chan string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if w.StatusCode != http.StatusOK || w.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%d %s", w.StatusCode, w.Header.Get("Content-Type"))
	}
	all := make(chan string, 10)
	go func() {
		defer close(all)
		defer w.Body.Close()
		for lines := bufio.NewScanner(w.Body); lines.Scan(); {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var html string
				json.Unmarshal([]byte(data), &html)
				all <- html
			}
		}
	}()
	return all
}

func TestStream(t *testing.T) {
	h := newHall()
	url := serve(t, h)
	all := events(t, url+"/display/office/mitte/events?lang=en")
	if first := <-all; !strings.Contains(first, "No number is called yet.") {
		t.Errorf("first: %s", first)
	}
	h.shows("mitte", 1, called(417, "Platz 3", 1))
	if next := <-all; !strings.Contains(next, "417") || !strings.Contains(next, "Waiting: 1.") {
		t.Errorf("then: %s", next)
	}
	if r, err := http.Get(url + "/display/office/atlantis/events"); err != nil || r.StatusCode != http.StatusNotFound {
		t.Errorf("of no office: %v, %v", r, err)
	}
}

// TestTooManyStreams: one more than there may be is told to come again.
func TestTooManyStreams(t *testing.T) {
	h := newHall()
	d := &display{boards: &boards{queue: h, streams: make(chan struct{}, 1)}, queue: h}
	d.boards.streams <- struct{}{}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/display/office/mitte/events", nil)
	r.SetPathValue("office", "mitte")
	w := httptest.NewRecorder()
	d.answer(d.stream).ServeHTTP(w, r)
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d, %v", w.Code, w.Header())
	}
}
