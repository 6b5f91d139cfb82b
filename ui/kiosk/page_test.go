// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"bytes"
	"compress/gzip"
	"html"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/style"
)

// TestPage: the page holds the present screen before any script runs.
func TestPage(t *testing.T) {
	d := newDesk()
	for name, s := range screens() {
		d.stage.set(s)
		w := d.get("/")
		if w.Code != http.StatusOK {
			t.Fatalf("%s: status %d", name, w.Code)
		}
		page := html.UnescapeString(w.Body.String())
		doc := d.screen.document(s, noon)
		for _, want := range []string{doc.Title, doc.Text, doc.Help, doc.Problem, doc.Warning, `value="` + doc.Visit + `"`, `data-stage="` + doc.Stage + `"`, "<noscript>"} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page lacks %q", name, want)
			}
		}
		for _, b := range doc.Buttons {
			if !strings.Contains(page, b.Label) {
				t.Errorf("%s: the page lacks the button %q", name, b.Label)
			}
		}
	}
}

// TestNothingInline: the policy forbids it, so that nothing of it would work.
func TestNothingInline(t *testing.T) {
	page := newDesk().get("/").Body.String()
	for _, pattern := range []string{`\son[a-z]+=`, `\sstyle=`, `<style`, `<script[^>]*>[^<]`, `javascript:`, `(src|href)="(https?:)?//`} {
		if m := regexp.MustCompile(pattern).FindString(page); m != "" {
			t.Errorf("the page holds %q", m)
		}
	}
}

func TestHeaders(t *testing.T) {
	d := newDesk()
	for _, path := range []string{"/", "/nowhere", "/photo/x/0/0"} {
		h := d.get(path).Header()
		if got := h.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control %q, want no-store", path, got)
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "Referrer-Policy": "no-referrer",
			"Permissions-Policy": "camera=()", "X-Content-Type-Options": "nosniff",
		} {
			if got := h.Get(name); !strings.Contains(got, want) {
				t.Errorf("%s: %s %q, want %q in it", path, name, got, want)
			}
		}
	}
	for _, word := range []string{"unsafe", "*", "data:", "http"} {
		if strings.Contains(policy(), word) {
			t.Errorf("the policy allows %q: %s", word, policy())
		}
	}
}

// TestWeight: what a page loads, without fonts, is under 150 kB gzipped.
func TestWeight(t *testing.T) {
	d := newDesk()
	var all bytes.Buffer
	z := gzip.NewWriter(&all)
	page := d.get("/").Body.String()
	io.WriteString(z, page)
	io.WriteString(z, scripts(t))
	for _, m := range regexp.MustCompile(`href="(/assets/[^"]+)"`).FindAllStringSubmatch(page, -1) {
		w := d.get(m[1])
		if w.Code != http.StatusOK {
			t.Errorf("%s: status %d", m[1], w.Code)
		}
		z.Write(w.Body.Bytes())
	}
	z.Close()
	if all.Len() > 150_000 {
		t.Errorf("the page weighs %d bytes, want at most 150000", all.Len())
	}
}

// TestUnstyledSaysSo: a build without KERN shows it.
func TestUnstyledSaysSo(t *testing.T) {
	d := newDesk()
	says := strings.Contains(d.get("/").Body.String(), d.screen.language.Text("kiosk.word.unstyled"))
	if says == style.Built() {
		t.Errorf("the page says that it is unstyled: %v; KERN is built in: %v", says, style.Built())
	}
}

// TestPhoto: a picture is shown to its visit while it chooses, and never else.
func TestPhoto(t *testing.T) {
	d := newDesk()
	s := session.State{Visit: 4, Code: code(), Stage: session.Review, Attempts: 1, Photos: make([]session.Photo, 2)}
	d.stage.set(s)
	address := d.screen.document(s, noon).Photos[1].URL
	w := d.get(address)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/jpeg" || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("status %d, headers %v", w.Code, w.Header())
	}
	if !bytes.Equal(w.Body.Bytes(), d.album.photos[1]) {
		t.Error("another picture than asked for")
	}
	for name, change := range map[string]func(*session.State){
		"next visit": func(s *session.State) { s.Visit++ },
		"retake":     func(s *session.State) { s.Attempts++ },
		"position":   func(s *session.State) { s.Stage = session.Position },
		"done":       func(s *session.State) { s.Stage = session.Done },
	} {
		other := s
		change(&other)
		d.stage.set(other)
		if w := d.get(address); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", name, w.Code)
		}
	}
	d.stage.set(s)
	for _, bad := range []string{"9", "-1", "x"} {
		if w := d.get(strings.TrimSuffix(address, "1") + bad); w.Code != http.StatusNotFound {
			t.Errorf("photo %s: status %d, want 404", bad, w.Code)
		}
	}
}
