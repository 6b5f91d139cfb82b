// SPDX-License-Identifier: EUPL-1.2

package style

import (
	"io/fs"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"
)

func TestBuiltAgreesWithSheets(t *testing.T) {
	if got := len(Sheets()) > 0; got != Built() {
		t.Errorf("Sheets() has entries: %v, Built() = %v", got, Built())
	}
}

// TestSheetsResolve follows every relative address in the sheets.
func TestSheetsResolve(t *testing.T) {
	if !Built() {
		t.Skip("make assets has not been run")
	}
	address := regexp.MustCompile(`url\(["']?([^"')]+)`)
	for _, sheet := range Sheets() {
		answer := httptest.NewRecorder()
		Handler().ServeHTTP(answer, httptest.NewRequest("GET", "/"+sheet, nil))
		if answer.Code != 200 || !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/css") {
			t.Errorf("%s: %d %s", sheet, answer.Code, answer.Header().Get("Content-Type"))
		}
		for _, m := range address.FindAllStringSubmatch(answer.Body.String(), -1) {
			if strings.HasPrefix(m[1], "data:") {
				continue
			}
			name := path.Join("kern", path.Dir(sheet), m[1])
			if _, err := fs.Stat(files, name); err != nil {
				t.Errorf("%s names %s: %v", sheet, m[1], err)
			}
		}
	}
}

// TestOnlyKern: of what npm brings, nothing else is part of a program; axe-core for one is not ours to give away.
func TestOnlyKern(t *testing.T) {
	entries, err := fs.Glob(files, "*/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range entries {
		switch name {
		case "kern/README.md", "kern/LICENSE.md", "kern/fonts", "kern/kern.min.css":
		default:
			t.Errorf("%s is part of the programs", name)
		}
	}
}
