// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// A hand counts what a clerk does with it.
type hand struct {
	t       *testing.T
	ctx     context.Context
	actions int
}

// alt presses Alt and a letter, as one action.
func (h *hand) alt(letter string) {
	h.t.Helper()
	h.actions++
	do(h.t, h.ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, kind := range []string{"rawKeyDown", "char", "keyUp"} {
			press := map[string]any{"type": kind, "modifiers": 1, "key": letter, "code": "Key" + strings.ToUpper(letter),
				"windowsVirtualKeyCode": strings.ToUpper(letter)[0], "unmodifiedText": letter, "text": letter}
			if err := target.Call(ctx, "Input.dispatchKeyEvent", press, nil); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (h *hand) click(selector string) {
	h.t.Helper()
	h.actions++
	do(h.t, h.ctx, chromedp.Click(selector))
}

// minute is a clerk's: from the list with the next citizen on top to the photo
// taken over. It says how long the capture took to open, in the browser.
func (h *hand) minute(id uuid.UUID, with func(h *hand)) (opened time.Duration) {
	h.t.Helper()
	do(h.t, h.ctx, chromedp.WaitVisible(`#next[href="/captures/`+id.String()+`"]`))
	h.actions = 0
	from := time.Now()
	h.alt("n")
	do(h.t, h.ctx, chromedp.WaitVisible("#take-over"), chromedp.WaitVisible("#shot-1 img"))
	opened = time.Since(from)
	with(h)
	do(h.t, h.ctx, chromedp.WaitVisible("#done"), chromedp.WaitVisible("#download"))
	if h.actions > 3 {
		h.t.Errorf("%d actions, want at most 3", h.actions)
	}
	return opened
}

// accept takes the preselected photo, which the check accepted.
func accept(h *hand) { h.alt("u") }

// overrule gives a reason for the preselected photo, which the check did not accept.
func overrule(h *hand) {
	h.click("#ok-obvious")
	h.alt("u")
}

// TestClerksMinute needs two actions for a photo that the check accepted, and three for another.
func TestClerksMinute(t *testing.T) {
	ctx, o := browser(t), newOffice(t)
	h := &hand{t: t, ctx: ctx}
	good, bad := o.books(t, 0, "Käthe Groß"), o.books(t, 15, "Björn Müller")
	first := o.delivers(t, good.ID, waitingReports())
	d := waitingReports()
	d.reports = d.reports[:1]
	second := o.delivers(t, bad.ID, d)
	o.enter(t, ctx)
	h.minute(first, accept)
	if h.actions != 2 {
		t.Errorf("%d actions, want 2", h.actions)
	}
	do(t, ctx, chromedp.Click(".bar__home"))
	h.minute(second, overrule)
	if i := o.item(t, first); i.State != inbox.Taken || i.Photo != 1 || i.Veto != inbox.NoVeto {
		t.Errorf("item %+v", i)
	}
	if i := o.item(t, second); i.State != inbox.Taken || i.Veto != inbox.OKObvious {
		t.Errorf("item %+v", i)
	}
}

// TestClerksMinuteUnderLoad has the clerk at work while 20 stations deliver
// captures of 2 MB without a pause.
func TestClerksMinuteUnderLoad(t *testing.T) {
	ctx, o := browserFor(t, 3*time.Minute), newOffice(t)
	o.enter(t, ctx)
	h := &hand{t: t, ctx: ctx}
	load := o.load(t, 20)
	load.waits(t, 20)
	for range 3 {
		a := o.books(t, 0, "Käthe Groß")
		id := o.delivers(t, a.ID, waitingReports())
		do(t, ctx, chromedp.Click(".bar__home"))
		t.Logf("%d captures delivered; the next one opened within %s", load.delivered.Load(), h.minute(id, accept))
		if i := o.item(t, id); i.State != inbox.Taken {
			t.Errorf("item %+v", i)
		}
	}
	before := load.delivered.Load()
	load.waits(t, before+20) // it went on all the time
}

// A load is stations that deliver until the test ends.
type load struct{ delivered atomic.Int64 }

// load starts the stations, each with citizens of its own who come tomorrow.
func (o *office) load(t *testing.T, stations int) *load {
	t.Helper()
	server := httptest.NewServer(o.inbox.Handler(func(r *http.Request) (string, error) { return "0123456789abcdef", nil }))
	sealed := o.sealed(t, 2<<20)
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	l := &load{}
	for range stations {
		a, err := o.book.Add(ctx, book.Appointment{Name: book.NameOf("N. N."), Start: noon(time.Now()).AddDate(0, 0, 1), Length: 15 * time.Minute, Persons: 1, PhotoWanted: true})
		if err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			for ctx.Err() == nil {
				if err := deliver(ctx, server, a, sealed); err == nil {
					l.delivered.Add(1)
				} else if !errors.Is(err, errLater) && ctx.Err() == nil {
					t.Error(err)
					return
				}
			}
		})
	}
	t.Cleanup(func() {
		stop()
		all.Wait()
		server.Close()
	})
	return l
}

func (l *load) waits(t *testing.T, n int64) {
	t.Helper()
	for end := time.Now().Add(time.Minute); l.delivered.Load() < n; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) || t.Failed() {
			t.Fatalf("%d captures delivered, want %d", l.delivered.Load(), n)
		}
	}
}

// errLater is the office's answer to too many deliveries at once.
var errLater = errors.New("office asks to come later")

// deliver sends one capture as a station does.
func deliver(ctx context.Context, server *httptest.Server, a book.Appointment, sealed []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPut, server.URL+"/v1/captures/"+uuid.Must(uuid.NewV7()).String(), bytes.NewReader(sealed))
	if err != nil {
		return err
	}
	for key, value := range map[string]string{
		"Content-Type": "application/age", "If-None-Match": "*", "Fotobox-Appointment": a.ID.String(),
		"Content-Digest": envelope.Digest(sha256.Sum256(sealed)),
	} {
		r.Header.Set(key, value)
	}
	w, err := server.Client().Do(r)
	if err != nil {
		return err
	}
	w.Body.Close()
	switch w.StatusCode {
	case http.StatusCreated:
		return nil
	case http.StatusServiceUnavailable:
		time.Sleep(50 * time.Millisecond)
		return errLater
	}
	return errors.New(w.Status)
}

// sealed is an age file of so many bytes; nobody opens these.
func (o *office) sealed(t *testing.T, size int) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := age.Encrypt(&out, o.identity.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	noise := make([]byte, size)
	rand.Read(noise)
	if _, err := w.Write(noise); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
