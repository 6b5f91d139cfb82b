// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"image"
	"image/color"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/daemon/session"
)

// at is the maintenance page of a station whose camera runs.
func at(t *testing.T, camera string) (*station, http.Handler) {
	t.Helper()
	st := opened(t, newTown(t), camera)
	ended := make(chan error)
	ctx := t.Context() // ends before the cleanups
	go func() { ended <- st.camera.Run(ctx) }()
	t.Cleanup(func() { <-ended })
	return st, st.workbench()
}

func pressed(h http.Handler, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// came is what came of the last thing done, by part.
func came(t *testing.T, h http.Handler) map[string]result {
	t.Helper()
	var o outcome
	if err := json.Unmarshal(sent(h, "GET", "/results.json", nil).Body.Bytes(), &o); err != nil {
		t.Fatal(err)
	}
	all := map[string]result{}
	for _, r := range o.Results {
		all[r.Part] = r
	}
	return all
}

// TestSelftestOnThePage: the running station tests itself with its own camera and
// its own line to the office, and the page says what came of it and when.
func TestSelftestOnThePage(t *testing.T) {
	wall := newPlace(t, "show wall.png 1h\n", map[string]image.Image{"wall.png": backdropWith(color.NRGBA{})})
	st, h := at(t, "folder:"+wall.photos)
	if page := sent(h, "GET", "/", nil).Body.String(); !strings.Contains(page, "Nothing has been done since") {
		t.Errorf("before: %s", page)
	}
	if w := pressed(h, "/selftest", nil); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/" {
		t.Fatalf("got %d %s", w.Code, w.Body)
	}
	got := came(t, h)
	for _, p := range parts() {
		if r, ok := got[p.name]; !ok || !r.OK {
			t.Errorf("%s: got %+v, want it to work", p.name, r)
		}
	}
	page := sent(h, "GET", "/", nil).Body.String()
	for _, want := range []string{"Everything works.", "station 00112233", time.Now().In(time.UTC).Format("2006"), "photo folder "} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q:\n%s", want, page)
		}
	}
	st.box.Close()
	if err := os.RemoveAll(st.settings.State); err != nil {
		t.Fatal(err)
	}
	pressed(h, "/selftest", nil)
	if page := sent(h, "GET", "/", nil).Body.String(); !strings.Contains(page, "Not everything works.") || !strings.Contains(page, `<tr class="failed"><th scope="row">state directory`) {
		t.Errorf("without a state directory:\n%s", page)
	}
}

// TestCalibrationOnThePage: a scene that is stored there is judged by at once, and
// one with somebody in it is refused.
func TestCalibrationOnThePage(t *testing.T) {
	p := newPlace(t, "show wall.png 1h\n", map[string]image.Image{"wall.png": backdropWith(color.NRGBA{})})
	st, h := at(t, "folder:"+p.photos)
	if pressed(h, "/grey", nil); came(t, h)["calibration"].OK {
		t.Error("a grey card without an empty scene: got ok")
	}
	pressed(h, "/scene", nil)
	if got := came(t, h)["calibration"]; !got.OK || !strings.Contains(got.Words, "the empty scene is stored") {
		t.Errorf("empty scene: got %+v", got)
	}
	if st.backdrop.Empty() == nil {
		t.Error("the scene is not used")
	}
	if pressed(h, "/grey", nil); came(t, h)["calibration"].OK {
		t.Error("a wall without a card: got ok")
	}
	if underRace {
		return
	}
	_, h = at(t, "sitter")
	if pressed(h, "/scene", nil); came(t, h)["calibration"].Words != errFaceInScene.Error() {
		t.Errorf("somebody is there: got %+v", came(t, h))
	}
	form := url.Values{"distance": {"850"}, "height": {"0"}, "travel": {"0"}, "bar": {"100"}}
	if pressed(h, "/chart", form); !strings.Contains(came(t, h)["chart"].Words, "the chart is not seen") {
		t.Errorf("nobody holds the chart: got %+v", came(t, h))
	}
	form.Set("bar", "long")
	if pressed(h, "/chart", form); !strings.Contains(came(t, h)["chart"].Words, `bar: "long" is no number`) {
		t.Errorf("a bar that is no number: got %+v", came(t, h))
	}
}

// TestOneAtATime: while one test runs another one waits for nobody, and no citizen is disturbed.
func TestOneAtATime(t *testing.T) {
	b := newWorkbench(Settings{Zone: "Europe/Berlin"}, slog.New(slog.DiscardHandler), func() {})
	mux := http.NewServeMux()
	mux.Handle("POST /enrol", b.does("enrolment", b.enrols))
	h := b.routes(mux)
	b.turn <- struct{}{}
	if w := pressed(h, "/enrol", nil); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), errBusy.Error()) {
		t.Errorf("busy: got %d %s", w.Code, w.Body)
	}
	for stage := session.Idle; stage <= session.OutOfOrder; stage++ {
		if want := stage == session.Idle || stage == session.Done || stage == session.OutOfOrder; idle(stage) != want {
			t.Errorf("%v: idle = %v, want %v", stage, idle(stage), want)
		}
	}
}

// TestEnrolmentOnThePage: before the station there is nothing but that, and it works.
func TestEnrolmentOnThePage(t *testing.T) {
	o := newTown(t)
	s := Settings{State: filepath.Join(t.TempDir(), "state"), Zone: "Europe/Berlin"}
	h := entrance(s, slog.New(slog.DiscardHandler), func() {})
	if page := sent(h, "GET", "/", nil).Body.String(); !strings.Contains(page, "Enrol this station") || strings.Contains(page, "/selftest") {
		t.Errorf("before: %s", page)
	}
	if w := sent(h, "POST", "/selftest", nil); w.Code != http.StatusMethodNotAllowed && w.Code != http.StatusNotFound {
		t.Errorf("self-test of nothing: got %d", w.Code)
	}
	pressed(h, "/enrol", url.Values{"code": {"FBE1:nonsense"}})
	if page := sent(h, "GET", "/", nil).Body.String(); !strings.Contains(page, "copy the whole code") || !s.isFresh() {
		t.Errorf("nonsense: %s", page)
	}
	pressed(h, "/enrol", url.Values{"code": {o.invite().String()}, "name": {"Eingang"}})
	if page := sent(h, "GET", "/", nil).Body.String(); !strings.Contains(page, "enrolled at Bürgeramt as 00112233") || s.isFresh() {
		t.Errorf("enrolled: %s", page)
	}
}

// TestPassword: with a password set nothing is seen or done without it, not even the conformance interface.
func TestPassword(t *testing.T) {
	st := opened(t, newTown(t), "sitter")
	st.settings.MaintenancePassword = "correct horse"
	h := st.workbench()
	ask := func(method, path, password string) int {
		r := httptest.NewRequest(method, path, nil)
		if password != "" {
			r.SetBasicAuth("anybody", password)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	for _, tc := range []struct{ method, path string }{
		{"GET", "/"}, {"POST", "/selftest"}, {"GET", "/results.json"}, {"GET", "/chart.svg"}, {"GET", qualityTest}, {"GET", "/kern/kern.min.css"},
	} {
		if got := ask(tc.method, tc.path, ""); got != http.StatusUnauthorized {
			t.Errorf("%s %s without a password: got %d", tc.method, tc.path, got)
		}
	}
	began := time.Now()
	if got := ask("GET", "/", "wrong horse"); got != http.StatusUnauthorized || time.Since(began) < wrongPause {
		t.Errorf("wrong password: got %d after %v", got, time.Since(began))
	}
	for _, path := range []string{"/", "/chart.svg", "/maintenance.css", qualityTest} {
		if got := ask("GET", path, "correct horse"); got != http.StatusOK {
			t.Errorf("GET %s with the password: got %d", path, got)
		}
	}
}

// TestPasswordFile: the appliance keeps one password for its own page and for this
// one; without it the page is closed, not open.
func TestPasswordFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	s := Settings{State: t.TempDir(), Zone: "Europe/Berlin", Maintenance: ":8081", MaintenancePassword: "file:" + file}
	if err := s.checkMaintenance(); err != nil {
		t.Error(err)
	}
	ask := func(password string) int {
		r := httptest.NewRequest("GET", "/", nil)
		r.SetBasicAuth("gokrazy", password)
		w := httptest.NewRecorder()
		entrance(s, slog.New(slog.DiscardHandler), func() {}).ServeHTTP(w, r)
		return w.Code
	}
	if got := ask(""); got != http.StatusServiceUnavailable {
		t.Errorf("no file: got %d, want 503", got)
	}
	write(t, file, []byte("short\n"))
	if got := ask("short"); got != http.StatusServiceUnavailable {
		t.Errorf("a short password: got %d, want 503", got)
	}
	write(t, file, []byte("correct horse\n"))
	if got, bad := ask("correct horse"), ask(""); got != http.StatusOK || bad != http.StatusUnauthorized {
		t.Errorf("with the password: got %d, without %d", got, bad)
	}
}

// TestOtherSites: a page of another site cannot press the buttons.
func TestOtherSites(t *testing.T) {
	b := entrance(Settings{State: t.TempDir(), Zone: "Europe/Berlin"}, slog.New(slog.DiscardHandler), func() {})
	r := httptest.NewRequest("POST", "/enrol", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("got %d, want 403", w.Code)
	}
}
