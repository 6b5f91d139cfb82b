// SPDX-License-Identifier: EUPL-1.2

package conductor

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/upload/envelope"
	"github.com/fotobox-project/fotobox/upload/outbox"
)

// A shelf is an outbox in memory; err makes it fail.
type shelf struct {
	items  []outbox.Item
	sealed []byte
	err    error
}

func (s *shelf) Put(i outbox.Item, r io.Reader) error {
	if s.err != nil {
		return s.err
	}
	data, err := io.ReadAll(r)
	s.items, s.sealed = append(s.items, i), data
	return err
}

// atSeal is a hand whose visit 7 has two prints, and the office's identity.
func atSeal(t *testing.T) (*Hand, *shelf, *age.HybridIdentity) {
	t.Helper()
	office, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	box := &shelf{}
	h := &Hand{Log: slog.New(slog.DiscardHandler), Safe: Safe{
		Box: box, Recipients: func() []age.Recipient { return []age.Recipient{office.Recipient()} },
		By: "05911000", Mode: func() string { return envelope.ModeExtended }, Software: "test", Stored: func() {},
	}}
	capture, taken, err := newCapture()
	if err != nil {
		t.Fatal(err)
	}
	report := []byte(`{"verdict":"accept"}`)
	h.dark.keep(prints{visit: 7, capture: capture, taken: taken, photos: []Print{
		{JPEG: []byte("first"), Report: report}, {JPEG: []byte("second"), Report: report},
	}})
	return h, box, office
}

func sealEffect(visit uint64) session.Seal {
	return session.Seal{Visit: visit, Code: appointment.Code{ID: appointment.ID{0xA1}}, Chosen: 1}
}

func TestSealStoresWhatTheCitizenChose(t *testing.T) {
	h, box, office := atSeal(t)
	ev, ok := h.Do(t.Context(), sealEffect(7)).(session.Stored)
	if !ok || ev.Visit != 7 || len(box.items) != 1 {
		t.Fatalf("answer %+v, %d items; want Stored of visit 7 and one item", ev, len(box.items))
	}
	m, photos, err := envelope.Open(bytes.NewReader(box.sealed), office)
	if err != nil {
		t.Fatal(err)
	}
	if m.Capture != box.items[0].Capture || m.Appointment != (appointment.ID{0xA1}) || !m.ExpiresAt.Equal(ev.Expires) {
		t.Errorf("manifest %+v does not fit item %v and expiry %v", m, box.items[0], ev.Expires)
	}
	if m.Mode != envelope.ModeExtended {
		t.Errorf("mode %q, want that of the moment", m.Mode)
	}
	if m.Photos[0].Chosen || !m.Photos[1].Chosen || string(photos[1]) != "second" {
		t.Errorf("photos %+v: the second was chosen", m.Photos)
	}
	if ev, ok := h.Delivered(m.Capture); !ok || ev != (session.Arrived{Visit: 7}) {
		t.Errorf("Delivered = %v, %v; want the arrival of visit 7", ev, ok)
	}
	if _, ok := h.Delivered(uuid.New()); ok {
		t.Error("a capture of another day belongs to the last visit")
	}
}

// TestSealFailures: the screen is told what kind of failure it was, and nothing is half stored.
func TestSealFailures(t *testing.T) {
	for name, tc := range map[string]struct {
		visit uint64
		spoil func(*Hand, *shelf)
		want  string
	}{
		"disk full":     {7, func(_ *Hand, s *shelf) { s.err = outbox.ErrFull }, "full"},
		"disk broken":   {7, func(_ *Hand, s *shelf) { s.err = errors.New("input/output error") }, "fault"},
		"not enrolled":  {7, func(h *Hand, _ *shelf) { h.Safe.Recipients = func() []age.Recipient { return nil } }, "fault"},
		"other visit":   {8, func(*Hand, *shelf) {}, "fault"},
		"already wiped": {7, func(h *Hand, _ *shelf) { h.Do(context.Background(), session.Wipe{Visit: 7}) }, "fault"},
	} {
		h, box, _ := atSeal(t)
		tc.spoil(h, box)
		ev, ok := h.Do(t.Context(), sealEffect(tc.visit)).(session.StoreFailed)
		if !ok || ev.Problem != tc.want || ev.Visit != tc.visit || len(box.items) != 0 {
			t.Errorf("%s: answer %+v, %d items; want problem %q and none", name, ev, len(box.items), tc.want)
		}
	}
}

// TestNote: what was not kept has no time, so that no screen says it was.
func TestNote(t *testing.T) {
	for _, err := range []error{nil, errors.New("input/output error")} {
		h, _, _ := atSeal(t)
		at := time.Time{}
		if err == nil {
			at = noon
		}
		h.Note = func(uint64, appointment.Code) (time.Time, error) { return at, err }
		if ev := h.Do(t.Context(), session.Note{Visit: 7}); ev != (session.Noted{Visit: 7, At: at}) {
			t.Errorf("%v: answer %+v", err, ev)
		}
	}
}

func TestPhotosOfOneVisitOnly(t *testing.T) {
	h, _, _ := atSeal(t)
	for _, tc := range []struct {
		visit uint64
		n     int
		want  string
	}{{7, 0, "first"}, {7, 1, "second"}, {7, 2, ""}, {7, -1, ""}, {6, 0, ""}, {8, 0, ""}} {
		if got, _ := h.Photo(tc.visit, tc.n); string(got) != tc.want {
			t.Errorf("Photo(%d, %d) = %q, want %q", tc.visit, tc.n, got, tc.want)
		}
	}
}

// TestLogsHoldNoIdentity: what is logged of a visit is its number and its capture.
func TestLogsHoldNoIdentity(t *testing.T) {
	h, _, _ := atSeal(t)
	var said bytes.Buffer
	h.Log = slog.New(slog.NewTextHandler(&said, nil))
	h.Do(t.Context(), sealEffect(7))
	if strings.Contains(said.String(), "a1000000") {
		t.Errorf("the log names the appointment: %s", said.String())
	}
}
