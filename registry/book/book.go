// SPDX-License-Identifier: EUPL-1.2

// Package book keeps the office's appointments: who comes when and for what.
package book

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	_ "time/tzdata" // the office's time zone must not depend on the machine
	"unicode/utf8"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/store"
)

// ErrNotFound says that the book has no such appointment.
var ErrNotFound = errors.New("no such appointment")

// Grace is how long after the slot's end a code can still be used: offices run late.
const Grace = 4 * time.Hour

// An Appointment is one visit that was agreed on.
type Appointment struct {
	ID            appointment.ID
	Terminkennung appointment.Terminkennung
	Name          Name
	Email         Email         // where mail about it goes, or nowhere
	Language      string        // that the citizen reads, as ui/text names it, or ""
	Start         time.Time     // UTC, a whole minute
	Length        time.Duration // whole minutes, 1 to 255
	Service       uint16        // the office's code of what the citizen comes for
	Persons       int           // 1 to 255
	PhotoWanted   bool
	Ticket        bool // drawn on site, of nobody in particular
	Revision      int  // counts the reschedules, 0 to 15
	State         State
	Location      string    // code of the office where it is, or "" without one
	Until         time.Time // a hold or an offer lapses then; otherwise the zero time
	RevokedUntil  time.Time // as long a code of it could be shown that holds no more, or the zero time
}

// End is the end of the slot.
func (a Appointment) End() time.Time { return a.Start.Add(a.Length) }

// Book is the list of appointments of one office.
type Book struct {
	store     *store.Store
	office    appointment.Office
	key       ed25519.PrivateKey
	followers []Follower

	renewed atomic.Bool // the slots, by this program
	last    struct {    // plan that was looked into
		sync.Mutex
		text string
		plan calendar.Plan
	}
}

// New gives the book kept in s. The key signs the office's appointment codes.
func New(s *store.Store, office appointment.Office, key ed25519.PrivateKey) *Book {
	return &Book{store: s, office: office, key: key}
}

// Zone is the time zone of the office: in it stand the times of a CSV file and
// the borders of a day.
func Zone() *time.Location { return berlin() }

var berlin = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic("book: " + err.Error()) // time/tzdata is part of the program
	}
	return zone
})

// Code is the appointment's signed code, valid until Grace after the slot's end.
func (b *Book) Code(a Appointment) (appointment.Code, error) {
	return appointment.Sign(appointment.Code{
		Office: b.office, ID: a.ID, Start: a.Start, Length: a.Length, Service: a.Service, Persons: a.Persons,
		PhotoWanted: a.PhotoWanted, WalkIn: a.Ticket, Revision: a.Revision, ValidUntil: a.End().Add(Grace),
	}, b.key)
}

// Add puts an appointment into the book and gives it back with a new random ID
// and Terminkennung, its revision 0 and its state confirmed.
func (b *Book) Add(ctx context.Context, draft Appointment) (added Appointment, err error) {
	err = b.store.Write(ctx, func(tx *sql.Tx) error {
		added, err = b.AddIn(ctx, tx, draft)
		return err
	})
	return added, err
}

// AddIn is Add within the caller's transaction.
func (b *Book) AddIn(ctx context.Context, tx *sql.Tx, draft Appointment) (Appointment, error) {
	all := []Appointment{draft}
	err := draft.checkNamed()
	if err == nil {
		all[0], err = drawIn(ctx, tx, draft)
	}
	if err == nil {
		err = enterAll(ctx, tx, all, "appointment-added")
	}
	if err != nil {
		return Appointment{}, fmt.Errorf("add appointment: %w", err)
	}
	return all[0], nil
}

// checkNamed is check of an appointment that somebody has.
func (a Appointment) checkNamed() error {
	if a.Name.Reveal() == "" {
		return ErrName
	}
	return a.check()
}

// check says which field the code or the book cannot hold. It names no value:
// the error is printed.
func (a Appointment) check() error {
	switch n := utf8.RuneCountInString(a.Name.Reveal()); {
	case n > maxName:
		return ErrName
	case !utf8.ValidString(a.Name.Reveal()) || strings.ContainsRune(a.Name.Reveal(), 0):
		return errors.New("name has a character that is none")
	case a.Start.Unix() <= 0 || a.Start.Unix()%60 != 0 || a.Start.Nanosecond() != 0:
		return errors.New("start needs to be a whole minute after 1970")
	case a.Length%time.Minute != 0 || a.Length < time.Minute || a.Length > 255*time.Minute:
		return errors.New("length needs to be 1 to 255 whole minutes")
	case a.Persons < 1 || a.Persons > 255:
		return errors.New("persons need to be 1 to 255")
	}
	return nil
}

// insert writes all drafts or none. A Terminkennung has 40 random bits: when one
// is taken already, all are drawn again.
func (b *Book) insert(ctx context.Context, drafts []Appointment, action string) (added []Appointment, err error) {
	for range 3 {
		added = make([]Appointment, len(drafts))
		for i, draft := range drafts {
			if added[i], err = draw(draft); err != nil {
				return nil, err
			}
		}
		err = b.store.Write(ctx, func(tx *sql.Tx) error { return enterAll(ctx, tx, added, action) })
		if !errors.Is(err, store.ErrDuplicate) {
			break
		}
	}
	return added, err
}

func draw(a Appointment) (Appointment, error) {
	kennung, err := appointment.NewTerminkennung(rand.Reader)
	if err != nil {
		return Appointment{}, err
	}
	rand.Read(a.ID[:]) // never fails (crypto/rand)
	a.Terminkennung, a.Revision, a.State, a.Start = kennung, 0, "", a.Start.UTC()
	a.Location, a.Until, a.RevokedUntil = "", time.Time{}, time.Time{}
	return a, nil
}

// enterAll enters the appointments, which stand from now on. They have no seats.
func enterAll(ctx context.Context, tx *sql.Tx, all []Appointment, action string) error {
	now := time.Now()
	for i := range all {
		draft := all[i]
		draft.State = "" // also when the database asks for it once more
		next, entry, err := draft.Decide(Step{Do: Enter, At: now, Actor: "office"})
		if err != nil {
			return err
		}
		if err := insert(ctx, tx, next); err != nil {
			return err
		}
		entry.Action, entry.Detail = action, ""
		if err := audit.Append(ctx, tx, entry); err != nil {
			return err
		}
		all[i] = next
	}
	return nil
}
