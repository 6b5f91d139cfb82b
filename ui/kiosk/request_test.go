// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/daemon/session"
)

// A desk is a kiosk under test with what stands behind it.
type desk struct {
	*kiosk
	handler http.Handler
	stage   *stage
	album   *album
}

func newDesk() desk {
	g, a := newStage(), newAlbum()
	k := newKiosk(g, a, settings())
	return desk{k, protect(k.routes()), g, a}
}

func (d desk) nonce() string {
	s, _ := d.stage.look()
	return d.screen.boot.nonce(s.Visit)
}

// post sends a form as the page's script does.
func (d desk) post(path string, form url.Values, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w
}

func (d desk) get(path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w
}

func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func TestPress(t *testing.T) {
	d := newDesk()
	d.stage.set(session.State{Visit: 4, Stage: session.Review, Photos: make([]session.Photo, 3), Chosen: 2})
	if w := d.post("/press", form("visit", d.nonce(), "button", "keep", "photo", "1")); w.Code != http.StatusNoContent {
		t.Fatalf("status %d %s, want 204", w.Code, w.Body)
	}
	if diff := cmp.Diff(session.Event(session.Pressed{Visit: 4, Button: session.Keep, Photo: 1}), d.stage.last()); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	d.post("/press", form("visit", d.nonce(), "button", "back"))
	d.post("/press", form("visit", d.nonce(), "button", "keep"))
	if got := d.stage.last().(session.Pressed).Photo; got != 1 {
		t.Errorf("without a choice photo %d is kept, want 1, which was shown as chosen", got)
	}
}

// TestKey: a keypad at the display presses what the station's own keys press, and tells
// of headphones; a key that means nothing here is no error.
func TestKey(t *testing.T) {
	d := newDesk()
	d.stage.set(session.State{Visit: 4, Stage: session.Review, Photos: make([]session.Photo, 3), Chosen: 2, Deadline: time.Now().Add(time.Minute)})
	for _, tc := range []struct {
		key  string
		want session.Event
	}{
		{"middle", session.Pressed{Visit: 4, Button: session.Open, Photo: 2}},
		{"left", session.Pressed{Visit: 4, Button: session.Close, Photo: 2}},
		{"plugged", session.Plugged{In: true}},
		{"unplugged", session.Plugged{}},
		{"right", session.Pressed{Visit: 4, Button: session.Keep, Photo: 2}},
	} {
		if w := d.post("/key", form("visit", d.nonce(), "key", tc.key)); w.Code != http.StatusNoContent {
			t.Errorf("%s: status %d %s, want 204", tc.key, w.Code, w.Body)
		}
		if diff := cmp.Diff(tc.want, d.stage.last()); diff != "" {
			t.Errorf("%s: told (-want +got):\n%s", tc.key, diff)
		}
	}
	d.stage.set(session.State{Visit: 5})
	told := len(d.stage.told)
	if w := d.post("/key", form("visit", d.nonce(), "key", "left")); w.Code != http.StatusNoContent || len(d.stage.told) != told {
		t.Errorf("a key without a meaning: status %d, told %d more", w.Code, len(d.stage.told)-told)
	}
}

func TestLanguage(t *testing.T) {
	d := newDesk()
	if w := d.post("/language", form("visit", d.nonce(), "language", "en")); w.Code != http.StatusNoContent {
		t.Fatalf("status %d, want 204", w.Code)
	}
	if diff := cmp.Diff(session.Event(session.Spoke{Language: "en"}), d.stage.last()); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestCode(t *testing.T) {
	d := newDesk()
	if w := d.post("/code", form("visit", d.nonce(), "code", " WRJ-D8T-6V3\t")); w.Code != http.StatusNoContent {
		t.Fatalf("status %d, want 204", w.Code)
	}
	if diff := cmp.Diff([]string{"WRJ-D8T-6V3"}, d.stage.scanned); diff != "" {
		t.Errorf("scanned (-want +got):\n%s", diff)
	}
}

// TestRefusals: what is not taken reaches nobody, and says why.
func TestRefusals(t *testing.T) {
	stale := newBoot().nonce(4)
	for name, tc := range map[string]struct {
		path   string
		form   url.Values
		header []string
		status int
		key    string
	}{
		"page from before a restart": {"/press", form("visit", stale, "button", "agree"), nil, 409, "stale"},
		"a key there is not":         {"/key", form("visit", "", "key", "up"), nil, 400, "button"},
		"a key of another visit":     {"/key", form("visit", stale, "key", "right"), nil, 409, "stale"},
		"no nonce":                   {"/press", form("button", "agree"), nil, 409, "stale"},
		"stale code":                 {"/code", form("visit", stale, "code", "WRJ-D8T-6V3"), nil, 409, "stale"},
		"stale language":             {"/language", form("visit", stale, "language", "en"), nil, 409, "stale"},
		"unknown button":             {"/press", form("visit", "", "button", "open-sesame"), nil, 400, "button"},
		"unknown language":           {"/language", form("visit", "", "language", "tlh"), nil, 400, "language"},
		"empty code":                 {"/code", form("visit", "", "code", " "), nil, 400, "code-empty"},
		"long code":                  {"/code", form("visit", "", "code", strings.Repeat("A", maxCode+1)), nil, 413, "code-long"},
		"endless body":               {"/code", form("visit", "", "code", strings.Repeat("A", 1<<20)), nil, 413, "code-long"},
		"not a form":                 {"/press", nil, []string{"Content-Type", "application/x-www-form-urlencoded; %"}, 400, "fault"},
		"another site":               {"/press", form("visit", "", "button", "cancel"), []string{"Sec-Fetch-Site", "cross-site"}, 403, ""},
		"another origin":             {"/press", form("visit", "", "button", "cancel"), []string{"Origin", "http://evil.example"}, 403, ""},
	} {
		d := newDesk()
		d.stage.set(session.State{Visit: 4, Code: code(), Stage: session.Consent, Manner: session.Manner{Language: "en"}})
		if tc.form.Has("visit") && tc.form.Get("visit") == "" {
			tc.form.Set("visit", d.nonce())
		}
		w := d.post(tc.path, tc.form, tc.header...)
		if w.Code != tc.status {
			t.Errorf("%s: status %d, want %d", name, w.Code, tc.status)
		}
		if d.stage.last() != nil || len(d.stage.scanned) > 0 {
			t.Errorf("%s: the station was told %v %q", name, d.stage.last(), d.stage.scanned)
		}
		if tc.key != "" {
			wantProblem(t, name, w, tc.key, d)
		}
	}
}

// wantProblem reads problem details and compares them with the catalogue.
func wantProblem(t *testing.T, name string, w *httptest.ResponseRecorder, key string, d desk) {
	t.Helper()
	var got struct{ Title, Key string }
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Errorf("%s: %v in %s", name, err, w.Body)
		return
	}
	s, _ := d.stage.look()
	if want := d.screen.speaks(s).Text("kiosk.refusal." + key); got.Title != want || got.Key != key {
		t.Errorf("%s: answers %+v, want %q", name, got, want)
	}
}

// TestStationAway: a station that does not answer is an answer too.
func TestStationAway(t *testing.T) {
	d := newDesk()
	for err, want := range map[error]int{errors.New("gone"): 503, ErrPause: 429} {
		d.stage.fail = err
		if w := d.post("/code", form("visit", d.nonce(), "code", "x")); w.Code != want {
			t.Errorf("%v: status %d, want %d", err, w.Code, want)
		}
	}
	d.stage.fail = errors.New("gone")
	if w := d.post("/press", form("visit", d.nonce(), "button", "cancel")); w.Code != 503 {
		t.Errorf("press: status %d, want 503", w.Code)
	}
}

// TestPlainForm: without script a press loads the page anew, and a refusal is words.
func TestPlainForm(t *testing.T) {
	d := newDesk()
	w := d.post("/press", form("visit", d.nonce(), "button", "cancel"), "Accept", "text/html")
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/" {
		t.Errorf("status %d to %q, want 303 to /", w.Code, w.Header().Get("Location"))
	}
	w = d.post("/press", form("visit", "x", "button", "cancel"), "Accept", "text/html")
	if want := d.screen.language.Text("kiosk.refusal.stale"); w.Code != http.StatusConflict || strings.TrimSpace(w.Body.String()) != want {
		t.Errorf("status %d %q, want 409 %q", w.Code, w.Body, want)
	}
}

// TestNonce: a nonce holds for one visit of one run of the program.
func TestNonce(t *testing.T) {
	a, b := newBoot(), newBoot()
	if !a.holds(a.nonce(7), 7) {
		t.Error("a nonce does not hold for its own visit")
	}
	if a.holds(a.nonce(7), 8) || b.holds(a.nonce(7), 7) || a.holds("", 7) {
		t.Error("a nonce holds for another visit or another run")
	}
}
