// SPDX-License-Identifier: EUPL-1.2

package conductor

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/upload/envelope"
	"github.com/fotobox-project/fotobox/upload/outbox"
)

// A Hand is the station's stagehand: it takes the photos, keeps them for the
// visit and seals them.
type Hand struct {
	Studio Studio
	Safe   Safe
	// Note keeps durably that the person with the code is there, and gives when that was.
	Note func(visit uint64, code appointment.Code) (at time.Time, err error)
	Log  *slog.Logger

	dark darkroom
	sent sent
}

var _ Stagehand = (*Hand)(nil)

// Do carries out one effect.
func (h *Hand) Do(ctx context.Context, e session.Effect) session.Event {
	switch e := e.(type) {
	case session.Shoot:
		return h.shoot(ctx, e)
	case session.Seal:
		return h.seal(ctx, e)
	case session.Note:
		return h.note(e)
	case session.Wipe:
		h.dark.wipe(e.Visit)
		go debug.FreeOSMemory() // stills are large: none stays in our memory, or keeps it from others
	}
	return nil
}

// shoot answers with no photo when the camera fails; the camera itself reports its loss.
func (h *Hand) shoot(ctx context.Context, e session.Shoot) session.Event {
	capture, taken, err := newCapture()
	var photos []Print
	if err == nil {
		photos, err = h.Studio.Shoot(ctx, e, taken)
	}
	if err != nil {
		if ctx.Err() == nil {
			h.Log.Error("burst", "visit", e.Visit, "err", err)
		}
		return session.Shot{Visit: e.Visit, Attempt: e.Attempt}
	}
	h.dark.keep(prints{visit: e.Visit, capture: capture, taken: taken, photos: photos})
	shot := session.Shot{Visit: e.Visit, Attempt: e.Attempt}
	for _, p := range photos {
		shot.Photos = append(shot.Photos, p.Photo)
	}
	return shot
}

// newCapture names a capture; the time in the name is the moment from which the
// photo's 96 hours count.
func newCapture() (uuid.UUID, time.Time, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.UUID{}, time.Time{}, err
	}
	return id, envelope.ExpiryOf(id).Add(-envelope.Lifetime), nil
}

// seal stores the envelope. It does not begin when the visit has already ended.
func (h *Hand) seal(ctx context.Context, e session.Seal) session.Event {
	prints, ok := h.dark.of(e.Visit)
	if !ok || ctx.Err() != nil {
		return session.StoreFailed{Visit: e.Visit, Problem: "fault"}
	}
	h.sent.note(prints.capture, e.Visit)
	expires, err := h.Safe.Keep(ctx, prints, e)
	if err == nil {
		h.Log.Info("capture stored", "capture", prints.capture, "visit", e.Visit)
		return session.Stored{Visit: e.Visit, Expires: expires}
	}
	h.Log.Error("store capture", "capture", prints.capture, "visit", e.Visit, "err", err)
	if errors.Is(err, outbox.ErrFull) {
		return session.StoreFailed{Visit: e.Visit, Problem: "full"}
	}
	return session.StoreFailed{Visit: e.Visit, Problem: "fault"}
}

// note answers without a time when the arrival could not be kept. It is kept for the
// person, not for the visit: nothing that ends the visit ends it.
func (h *Hand) note(e session.Note) session.Event {
	at, err := h.Note(e.Visit, e.Code)
	if err != nil {
		h.Log.Error("note arrival", "visit", e.Visit, "err", err)
	}
	return session.Noted{Visit: e.Visit, At: at}
}

// Photo is the n-th print of the visit, counted from 0, as JPEG.
func (h *Hand) Photo(visit uint64, n int) ([]byte, bool) {
	p, ok := h.dark.of(visit)
	if !ok || n < 0 || n >= len(p.photos) {
		return nil, false
	}
	return p.photos[n].JPEG, true
}

// Delivered turns the office's receipt into the event of the visit that made
// the capture; false when that was not the last one.
func (h *Hand) Delivered(capture uuid.UUID) (session.Event, bool) {
	visit, ok := h.sent.by(capture)
	return session.Arrived{Visit: visit}, ok
}

// sent remembers which visit made the last capture.
type sent struct {
	mu      sync.Mutex
	capture uuid.UUID
	visit   uint64
}

func (s *sent) note(capture uuid.UUID, visit uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.capture, s.visit = capture, visit
}

func (s *sent) by(capture uuid.UUID) (uint64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.visit, s.capture == capture
}
