// SPDX-License-Identifier: EUPL-1.2

package voice

import (
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/fotobox-project/fotobox/ui/text"
)

// TestNames: a sentence has one name, of letters that every address may hold,
// and no two share one, not even the same words in two languages.
func TestNames(t *testing.T) {
	shape := regexp.MustCompile(`^[0-9a-f]{24}\.opus$`)
	taken := map[string]string{}
	for _, l := range text.Languages() {
		for sentence := range Sentences(l) {
			name, what := Name(l, sentence), string(l)+": "+sentence
			if !shape.MatchString(name) {
				t.Errorf("%s is called %q, want %v", what, name, shape)
			}
			if other, ok := taken[name]; ok {
				t.Errorf("%s is called %q, as is %s", what, name, other)
			}
			taken[name] = what
		}
	}
	if got, want := Name("", "Weiter"), Name("de", "Weiter"); got != want {
		t.Errorf("without a language %q, want German's %q", got, want)
	}
}

func TestSentences(t *testing.T) {
	for _, l := range text.Languages() {
		all := slices.Collect(Sentences(l))
		if !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) {
			t.Errorf("%s: the sentences are not in order, or one comes twice", l)
		}
		for _, sentence := range all {
			if strings.ContainsAny(sentence, "%{") {
				t.Errorf("%s: %q is not spoken as it stands", l, sentence)
			}
		}
		want := []string{"0", "59"}
		for _, key := range []string{"kiosk.idle.title", "button.agree", "advice.pitch.high", "hint.up", "problem.full", "date.weekday.0", "date.month.12"} {
			want = append(want, l.Text(key))
		}
		for _, sentence := range want {
			if !slices.Contains(all, sentence) {
				t.Errorf("%s: %q is missing", l, sentence)
			}
		}
		for _, sentence := range []string{"60", l.Text("verdict.accept"), l.Text("kiosk.progress"), l.Text("kiosk.word.seconds")} {
			if slices.Contains(all, sentence) {
				t.Errorf("%s: %q is among them", l, sentence)
			}
		}
	}
}

// folder has the clip of one sentence, and what stands beside the clips.
func folder() fstest.MapFS {
	return fstest.MapFS{
		"clips/README.md":              {Data: []byte("read me")},
		"clips/made":                   {Data: []byte("by")},
		"clips/" + Name("en", "Go on"): {Data: []byte("OggS")},
	}
}

func TestClip(t *testing.T) {
	if name, ok := clip(folder(), "en", "Go on"); name != Name("en", "Go on") || !ok {
		t.Errorf("got %q, %v, want the clip that is there", name, ok)
	}
	for _, tc := range []struct {
		l        text.Language
		sentence string
	}{{"de", "Go on"}, {"en", "Go on."}, {"en", ""}} {
		if name, ok := clip(folder(), tc.l, tc.sentence); name != "" || ok {
			t.Errorf("%s, %q: got %q, %v, want none", tc.l, tc.sentence, name, ok)
		}
	}
}

func TestHandler(t *testing.T) {
	for _, tc := range []struct {
		path, kind string
		code       int
	}{
		{"/" + Name("en", "Go on"), "audio/ogg", 200},
		{"/" + Name("en", "Go back"), "text/plain; charset=utf-8", 404},
		{"/made", "text/plain; charset=utf-8", 404},
		{"/README.md", "text/plain; charset=utf-8", 404},
		{"/", "text/plain; charset=utf-8", 404},
	} {
		answer := httptest.NewRecorder()
		handler(folder()).ServeHTTP(answer, httptest.NewRequest("GET", tc.path, nil))
		if got := answer.Header().Get("Content-Type"); answer.Code != tc.code || got != tc.kind {
			t.Errorf("%s: got %d %s, want %d %s", tc.path, answer.Code, got, tc.code, tc.kind)
		}
		if got := answer.Header().Get("Cache-Control"); (got == "public, max-age=3600") != (tc.code == 200) {
			t.Errorf("%s: %d may be kept %q", tc.path, answer.Code, got)
		}
	}
}

// TestBuilt: the program's own clips are found and served, when it has any.
func TestBuilt(t *testing.T) {
	found := 0
	for _, l := range text.Languages() {
		for sentence := range Sentences(l) {
			name, ok := Clip(l, sentence)
			if !ok {
				continue
			}
			found++
			answer := httptest.NewRecorder()
			Handler().ServeHTTP(answer, httptest.NewRequest("GET", "/"+name, nil))
			if body := answer.Body.String(); answer.Code != 200 || !strings.HasPrefix(body, "OggS") {
				t.Fatalf("%s, %q: %d and no Ogg", l, sentence, answer.Code)
			}
		}
	}
	if (found > 0) != Built() {
		t.Errorf("Built() = %v with %d clips", Built(), found)
	}
}
