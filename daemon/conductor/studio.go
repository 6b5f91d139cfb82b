// SPDX-License-Identifier: EUPL-1.2

package conductor

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"time"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/image/booth"
	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/record"
	"github.com/fotobox-project/fotobox/image/rule"
)

const (
	// burstTime ends a burst early on a slow machine; the first still always counts.
	burstTime = 4 * time.Second
	// infantBurst is how much longer a burst is for small children, who look into
	// the camera for a moment only.
	infantBurst = 2
	// maxPrints is how many photos the citizen chooses from (TR-03121 5.4.1.1.2).
	maxPrints = 3
)

// A Lens takes stills at the sensor's full resolution.
type Lens interface {
	Still(ctx context.Context) (image.Image, error)
}

// A Studio takes the photos of one attempt and judges them.
type Studio struct {
	Lens   Lens
	Finder *face.Finder
	Burst  int // stills of one attempt; a few are enough to leave out a blink
	// Empty gives the empty scene that the stills are compared with; nil, also as
	// its answer, where there is none.
	Empty func() *booth.Scene
}

// A proof is one judged still.
type proof struct {
	portrait image.Image
	report   rule.Report
}

// setFor is the set that a subject's photos are judged by.
func setFor(subject session.Subject) rule.Set {
	set, ok := rule.SetFor(string(subject.Group))
	if !ok {
		set = rule.DePassport2025()
	}
	if subject.Covered {
		set = set.Covered()
	}
	return set
}

// Shoot takes a burst and returns its best portraits as prints, best first; none
// when no portrait could be cut. taken is the moment from which they count.
func (s Studio) Shoot(ctx context.Context, e session.Shoot, taken time.Time) ([]Print, error) {
	proofs, err := s.expose(ctx, e)
	if err != nil {
		return nil, fmt.Errorf("shoot: %w", err)
	}
	var out []Print
	for _, p := range best(proofs) {
		print, err := develop(p, taken)
		if err != nil {
			return nil, fmt.Errorf("shoot: %w", err)
		}
		out = append(out, print)
	}
	return out, nil
}

// expose takes and judges the stills of one burst.
func (s Studio) expose(ctx context.Context, e session.Shoot) ([]proof, error) {
	var proofs []proof
	began, longer := time.Now(), 1
	if e.Subject.Group == session.Infant {
		longer = infantBurst
	}
	for i := range s.Burst * longer {
		if i > 0 && time.Since(began) > burstTime*time.Duration(longer) {
			break
		}
		still, err := s.Lens.Still(ctx)
		if err != nil {
			return nil, err
		}
		faces, err := s.Finder.Find(still)
		if err != nil {
			return nil, err
		}
		if p, ok := s.judge(still, faces, e); ok {
			proofs = append(proofs, p)
		}
	}
	return proofs, nil
}

// judge cuts and judges a portrait. There is none where it would have to be enlarged
// or padded, since the person has moved since the guidance, and where nobody was
// found: unless the person released the picture by hand. A face that the engine does
// not find is for the office to judge.
func (s Studio) judge(still image.Image, faces []face.Face, e session.Shoot) (proof, bool) {
	set := setFor(e.Subject)
	if len(faces) == 0 {
		if !e.ByHand {
			return proof{}, false
		}
		picture := rule.Unaimed(still, pixel.RGB24)
		return proof{picture.Image, rule.Judge(picture, set)}, true
	}
	picture, _, err := rule.CutInBooth(set, s.empty(), still, pixel.RGB24, faces)
	if err != nil {
		return proof{}, false
	}
	return proof{picture.Image, rule.Judge(picture, set)}, true
}

func (s Studio) empty() *booth.Scene {
	if s.Empty == nil {
		return nil
	}
	return s.Empty()
}

// best settles the burst and keeps the photos among which the person may choose:
// those that are as good as the best by the guideline's rule.
func best(proofs []proof) []proof {
	var reports []rule.Report
	for _, p := range proofs {
		reports = append(reports, p.report)
	}
	reports = rule.Burst(reports)
	var out []proof
	for _, i := range rule.Ties(reports) {
		if len(out) < maxPrints {
			out = append(out, proof{proofs[i].portrait, reports[i]})
		}
	}
	return out
}

// develop codes the portrait, once: what the citizen sees is what the office gets.
func develop(p proof, taken time.Time) (Print, error) {
	var jpeg bytes.Buffer
	if err := record.JPEG(&jpeg, p.portrait, taken.Local()); err != nil {
		return Print{}, err
	}
	report, err := json.Marshal(p.report)
	if err != nil {
		return Print{}, err
	}
	photo := session.Photo{Accepted: p.report.Verdict == rule.Accept}
	for f := range p.report.Open() {
		photo.Advice = append(photo.Advice, f.Advice)
	}
	return Print{jpeg.Bytes(), report, photo}, nil
}
