// SPDX-License-Identifier: EUPL-1.2

package problem

import (
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/iotest"
)

func TestDecode(t *testing.T) {
	tests := []struct {
		name string
		body io.Reader
		want error
	}{
		{"as expected", strings.NewReader(`{"n":7}`), nil},
		{"with what a newer caller has", strings.NewReader(`{"n":7,"new":[1]}`), nil},
		{"as long as it may be", strings.NewReader(`{"n":7` + strings.Repeat(" ", 33) + `}`), nil},
		{"too long", strings.NewReader(`{"n":7` + strings.Repeat(" ", 35) + `}`), TooLarge},
		{"another type", strings.NewReader(`{"n":"7"}`), Malformed},
		{"no JSON", strings.NewReader(`n=7`), Malformed},
		{"nothing", strings.NewReader(``), Malformed},
		{"cut off", strings.NewReader(`{"n":7`), CutOff},
		{"too slow", io.MultiReader(strings.NewReader(`{"n":`), iotest.ErrReader(os.ErrDeadlineExceeded)), CutOff},
	}
	for _, tt := range tests {
		var got struct{ N int }
		err := Decode(httptest.NewRecorder(), httptest.NewRequest("POST", "/", tt.body), 40, &got)
		if !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) || err == nil && got.N != 7 {
			t.Errorf("%s: %v, %+v; want %v", tt.name, err, got, tt.want)
		}
	}
}

func TestEncode(t *testing.T) {
	w := httptest.NewRecorder()
	Encode(w, 201, map[string]int{"n": 7})
	if w.Code != 201 || w.Body.String() != "{\"n\":7}\n" || w.Header().Get("Content-Type") != "application/json" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v %q", w.Code, w.Header(), w.Body)
	}
}
