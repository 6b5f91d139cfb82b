// SPDX-License-Identifier: EUPL-1.2

package conductor

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/jpeg"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/portrait"
	"github.com/fotobox-project/fotobox/image/rule"
)

// TestBest keeps the photos that are as good as the best, latest first, at most
// three, and leaves out a blink.
func TestBest(t *testing.T) {
	shot := func(eyes rule.Side) proof {
		return proof{report: rule.Report{Findings: []rule.Finding{{ID: "3.1", Name: "eyes-open", Side: eyes}}}}
	}
	open, shut := shot(rule.Inside), shot(rule.Low)
	for _, tt := range []struct {
		name   string
		proofs []proof
		want   int
		accept bool
	}{
		{"none", nil, 0, false},
		{"all good", []proof{open, open, open, open, open}, maxPrints, true},
		{"the last one blinks", []proof{open, open, shut}, 2, true},
		{"all blink", []proof{shut, shut}, 2, false},
	} {
		got := best(tt.proofs)
		if len(got) != tt.want {
			t.Errorf("%s: %d photos, want %d", tt.name, len(got), tt.want)
		}
		for _, p := range got {
			if accept := p.report.Verdict == rule.Accept; accept != tt.accept {
				t.Errorf("%s: a photo with verdict %s", tt.name, p.report.Verdict)
			}
		}
	}
}

// A fixed lens always gives the same still, and counts.
type fixedLens struct {
	still image.Image
	taken int
}

func (l *fixedLens) Still(context.Context) (image.Image, error) {
	l.taken++
	return l.still, nil
}

// portrayed takes the photos of one attempt.
func portrayed(t *testing.T, still image.Image, e session.Shoot) (stills int, names []string, photos []Print) {
	t.Helper()
	finder, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	lens := &fixedLens{still: still}
	photos, err = Studio{Lens: lens, Finder: finder, Burst: 1}.Shoot(t.Context(), e, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range photos {
		var report rule.Report
		if err := json.Unmarshal(p.Report, &report); err != nil {
			t.Fatal(err)
		}
		names = append(names, report.Set)
	}
	return lens.taken, names, photos
}

// TestShootSubject: everybody is judged by the limits of their group, and small
// children get a longer burst.
func TestShootSubject(t *testing.T) {
	still, _ := cameratest.Default().Render(image.Pt(1944, 2592))
	for want, subject := range map[string]session.Subject{
		"de-passport-2025":                {},
		"de-passport-2025-covered":        {Covered: true},
		"de-passport-2025-child":          {Group: session.Child},
		"de-passport-2025-infant-covered": {Group: session.Infant, Covered: true},
	} {
		stills, names, photos := portrayed(t, still, session.Shoot{Subject: subject})
		if len(photos) == 0 || names[0] != want {
			t.Errorf("judged by %q, want %q", names, want)
		}
		if longer := subject.Group == session.Infant; (stills > 1) != longer {
			t.Errorf("%s: %d stills", want, stills)
		}
	}
}

// TestShootByHand: a face that is not found is for the office to judge when the
// person released the picture by hand, and is no photo otherwise.
func TestShootByHand(t *testing.T) {
	wall := image.NewRGBA(image.Rect(0, 0, 1944, 2592))
	for i := range wall.Pix {
		wall.Pix[i] = 190
	}
	if _, _, photos := portrayed(t, wall, session.Shoot{}); len(photos) != 0 {
		t.Errorf("%d photos of a wall by itself, want none", len(photos))
	}
	_, _, photos := portrayed(t, wall, session.Shoot{ByHand: true})
	if len(photos) != 1 || photos[0].Photo.Accepted {
		t.Fatalf("got %d photos by hand, want one that the office decides about", len(photos))
	}
	if advice := photos[0].Photo.Advice; len(advice) == 0 || advice[0] != "one-face.low" {
		t.Errorf("advice %q, want that no face is seen first", advice)
	}
	img, err := jpeg.Decode(bytes.NewReader(photos[0].JPEG))
	if err != nil || img.Bounds().Size() != image.Pt(portrait.Width, portrait.Height) {
		t.Errorf("a photo of %v, %v", img.Bounds(), err)
	}
}
