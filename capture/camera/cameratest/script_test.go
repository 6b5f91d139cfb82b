// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"strings"
	"testing"
	"time"
)

func TestParseScript(t *testing.T) {
	text := "# a visit\n\nshow b.jpg 5s\n  blank   2s\nshow my photo.png 1m\npause 3s\r\nlost 500ms\n"
	s, err := parseScript(strings.NewReader(text), []string{"b.jpg", "my photo.png"})
	if err != nil {
		t.Fatal(err)
	}
	want := script{
		{show, "b.jpg", 5 * time.Second}, {blank, "", 2 * time.Second}, {show, "my photo.png", time.Minute},
		{pause, "", 3 * time.Second}, {lost, "", 500 * time.Millisecond},
	}
	for i := range want {
		if i >= len(s) || s[i] != want[i] {
			t.Fatalf("script = %+v, want %+v", s, want)
		}
	}
}

func TestParseScriptErrors(t *testing.T) {
	tests := map[string]string{
		"":                       "script.txt: no step in it",
		"# nothing\n\n":          "script.txt: no step in it",
		"blank 2s\nhide 3s":      `script.txt line 2: unknown word "hide", want show, blank, pause or lost`,
		"\n\nshow a.jpg":         `script.txt line 3: show: no photo "" in the folder`,
		"show c.jpg 3s":          `script.txt line 1: show: no photo "c.jpg" in the folder`,
		"show a.jpg soon":        `script.txt line 1: show: want a time like 5s, have "soon"`,
		"blank":                  `script.txt line 1: blank: want a time like 5s, have ""`,
		"blank 0s":               `script.txt line 1: blank: want a time like 5s, have "0s"`,
		"blank -3s":              `script.txt line 1: blank: want a time like 5s, have "-3s"`,
		"lost a.jpg 3s":          `script.txt line 1: lost: want a time only, have "a.jpg 3s"`,
		strings.Repeat("x", 1e5): "read script.txt: bufio.Scanner: token too long",
	}
	for text, want := range tests {
		_, err := parseScript(strings.NewReader(text), []string{"a.jpg"})
		if err == nil || err.Error() != want {
			t.Errorf("script %.20q: %v, want %s", text, err, want)
		}
	}
}

func TestScriptAt(t *testing.T) {
	s := script{{show, "a", 5 * time.Second}, {pause, "", 2 * time.Second}}
	tests := []struct{ at, left, step time.Duration }{
		{0, 5 * time.Second, 5 * time.Second},
		{4 * time.Second, time.Second, 5 * time.Second},
		{5 * time.Second, 2 * time.Second, 2 * time.Second},
		{7 * time.Second, 5 * time.Second, 5 * time.Second},
		{7000*time.Second + 6*time.Second, time.Second, 2 * time.Second},
	}
	for _, test := range tests {
		now, next, left := s.at(test.at)
		if now.time != test.step || next == now || left != test.left {
			t.Errorf("at %v: %+v then %+v, %v left, want the step of %v, %v left", test.at, now, next, left, test.step, test.left)
		}
	}
}
