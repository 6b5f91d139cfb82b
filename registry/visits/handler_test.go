// SPDX-License-Identifier: EUPL-1.2

package visits

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

func (v *Visits) post(t *testing.T, method, path, body string, let error) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	v.Handler(func(*http.Request) (string, error) { return "left", let }).ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	return w
}

func TestHandler(t *testing.T) {
	good, err := json.Marshal(with(func(r *enrolment.Visit) { r.Day = time.Now().Format(time.DateOnly) }))
	if err != nil {
		t.Fatal(err)
	}
	newer := strings.Replace(string(good), "{", `{"levitation_seconds":4,"group":{"a":[1]},`, 1)
	for name, tc := range map[string]struct {
		method, path, body string
		let                error
		want               int
	}{
		"a record":          {"POST", enrolment.VisitsPath, "[" + string(good) + "]", nil, 200},
		"a newer station's": {"POST", enrolment.VisitsPath, "[" + newer + "]", nil, 200},
		"none":              {"POST", enrolment.VisitsPath, "[]", nil, 200},
		"not let in":        {"POST", enrolment.VisitsPath, "[]", problem.New(403, "revoked", "station is revoked"), 403},
		"no JSON":           {"POST", enrolment.VisitsPath, "visits", nil, 400},
		"no list":           {"POST", enrolment.VisitsPath, string(good), nil, 400},
		"no id":             {"POST", enrolment.VisitsPath, `[{"id":"x"}]`, nil, 400},
		"cut off":           {"POST", enrolment.VisitsPath, "[" + string(good), nil, 408},
		"absurd":            {"POST", enrolment.VisitsPath, "[{}]", nil, 422},
		"too many":          {"POST", enrolment.VisitsPath, "[" + strings.Repeat("{},", enrolment.MaxVisits) + "{}]", nil, 413},
		"too large":         {"POST", enrolment.VisitsPath, `["` + strings.Repeat("x", longestRequest) + `"]`, nil, 413},
		"another method":    {"GET", enrolment.VisitsPath, "", nil, 405},
		"another address":   {"POST", enrolment.VisitsPath + "/x", "[]", nil, 404},
	} {
		v := newVisits(t)
		w := v.post(t, tc.method, tc.path, tc.body, tc.let)
		kind := "application/problem+json"
		if tc.want == 200 {
			kind = "application/json"
		}
		if w.Code != tc.want || w.Header().Get("Content-Type") != kind {
			t.Errorf("%s: got %d %s, want %d %s", name, w.Code, w.Header().Get("Content-Type"), tc.want, kind)
		}
		if n := v.figures(t, time.Now().AddDate(0, 0, -2)).All.Visits; (n == 1) != strings.HasPrefix(name, "a ") {
			t.Errorf("%s: %d visits were taken in", name, n)
		}
	}
}

func TestBrokenStoreTellsNothing(t *testing.T) {
	v := newVisits(t)
	v.store.Close()
	w := v.post(t, "POST", enrolment.VisitsPath, "[]", nil)
	if w.Code != 500 || strings.Contains(w.Body.String(), "sql") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}
