// SPDX-License-Identifier: EUPL-1.2

package conductor

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"filippo.io/age"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/upload/envelope"
	"github.com/fotobox-project/fotobox/upload/outbox"
)

// A Box keeps envelopes; when Put returns nil the envelope survives a power cut.
type Box interface {
	Put(item outbox.Item, sealed io.Reader) error
}

// A Safe seals captures for the office and puts them into the outbox.
type Safe struct {
	Box        Box
	Recipients func() []age.Recipient // the office's newest keys
	By         string                 // who takes the photos, see envelope.Manifest
	Mode       func() string          // operating mode now, see envelope.Manifest
	Software   string                 // version
	Hash       string                 // of the program
	Stored     func()                 // called after each envelope; the courier wakes by it
}

var errNoRecipients = errors.New("the station is not enrolled: nobody could open the envelope")

// Keep seals the prints and stores the envelope, unless ctx ends before: a
// visit that was told that nothing is stored must not be stored after all. It
// returns when the photos must be erased.
func (s Safe) Keep(ctx context.Context, p prints, e session.Seal) (time.Time, error) {
	recipients := s.Recipients()
	if len(recipients) == 0 {
		return time.Time{}, errNoRecipients
	}
	m := envelope.Manifest{
		Capture: p.capture, Appointment: e.Code.ID, CapturedAt: p.taken,
		Subject: string(e.Subject.Group), HeadCovered: e.Subject.Covered,
		CapturedBy: s.By, Mode: s.Mode(), Software: s.Software, SoftwareHash: s.Hash,
	}
	var photos [][]byte
	for i, print := range p.photos {
		m.Photos = append(m.Photos, envelope.Photo{Chosen: i == e.Chosen, Report: print.Report})
		photos = append(photos, print.JPEG)
	}
	var sealed bytes.Buffer
	if err := envelope.Seal(&sealed, m, photos, recipients); err != nil {
		return time.Time{}, err
	}
	if err := ctx.Err(); err != nil {
		return time.Time{}, err
	}
	if err := s.Box.Put(outbox.Item{Capture: p.capture, Appointment: e.Code.ID}, &sealed); err != nil {
		return time.Time{}, err
	}
	s.Stored()
	return p.taken.Add(envelope.Lifetime), nil
}
