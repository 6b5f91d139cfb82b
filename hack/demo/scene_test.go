// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"image"
	"image/color"
	"image/draw"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/hack/visitor"
	"github.com/fotobox-project/fotobox/ui/text"
)

// german is what the stations of the tests speak.
const german text.Language = "de"

// The people of the stories; each has a photo in the folder of newScene.
const (
	good    = "good"    // as the rules want it
	shut    = "shut"    // eyes closed
	turned  = "turned"  // looks past the camera
	two     = "two"     // with somebody beside them
	child   = "child"   // small, far and low
	near    = "near"    // the same child, as the rules want it
	glasses = "glasses" // a lamp is mirrored in them, beside the eyes
	blind   = "blind"   // before the eyes
	dim     = "dim"     // in a room without enough light
	black   = "black"   // in one without any
)

// drawnSize is half of a still's: the camera's lens enlarges it, the rules do not
// mind, and under the race detector drawing takes long.
func drawnSize() image.Point { return image.Pt(camera.MinWidth/2, camera.MinHeight/2) }

// portrayed draws one of the people as the camera shall see them.
func portrayed(who string) image.Image {
	s := cameratest.Default()
	small := cameratest.Features{Width: 1, Jaw: -.5, Chin: -1, Flat: 1, EyesApart: .5, EyeHeight: 1, NoseLength: -1, NoseDepth: -1}
	switch who {
	case shut:
		s.Eyes = 0
	case turned:
		s.Yaw = 20
	case child:
		s.Features, s.Head, s.Y = small, .36, .15
	case near:
		s.Features = small
	case dim:
		s = lit(s, .2)
	case black:
		s = lit(s, 0)
	case two:
		return couple(s)
	case glasses:
		return mirrored(s, .14, -.1, .09, .06)
	case blind:
		return mirrored(s, 0, 0, .2, .14)
	}
	img, _ := s.Render(drawnSize())
	return img
}

// couple is the sitter and another person side by side.
func couple(s cameratest.Sitter) image.Image {
	s.Head, s.X = .4, -.25
	one, _ := s.Render(drawnSize())
	s.X, s.Skin, s.Seed = .25, .7, 3
	other, _ := s.Render(drawnSize())
	right := one.Bounds()
	right.Min.X = right.Dx() / 2
	draw.Draw(one, right, other, right.Min, draw.Src)
	return one
}

// lit is the sitter in a share of the light.
func lit(s cameratest.Sitter, light float64) cameratest.Sitter {
	s.Lamps = cameratest.Lamps{Left: light, Right: light, Ambient: light}
	grey := uint8(light * float64(s.Background.R))
	s.Background = color.NRGBA{R: grey, G: grey, B: grey, A: 255}
	return s
}

// mirrored is the sitter with glasses that mirror a lamp: an ellipse at (x, y) from
// each pupil with the half axes a and b, all in distances of the eyes.
func mirrored(s cameratest.Sitter, x, y, a, b float64) image.Image {
	s.Glasses = true
	img, truth := s.Render(drawnSize())
	ied := truth.IED()
	for _, p := range []cameratest.Point{truth.PupilLeft, truth.PupilRight} {
		for j := range img.Rect.Dy() {
			for i := range img.Rect.Dx() {
				if u, v := (float64(i)-p.X)/ied-x, (float64(j)-p.Y)/ied-y; u*u/(a*a)+v*v/(b*b) < 1 {
					img.SetNRGBA(i, j, color.NRGBA{R: 250, G: 250, B: 252, A: 255})
				}
			}
		}
	}
	return img
}

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
