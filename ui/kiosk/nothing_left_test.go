// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/daemon/session"
)

// A secret is what a visit brings that no display may keep.
type secret struct {
	canary string // in every picture
	code   string // typed or scanned
}

func newSecret() secret { return secret{rand.Text() + rand.Text(), rand.Text()[:12]} }

// mark puts the canary into a picture, as a comment that nobody sees (ITU-T T.81, B.2.4.5).
func (s secret) mark(picture []byte) []byte {
	head := []byte{0xff, 0xd8, 0xff, 0xfe, 0, byte(2 + len(s.canary))}
	return bytes.Join([][]byte{head, []byte(s.canary), picture[2:]}, nil)
}

func (s secret) album() *album {
	a := newAlbum()
	marked := &album{stop: a.stop}
	for _, f := range a.frames {
		marked.frames = append(marked.frames, s.mark(f))
	}
	for _, p := range a.photos {
		marked.photos = append(marked.photos, s.mark(p))
	}
	return marked
}

// search lists the files below a folder that hold the secret, in bytes or as UTF-16.
func (s secret) search(t *testing.T, dir string) (found []string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a running browser tidies up
		}
		files++
		for _, word := range []string{s.canary, s.code} {
			if bytes.Contains(data, []byte(word)) || bytes.Contains(data, wide(word)) {
				found = append(found, fmt.Sprintf("%s in %s", word, name))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 10 {
		t.Errorf("%d files in %s: this is no profile", files, dir)
	}
	return found
}

// wide is a word as Chromium keeps text that is not Latin-1, little-endian.
func wide(word string) (out []byte) {
	for _, u := range utf16.Encode([]rune(word)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

// A booth is a station that can be restarted at its address.
type booth struct {
	visit
	secret
	server  *http.Server
	address string
}

func newBooth(t *testing.T, profile string, wrap func(http.Handler) http.Handler) *booth {
	t.Helper()
	b := &booth{visit: visit{browser: open(t, chromedp.Flag("user-data-dir", profile)), l: "de"}, secret: newSecret(), address: "localhost:0"}
	b.begin(wrap)
	t.Cleanup(func() { b.server.Close() })
	b.size(1080, 1920)
	b.do(chromedp.Navigate("http://" + b.address))
	return b
}

// begin starts the station, again at the address that it had.
func (b *booth) begin(wrap func(http.Handler) http.Handler) {
	b.t.Helper()
	l, err := net.Listen("tcp", b.address)
	if err != nil {
		b.t.Fatal(err)
	}
	b.g, b.address = newStage(), strings.Replace(l.Addr().String(), "127.0.0.1", "localhost", 1)
	b.server = &http.Server{Handler: wrap(New(b.g, b.album(), settings()))}
	go b.server.Serve(l)
}

// toReview brings a visit to its photos: the code is typed, or comes from a scanner.
func (b *booth) toReview(typed bool) {
	b.t.Helper()
	b.stands("idle")
	b.until(`document.getElementById("lost").hidden && document.querySelector("#keys button")`)
	if typed {
		b.do(chromedp.SendKeys("#typed", b.code+"\r"))
	} else {
		b.scan(b.code)
	}
	b.stands("welcome")
	b.press("start")
	b.stands("position")
	b.until(`document.getElementById("mirror").classList.contains("live")`)
	b.until(canvas + " > 0")
	b.press("release")
	b.stands("capture")
	s, _ := b.g.look()
	b.tell(session.Shot{Visit: s.Visit, Attempt: s.Attempts, Photos: []session.Photo{{Accepted: true}, {Accepted: true}}})
	b.stands("review")
	b.pictures(2)
	if n := len(b.g.scanned); n == 0 || b.g.scanned[n-1] != b.code {
		b.t.Errorf("scanned %q, want the code: this proves nothing", b.g.scanned)
	}
}

// An ending is one way in which a visit may end.
type ending struct {
	name  string
	typed bool // the code, or else it is scanned
	end   func()
}

func (b *booth) endings() []ending {
	return []ending{
		{"done", true, func() {
			b.press("keep")
			b.stands("consent")
			b.press("agree")
			b.visit.end()
		}},
		{"cancelled", false, func() { b.press("cancel") }},
		{"walked away", true, func() {
			s, _ := b.g.look()
			s.Deadline = time.Now()
			b.g.set(s)
			b.tell(session.Tick{})
		}},
		{"station restarted", false, func() {
			b.server.Close()
			b.reads("de", "kiosk.word.lost")
			b.begin(unwrapped)
			b.until(`document.getElementById("lost").hidden`)
		}},
	}
}

// redone is what the field holds when somebody undoes and redoes what was typed.
const redone = `(() => {
	const field = document.getElementById("typed");
	field.focus();
	for (const command of ["undo", "redo", "redo"]) document.execCommand(command);
	field.blur();
	return field.value;
})()`

func unwrapped(h http.Handler) http.Handler { return h }

// TestNothingLeft: however a visit ends, its code and its pictures are neither in
// the page's memory afterwards nor in any file of the browser.
func TestNothingLeft(t *testing.T) {
	t.Parallel()
	profile := t.TempDir()
	b := newBooth(t, profile, unwrapped)
	for _, e := range b.endings() {
		b.toReview(e.typed)
		if len(b.remembers()) == 0 {
			t.Errorf("%s: the page knows nothing of its photos: this proves nothing", e.name)
		}
		e.end()
		b.stands("idle")
		for _, word := range b.remembers() {
			t.Errorf("%s: the page's memory holds %q", e.name, word)
		}
		b.clean()
		if again := ask[string](b.browser, redone); again != "" {
			t.Errorf("%s: the field brings back %q", e.name, again)
		}
	}
	time.Sleep(3 * time.Second) // Chromium writes its session and its storage after a while
	for _, found := range b.search(t, profile) {
		t.Errorf("the browser runs: %s", found)
	}
	if err := chromedp.Cancel(b.ctx); err != nil {
		t.Fatal(err)
	}
	for _, found := range b.search(t, profile) {
		t.Errorf("the browser is closed: %s", found)
	}
}

// TestLeftIsFound: the search finds a code in the page's storage and memory, and
// a photo in the browser's cache.
func TestLeftIsFound(t *testing.T) {
	t.Parallel()
	profile := t.TempDir()
	b := newBooth(t, profile, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h.ServeHTTP(cached{w}, r)
		})
	})
	b.toReview(true)
	b.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`localStorage.setItem("kept", globalThis.kept = %q)`, b.code)))
	if got := strings.Join(b.remembers(), " "); !strings.Contains(got, b.code) || !strings.Contains(got, "/photo/") {
		t.Errorf("in the page's memory are %q, want the code and the photos", got)
	}
	if err := chromedp.Cancel(b.ctx); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(b.search(t, profile), "\n")
	for _, want := range []string{b.code, b.canary} {
		if !strings.Contains(got, want+" in ") {
			t.Errorf("%s is not found in the profile; found:\n%s", want, got)
		}
	}
}

// cached is an answer that a browser may keep.
type cached struct{ http.ResponseWriter }

func (w cached) WriteHeader(status int) {
	w.Header().Set("Cache-Control", "max-age=3600")
	w.ResponseWriter.WriteHeader(status)
}

func (w cached) Write(p []byte) (int, error) {
	w.Header().Set("Cache-Control", "max-age=3600")
	return w.ResponseWriter.Write(p)
}

func (w cached) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// remembers lists the strings in the page's memory that name a photo or hold the code.
func (b *booth) remembers() (found []string) {
	b.t.Helper()
	for _, word := range b.heap() {
		if strings.Contains(word, b.code) || strings.Contains(word, "/photo/") {
			found = append(found, word[:min(len(word), 200)])
		}
	}
	return found
}
