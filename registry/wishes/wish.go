// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// An ID is the 64 random bits that name a wish.
type ID [8]byte

// ParseID reads 16 lower-case hexadecimal digits.
func ParseID(text string) (id ID, err error) {
	if n, err := hex.Decode(id[:], []byte(text[:min(len(text), 16)])); err != nil || n != len(id) || id.String() != text {
		return ID{}, errors.New("id of a wish: want 16 lower-case hexadecimal digits")
	}
	return id, nil
}

// String is the 16 hexadecimal digits that ParseID reads.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// A State is how far a wish has come. The zero State is that of one that is not left yet.
type State string

// The states. In the last ones it has ended, and nothing of it is kept.
const (
	Submitted State = "submitted" // waits for the answer to a mail, and has no place yet
	Waiting   State = "waiting"
	Offered   State = "offered" // a seat is kept for it

	Placed    State = "placed" // the offer was accepted
	Withdrawn State = "withdrawn"
	Over      State = "over"    // its last day is
	Refused   State = "refused" // more was offered than it may refuse
	Dropped   State = "dropped" // the mail was not answered
)

// States are all of them.
func States() []State {
	return []State{Submitted, Waiting, Offered, Placed, Withdrawn, Over, Refused, Dropped}
}

// Ended says whether nothing is looked for any more.
func (s State) Ended() bool { return s != "" && s != Submitted && s != Waiting && s != Offered }

// A Wish is what somebody who found nothing free would like to have.
type Wish struct {
	ID          ID
	Place       int64 // in the queue: the lower one is first
	State       State
	Service     uint16
	Persons     int
	Offices     []string // any of these, by their codes in order; none means every one
	Windows     Windows
	First, Last calendar.Day // of the appointment, both included
	Email       book.Email
	Language    string    // that the citizen reads, as ui/text names it, or ""
	Since       time.Time // it has its place since then, or was submitted
	Until       time.Time // Submitted: as long it can be confirmed
	Offer       appointment.ID
	Offers      int // that were made for it
	Refusals    int // of these, declined or not answered
}

// MaxDays is how many days ahead a wish may look.
const MaxDays = 184

// ErrWish says which part of a wish makes no sense. It names no value of a person.
var ErrWish = errors.New("wish")

// check says what makes no sense on its own, whatever the office has.
func (w Wish) check(today calendar.Day) error {
	switch {
	case w.Email.Reveal() == "":
		return fmt.Errorf("%w: an address for mail is missing", ErrWish)
	case w.First > w.Last || w.First <= 0:
		return fmt.Errorf("%w: from %q to %q: a first day is needed, and a last one that is not before it", ErrWish, w.First, w.Last)
	case w.Last < today || w.Last > today+MaxDays:
		return fmt.Errorf("%w: last day %q: want one from today on, at most %d days ahead", ErrWish, w.Last, MaxDays)
	case !slices.IsSorted(w.Offices) || len(slices.Compact(slices.Clone(w.Offices))) != len(w.Offices):
		return fmt.Errorf("%w: offices need to be named once, in the order of their codes", ErrWish)
	case w.Windows != w.Windows.within():
		return fmt.Errorf("%w: a day has 24 hours", ErrWish)
	case w.Persons < 1 || w.Persons > calendar.MaxSeats:
		return fmt.Errorf("%w: for %d persons", ErrWish, w.Persons)
	case len(w.Language) > 35: // BCP 47, 4.4.1
		return fmt.Errorf("%w: language", ErrWish)
	}
	return nil
}

func (w Windows) within() Windows {
	for i := range w {
		w[i] &= EveryHour
	}
	return w
}

// Matches says whether somebody with the wish could come to the office then. What
// is free there, and what they declined, is not its business.
func (w Wish) Matches(office string, start time.Time) bool {
	start = start.In(book.Zone())
	day := calendar.DayOf(start, book.Zone())
	here := len(w.Offices) == 0 || slices.Contains(w.Offices, office)
	return here && w.First <= day && day <= w.Last && w.Windows.Has(start)
}
