// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSettingsOnThePage: settings that the station would start with are stored, and it
// starts again; others are refused with the reason, and nothing changes.
func TestSettingsOnThePage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "station.toml")
	const before = "state = \"x\"\ncamera = \"sitter\"\nmaintenance = \"127.0.0.1:8081\"\n"
	write(t, file, []byte(before))
	again := 0
	h := entrance(Settings{State: "x", Zone: "Europe/Berlin", file: file}, slog.New(slog.DiscardHandler), func() { again++ })
	if page := sent(h, "GET", "/", nil).Body.String(); !strings.Contains(page, "camera = &#34;sitter&#34;") {
		t.Errorf("the page does not show the settings:\n%s", page)
	}
	for _, tc := range []struct {
		name, text, want string
		status           int
	}{
		{"unknown key", before + "lamp = 3\n", "line 4: unknown key", http.StatusUnprocessableEntity},
		{"nothing", "", "&#34;state&#34; is missing", http.StatusUnprocessableEntity},
		{"no page", strings.Replace(before, "maintenance", "# maintenance", 1), "this page would be gone", http.StatusUnprocessableEntity},
		{"other state", strings.Replace(before, `"x"`, `"y"`, 1), "state cannot be changed here", http.StatusUnprocessableEntity},
		{"too long", before + strings.Repeat("# more\n", 1<<15), "too long", http.StatusRequestEntityTooLarge},
	} {
		w := pressed(h, "/settings", url.Values{"settings": {tc.text}})
		got, err := os.ReadFile(file)
		if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.want) || err != nil || string(got) != before || again != 0 {
			t.Errorf("%s: got %d, file %q (%v), started again %d times; want %d with %q:\n%s", tc.name, w.Code, got, err, again, tc.status, tc.want, w.Body)
		}
	}
	if w := pressed(h, "/settings", url.Values{"settings": {before + "lamp = 3\n"}}); !strings.Contains(w.Body.String(), "lamp = 3") || !strings.Contains(w.Body.String(), "<details open>") {
		t.Errorf("what was typed is lost:\n%s", w.Body)
	}
	after := before + "[sensor]\nrotation = 90\n"
	w := pressed(h, "/settings", url.Values{"settings": {strings.ReplaceAll(after, "\n", "\r\n")}}) // as browsers send it
	if got, err := os.ReadFile(file); w.Code != http.StatusOK || err != nil || string(got) != after || again != 1 {
		t.Errorf("stored: got %d, file %q (%v), started again %d times", w.Code, got, err, again)
	}
}

// TestStartsAgain: the program ends when its settings were changed, with an error, so
// that whoever started it starts it again.
func TestStartsAgain(t *testing.T) {
	st := opened(t, newTown(t), "sitter")
	st.settings.Listen, st.settings.Maintenance = "127.0.0.1:0", "127.0.0.1:0"
	ended := make(chan error)
	go func() { ended <- st.run(t.Context()) }()
	nudge(st.again)
	if err := <-ended; !errors.Is(err, errAgain) {
		t.Errorf("got %v, want %v", err, errAgain)
	}
}
