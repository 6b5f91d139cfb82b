// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"regexp"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/hack/visitor"
)

// A view is a screen and when it came.
type view struct {
	visitor.Screen
	at time.Time
}

// witness sees every screen from now on. The function that it returns ends that,
// fails for screens without a word, and gives all of them.
func (s *scene) witness() func() []view {
	s.Helper()
	ctx, cancel := context.WithCancel(s.Context())
	var mu sync.Mutex
	var seen []view
	ended := make(chan error, 1)
	page := visitor.Visitor{Base: s.v.Base}
	go func() {
		ended <- page.Follow(ctx, func(now visitor.Screen) {
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, view{now, time.Now()})
		})
	}()
	return func() []view {
		s.Helper()
		cancel()
		if err := <-ended; ctx.Err() == nil {
			s.Errorf("the screen went dark: %v", err)
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
