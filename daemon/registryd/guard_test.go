// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

func TestStraight(t *testing.T) {
	h := straight(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	for path, want := range map[string]int{
		"/": 418, "/v1/station": 418, "/v1/captures/": 418, "/v1/captures/x": 418,
		"": 404, "*": 404, "v1/station": 404, "//": 404, "//v1": 404, "/v1//station": 404, "/v1/../v1/station": 404, "/.": 404, "/v1/captures/..": 404, "/v1/captures/../": 404,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL = &url.URL{Path: path}
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != want {
			t.Errorf("%q answers %d, want %d", path, w.Code, want)
		}
		if kind := w.Header().Get("Content-Type"); want == 404 && kind != "application/problem+json" {
			t.Errorf("%q is answered by %s", path, kind)
		}
	}
}
