// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// tape is a page that only records.
type tape struct {
	mu     sync.Mutex
	header http.Header
	data   strings.Builder
}

func (w *tape) Header() http.Header { return w.header }
func (w *tape) WriteHeader(int)     {}
func (w *tape) Flush()              {}
func (w *tape) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.data.Write(p)
}

// rest returns what was written since the last call.
func (w *tape) rest() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.data.Reset()
	return w.data.String()
}

// TestDisplaysAreCounted: as long as it reads, a page counts as a display.
func TestDisplaysAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var displays atomic.Int64
		handler := New(newStage(), newAlbum(), Settings{Displays: &displays})
		ctx, leave := context.WithCancel(t.Context())
		for range 2 {
			go handler.ServeHTTP(&tape{header: http.Header{}}, httptest.NewRequestWithContext(ctx, "GET", "/state", nil))
		}
		synctest.Wait()
		if got := displays.Load(); got != 2 {
			t.Errorf("two pages read: counted %d", got)
		}
		leave()
		synctest.Wait()
		if got := displays.Load(); got != 0 {
			t.Errorf("all pages left: counted %d", got)
		}
	})
}

// TestStream plays the stream in a bubble: a document at once and at every
// change, a beat each second, an end with the page.
func TestStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		ctx, leave := context.WithCancel(t.Context())
		w := &tape{header: http.Header{}}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			d.handler.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/state", nil))
		}()
		synctest.Wait()
		first := document(t, w.rest())
		if first.Stage != "idle" || w.header.Get("Content-Type") != "text/event-stream" {
			t.Errorf("begins with %q as %q", first.Stage, w.header.Get("Content-Type"))
		}
		time.Sleep(2500 * time.Millisecond)
		if got, want := w.rest(), "event: beat\ndata: 0\n\nevent: beat\ndata: 0\n\n"; got != want {
			t.Errorf("two seconds read %q, want %q", got, want)
		}
		d.stage.set(session.State{Visit: 1, Code: code(), Stage: session.Welcome, Deadline: time.Now().Add(90 * time.Second)})
		synctest.Wait()
		second := document(t, w.rest())
		if second.Stage != "welcome" || second.ID == first.ID || second.Remaining != 90 {
			t.Errorf("then %q with %d s", second.Stage, second.Remaining)
		}
		s, _ := d.stage.look()
		d.stage.set(s)
		synctest.Wait()
		if got := w.rest(); got != "" {
			t.Errorf("an equal state was sent: %q", got)
		}
		time.Sleep(time.Second)
		if got, want := w.rest(), "event: beat\ndata: 90\n\n"; got != want {
			t.Errorf("beat %q, want %q", got, want)
		}
		leave()
		<-ended
	})
}

// TestModeChangesOnTheScreen: an idle station shows the mode that the office has set meanwhile.
func TestModeChangesOnTheScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var extended atomic.Bool
		set := settings()
		set.Mode = func() string {
			if extended.Load() {
				return envelope.ModeExtended
			}
			return envelope.ModeLobby
		}
		k := newKiosk(newDesk().stage, nil, set)
		ctx, leave := context.WithCancel(t.Context())
		w := &tape{header: http.Header{}}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			k.routes().ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/state", nil))
		}()
		synctest.Wait()
		was := document(t, w.rest())
		extended.Store(true)
		time.Sleep(1500 * time.Millisecond)
		is := document(t, w.rest())
		if was.Facts[0].Value == is.Facts[0].Value || was.Words["counter"] == is.Words["counter"] {
			t.Errorf("%v, %q and then %v, %q", was.Facts, was.Words["counter"], is.Facts, is.Words["counter"])
		}
		time.Sleep(time.Second)
		if got := w.rest(); !strings.HasPrefix(got, "event: beat") {
			t.Errorf("afterwards %q, want a beat", got)
		}
		leave()
		<-ended
	})
}

// document reads one event and compares its id with the document's.
func document(t *testing.T, event string) (d Document) {
	t.Helper()
	head, data, ok := strings.Cut(strings.TrimSuffix(event, "\n\n"), "\ndata: ")
	if !ok {
		t.Fatalf("not a document: %q", event)
	}
	if err := json.Unmarshal([]byte(data), &d); err != nil {
		t.Fatal(err)
	}
	if want := "retry: 1000\nid: " + d.ID; head != want {
		t.Errorf("head %q, want %q", head, want)
	}
	return d
}

// TestStreamEndsWithTheStation: or a server could not shut down.
func TestStreamEndsWithTheStation(t *testing.T) {
	k := newKiosk(closed{newStage()}, newAlbum(), settings())
	w := httptest.NewRecorder()
	protect(k.routes()).ServeHTTP(w, httptest.NewRequest("GET", "/state", nil))
	if w.Body.Len() != 0 {
		t.Errorf("a closed station sent %q", w.Body)
	}
	w = httptest.NewRecorder()
	protect(k.routes()).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("page of a closed station: status %d, want 503", w.Code)
	}
}
