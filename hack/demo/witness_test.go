// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/hack/visitor"
)

// A view is a screen and when it came.
type view struct {
	visitor.Screen
	at time.Time
}

// witness sees the screen that stands and every one after it. The function that it
// returns ends that, fails for screens without a word, and gives all of them.
func (s *scene) witness() func() []view {
	s.Helper()
	ctx, cancel := context.WithCancel(s.Context())
	var seen []view // of the follower until it has ended
	began, ended := make(chan struct{}), make(chan error, 1)
	page := visitor.Visitor{Base: s.v.Base}
	go func() {
		ended <- page.Follow(ctx, func(now visitor.Screen) {
			if seen = append(seen, view{now, time.Now()}); len(seen) == 1 {
				close(began)
			}
		})
	}()
	select {
	case <-began:
	case err := <-ended:
		cancel()
		s.Fatalf("no screen to see: %v", err)
	}
	return func() []view {
		s.Helper()
		select {
		case err := <-ended:
			cancel()
			s.Errorf("the screen went dark: %v", err)
		default:
			cancel()
			<-ended
		}
		for _, v := range seen {
			if err := wordless(v.Screen); err != nil {
				s.Errorf("at %s: %v: %+v", v.Stage, err, v.Screen)
			}
		}
		return seen
	}
}

// bare is a key that stands where its sentence should.
var bare = regexp.MustCompile(`^[a-z-]+(\.[a-z0-9-]+)+$`)

// wordless says what a screen lacks to be understood; nil: nothing.
func wordless(s visitor.Screen) error {
	words := map[string]string{"title": s.Title, "text": s.Text}
	if s.Stage == "position" || s.Stage == "capture" {
		words["hint"] = ""
		if s.Hint != nil {
			words["hint"] = s.Hint.Text
		}
	}
	for what, word := range words {
		if word == "" || bare.MatchString(word) {
			return fmt.Errorf("the %s is %q", what, word)
		}
	}
	return nil
}

// TestWordless: what the witness must not let pass.
func TestWordless(t *testing.T) {
	hint := &visitor.Tip{Key: "nearer", Text: "Bitte kommen Sie etwas näher."}
	for name, tt := range map[string]struct {
		screen visitor.Screen
		want   error
	}{
		"all there":       {visitor.Screen{Stage: "position", Title: "Los", Text: "Es geht los.", Hint: hint}, nil},
		"no title":        {visitor.Screen{Stage: "idle", Text: "Es geht los."}, fmt.Errorf(`the title is ""`)},
		"a key":           {visitor.Screen{Stage: "idle", Title: "Los", Text: "kiosk.idle.text"}, fmt.Errorf(`the text is "kiosk.idle.text"`)},
		"no hint":         {visitor.Screen{Stage: "capture", Title: "Los", Text: "Es geht los."}, fmt.Errorf(`the hint is ""`)},
		"a hint's key":    {visitor.Screen{Stage: "position", Title: "Los", Text: "Los.", Hint: &visitor.Tip{Text: "hint.eyes-open"}}, fmt.Errorf(`the hint is "hint.eyes-open"`)},
		"no hint, review": {visitor.Screen{Stage: "review", Title: "Los", Text: "Es geht los."}, nil},
	} {
		if got := wordless(tt.screen); fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}
