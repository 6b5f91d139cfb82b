// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"image"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/hack/visitor"
	"github.com/fotobox-project/fotobox/ui/text"
)

// german is what the stations of the tests speak.
const german text.Language = "de"

// A scene is a town whose camera films whoever the test puts before it.
type scene struct {
	*testing.T
	town *town
	dir  string // the camera's folder
	log  ledger
	v    *visitor.Visitor
}

// newScene raises a town for people; nobody is there yet.
func newScene(t *testing.T, people ...string) *scene {
	t.Helper()
	needSpeed(t)
	s := &scene{T: t, dir: t.TempDir(), log: newLedger(t)}
	drawn := make([]image.Image, len(people))
	var all sync.WaitGroup
	for i, who := range people {
		all.Go(func() { drawn[i] = portrayed(who) })
	}
	all.Wait()
	for i, who := range people {
		writeJPEG(t, filepath.Join(s.dir, who+".jpg"), drawn[i])
	}
	s.play("blank 1h")
	s.town = newTown(t, "folder:"+s.dir, s.log)
	s.v = &visitor.Visitor{Base: "http://" + s.town.kiosk}
	return s
}

// play changes what happens before the camera.
func (s *scene) play(script string) {
	s.Helper()
	name := filepath.Join(s.dir, "script.txt")
	if err := os.WriteFile(name+".new", []byte(script+"\n"), 0o600); err != nil {
		s.Fatal(err)
	}
	if err := os.Rename(name+".new", name); err != nil {
		s.Fatal(err)
	}
}

func (s *scene) shows(who string) { s.Helper(); s.play("show " + who + ".jpg 1h") }
func (s *scene) leaves()          { s.Helper(); s.play("blank 1h") }
func (s *scene) pulled()          { s.Helper(); s.play("lost 1h") }

// must ends the story when the visitor could not go on.
func (s *scene) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatalf("at %+v: %v", s.v.Now, err)
	}
}

// until looks at the screen until it is as it should be.
func (s *scene) until(what string, is func(visitor.Screen) bool) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), time.Minute)
	defer cancel()
	for {
		if err := s.v.See(ctx); err != nil {
			s.Fatalf("waited in vain for %s: the screen shows %+v, %v", what, s.v.Now, err)
		}
		if is(s.v.Now) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (s *scene) stands(stage string) {
	s.Helper()
	s.until("the stage "+stage, func(now visitor.Screen) bool { return now.Stage == stage })
}

// asks waits for a hint; it must be in the catalogue's words.
func (s *scene) asks(hint string) {
	s.Helper()
	s.until("the hint "+hint, func(now visitor.Screen) bool {
		return now.Stage == "position" && now.Hint != nil && now.Hint.Key == hint
	})
	s.reads("hint."+hint, s.v.Now.Hint.Text)
}

// reads compares what stands on the screen with the catalogue.
func (s *scene) reads(key, got string) {
	s.Helper()
	if !german.Has(key) || got != german.Text(key) {
		s.Errorf("the screen says %q, want %s: %q", got, key, german.Text(key))
	}
}

// screen compares title and text with those of a screen in the catalogue.
func (s *scene) screen(name string) {
	s.Helper()
	s.reads("kiosk."+name+".title", s.v.Now.Title)
	s.reads("kiosk."+name+".text", s.v.Now.Text)
}

// waits looks at the hint for longer than any picture needs to be released.
func (s *scene) waits(hint string) {
	s.Helper()
	for end := time.Now().Add(2500 * time.Millisecond); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		s.must(s.v.See(s.Context()))
		if now := s.v.Now; now.Stage != "position" || now.Hint == nil || now.Hint.Key != hint {
			s.Fatalf("the screen went on to %+v, want it to wait with %q", now, hint)
		}
	}
}

// comes books an appointment, shows its code and goes to the camera.
func (s *scene) comes() (id string) {
	s.Helper()
	b := s.books()
	s.must(s.v.Await(s.Context(), "idle", "done"))
	s.must(s.v.Scan(s.Context(), b.code))
	s.must(s.v.Await(s.Context(), "welcome"))
	s.must(s.v.Press(s.Context(), "start"))
	s.must(s.v.Await(s.Context(), "position"))
	return s.id(b)
}

func (s *scene) books() booking {
	s.Helper()
	b, err := s.town.book(s.Context(), "Ada Beispiel", soon())
	if err != nil {
		s.Fatal(err)
	}
	return b
}

// id is the appointment as the office's database names it.
func (s *scene) id(b booking) string {
	s.Helper()
	code, err := appointment.Parse(b.code)
	if err != nil {
		s.Fatal(err)
	}
	return code.ID.String()
}

// accepted waits for a good photo that the station released by itself.
func (s *scene) accepted() {
	s.Helper()
	s.stands("review")
	if p := s.v.Now.Photos; len(p) == 0 || !p[0].Good || len(p[0].Findings) > 0 {
		s.Errorf("the photos are %+v, want a good one", p)
	}
	s.screen("review")
}

// advised waits for a photo that is not accepted, for the reason of that advice.
func (s *scene) advised(advice string) {
	s.Helper()
	s.stands("review")
	s.screen("review.open")
	p := s.v.Now.Photos
	if len(p) == 0 || p[0].Good || len(p[0].Findings) == 0 {
		s.Fatalf("the photos are %+v, want an open one with its reason", p)
	}
	sign, _, _ := strings.Cut(advice, ".")
	if p[0].Findings[0].Key != sign {
		s.Errorf("the first finding is %+v, want the sign %q", p[0].Findings[0], sign)
	}
	s.reads("advice."+advice, p[0].Findings[0].Text)
}

// stored goes on to the end, and the office must have exactly one capture.
func (s *scene) stored(id string) {
	s.Helper()
	s.must(s.v.GoOn(s.Context(), "done"))
	if s.v.Now.Look != "good" {
		s.Errorf("the visit ended with %+v", s.v.Now)
	}
	s.delivered(id)
}

func (s *scene) delivered(id string) {
	s.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		got, err := s.town.captures(s.Context())
		if err != nil || got[id] == 0 {
			continue
		}
		if got[id] != 1 {
			s.Errorf("the office has the photo %d times, want once", got[id])
		}
		return
	}
	s.Error("the photo never came to the office")
}

// nothing says that no capture of the appointment exists: not on the way, and
// not at the office.
func (s *scene) nothing(id string) {
	s.Helper()
	var waiting []os.DirEntry
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var err error
		if waiting, err = os.ReadDir(filepath.Join(s.town.dir, "station", "outbox", "new")); err != nil {
			s.Fatal(err)
		}
		if len(waiting) == 0 {
			break
		}
	}
	if got, err := s.town.captures(s.Context()); err != nil || got[id] != 0 || len(waiting) != 0 {
		s.Errorf("the office has %d captures of a visit that was left, the station %d (%v); want none", got[id], len(waiting), err)
	}
}
