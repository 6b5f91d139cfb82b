// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/daemon/session"
)

// FuzzPost sends anything as the body of a press, with the nonce of the visit
// before it and without: the station hears only of buttons that there are.
func FuzzPost(f *testing.F) {
	paths := []string{"/press", "/key", "/code", "/language"}
	f.Add(uint8(0), true, "application/x-www-form-urlencoded", "button=keep&photo=1")
	f.Add(uint8(1), true, "application/x-www-form-urlencoded", "key=middle")
	f.Add(uint8(2), true, "application/x-www-form-urlencoded", "code=FB1%3AXYZ")
	f.Add(uint8(3), false, "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"language\"\r\n\r\nen\r\n--x--")
	f.Fuzz(func(t *testing.T, path uint8, known bool, media, body string) {
		d := newDesk()
		d.stage.set(session.State{Visit: 4, Stage: session.Review, Photos: make([]session.Photo, 3), Chosen: 2})
		if known {
			body = "visit=" + url.QueryEscape(d.nonce()) + "&" + body
		}
		r := httptest.NewRequest("POST", paths[int(path)%len(paths)], strings.NewReader(body))
		r.Header.Set("Content-Type", media)
		w := httptest.NewRecorder()
		d.handler.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Fatalf("%s answers %d", r.URL, w.Code)
		}
		if !known && (len(d.stage.told) > 0 || len(d.stage.scanned) > 0) {
			t.Errorf("%s without a nonce is told: %v %q", r.URL, d.stage.told, d.stage.scanned)
		}
		for _, code := range d.stage.scanned {
			if code == "" || len(code) > maxCode {
				t.Errorf("code %q", code)
			}
		}
	})
}

// FuzzAddress asks for pictures at any address.
func FuzzAddress(f *testing.F) {
	f.Add("photo/x/1/0")
	f.Add("assets/../kiosk.go")
	f.Add("preview/%00")
	f.Fuzz(func(t *testing.T, path string) {
		u, err := url.ParseRequestURI("/" + path)
		if err != nil || u.Path == "/state" || strings.Contains(path, "\x00") {
			return
		}
		d := newDesk()
		r := httptest.NewRequest("GET", "/", nil)
		r.URL = u
		w := httptest.NewRecorder()
		d.handler.ServeHTTP(w, r)
		if w.Code >= 500 || w.Code == http.StatusOK && strings.HasPrefix(u.Path, "/photo/") {
			t.Errorf("%q answers %d", u.Path, w.Code)
		}
	})
}
