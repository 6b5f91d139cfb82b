// SPDX-License-Identifier: EUPL-1.2

package conductor

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"iter"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/rule"
)

// A Finder shows the newest preview frame with a number greater than after.
type Finder interface {
	Next(ctx context.Context, after uint64) (camera.Frame, error)
}

// A Meter exposes for the region of the preview in which the face is, a step at a time.
type Meter interface {
	Meter(region image.Rectangle)
}

// A Watch looks at the preview while the citizen positions, and tells the
// session what each frame asks for.
type Watch struct {
	Conductor *Conductor
	Finder    Finder
	Face      *face.Finder
	Still     image.Point // size of the stills that the guidance must fit, pixels
	Light     Meter       // nil: the exposure is nobody's
}

func (w Watch) String() string { return "guidance" }

// Run watches until ctx ends.
func (w Watch) Run(ctx context.Context) error {
	for s := range w.Conductor.States(ctx) {
		if s.Stage != session.Position {
			continue
		}
		if err := w.guide(ctx, s); err != nil && ctx.Err() == nil {
			return fmt.Errorf("guidance: %w", err)
		}
	}
	return nil
}

// guide looks at frames until the visit leaves Position, or the photo is to be of
// somebody else. The hint of a slow look is dropped by the session when it comes too late.
func (w Watch) guide(ctx context.Context, began session.State) error {
	set := setFor(began.Subject)
	var track rule.Track
	for number := uint64(0); ; {
		frame, err := w.Finder.Next(ctx, number)
		if err != nil {
			return err
		}
		number = frame.Number
		s := w.Conductor.State()
		if s.Stage != session.Position || s.Visit != began.Visit || s.Subject != began.Subject {
			return nil
		}
		faces, err := w.Face.Track(frame.Image)
		if err != nil {
			return err
		}
		w.expose(s, faces, frame.Image.Bounds())
		var hint rule.Hint
		track, hint = track.Look(set, frame.Taken, w.Still, faces, frame.Image)
		if err := w.Conductor.Tell(ctx, session.Seen{Visit: began.Visit, Hint: string(hint)}); err != nil {
			return err
		}
	}
}

// expose meters the face. Where none has been found for a while it meters the place at
// which one should be: a dark skin before a light wall is found as soon as it is lit.
func (w Watch) expose(s session.State, faces []face.Face, frame image.Rectangle) {
	switch {
	case w.Light == nil:
	case len(faces) > 0:
		w.Light.Meter(faces[0].Box)
	case s.Slow && (s.Hint == session.HintNoFace || s.Hint == string(rule.HintDark)):
		w.Light.Meter(frame.Inset(min(frame.Dx(), frame.Dy()) / 4))
	}
}

// Idle yields preview frames while the station takes a code, and pauses
// otherwise. It is what the code reader looks at.
func (w Watch) Idle(ctx context.Context, after uint64) (image.Image, uint64, error) {
	for s := range w.Conductor.States(ctx) {
		if s.Stage == session.Idle || s.Stage == session.Done || s.Stage == session.Checked {
			frame, err := w.Finder.Next(ctx, after)
			return frame.Image, frame.Number, err
		}
	}
	return nil, 0, ctx.Err()
}

// previewQuality is enough to position oneself by; no photo is ever made of it.
const previewQuality = 80

// Preview waits for a frame newer than after and codes it for the screen.
func (w Watch) Preview(ctx context.Context, after uint64) (data []byte, number uint64, taken time.Time, err error) {
	frame, err := w.Finder.Next(ctx, after)
	if err != nil {
		return nil, 0, time.Time{}, err
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, frame.Image, &jpeg.Options{Quality: previewQuality}); err != nil {
		return nil, 0, time.Time{}, fmt.Errorf("code preview: %w", err)
	}
	return b.Bytes(), frame.Number, frame.Taken, nil
}

// Health tells the session when something goes that it needs and when it comes back.
func (c *Conductor) Health(ctx context.Context, need session.Need, changes iter.Seq[error]) error {
	for err := range changes {
		var ev session.Event = session.Found{Need: need}
		if err != nil {
			ev = session.Lost{Need: need}
		}
		if c.Tell(ctx, ev) != nil {
			return nil
		}
	}
	return nil
}
