// SPDX-License-Identifier: EUPL-1.2

package outbox

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// An Item names an envelope.
type Item struct {
	// Capture is a UUIDv7; its time is that of the capture.
	Capture     uuid.UUID
	Appointment appointment.ID
}

// suffix ends the name of an envelope.
const suffix = ".age"

// ParseItem reads the name "<capture>.<appointment>.age", as String writes it.
func ParseItem(name string) (Item, error) {
	stem, ok := strings.CutSuffix(name, suffix)
	capture, appt, found := strings.Cut(stem, ".")
	if !ok || !found {
		return Item{}, fmt.Errorf("item %q: want CAPTURE.APPOINTMENT.age", name)
	}
	id, err := uuid.Parse(capture)
	if err != nil || id.String() != capture {
		return Item{}, fmt.Errorf("item %q: the capture is not a lower-case UUID", name)
	}
	a, err := appointment.ParseID(appt)
	if err != nil {
		return Item{}, fmt.Errorf("item %q: %w", name, err)
	}
	i := Item{Capture: id, Appointment: a}
	return i, i.check()
}

// String returns the item's name in the outbox.
func (i Item) String() string { return i.stem() + suffix }

// Expires returns the moment at which the capture must be gone.
func (i Item) Expires() time.Time { return envelope.ExpiryOf(i.Capture) }

func (i Item) stem() string { return i.Capture.String() + "." + i.Appointment.String() }

// check demands an id that carries its time: without one nobody knows when to delete the item.
func (i Item) check() error {
	if i.Capture.Version() != 7 || i.Capture.Variant() != uuid.RFC4122 {
		return fmt.Errorf("item %s: the capture id is not a UUIDv7", i)
	}
	return nil
}
