// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"context"
	"database/sql"
	"time"
)

// An Event is a step that was made with an appointment.
type Event struct {
	Step
	Before, After Appointment // Before is the zero Appointment when the step made it
}

// An Opening is a slot in which seats are free again.
type Opening struct {
	Location, Group string
	Start           time.Time // UTC
	Length          time.Duration
	Seats           int // so many
}

// A Follower does its own part of what happens in the book, in the same
// transaction: all of it happens, or nothing. An error undoes the step.
type Follower interface {
	// Made is told of each step with an appointment that has or had seats.
	Made(ctx context.Context, tx *sql.Tx, e Event) error
	// Opened is told of seats that nobody has any more, before anybody else can
	// have them: it may take them itself, with TakeIn. Seats of a release are none
	// of these.
	Opened(ctx context.Context, tx *sql.Tx, o Opening, now time.Time) error
}

// Follow has f follow the book from now on. It is called before the book is used.
func (b *Book) Follow(f Follower) { b.followers = append(b.followers, f) }

// open tells the followers of what is free again.
func (b *Book) open(ctx context.Context, tx *sql.Tx, freed []Opening, now time.Time) error {
	for _, o := range freed {
		for _, f := range b.followers {
			if err := f.Opened(ctx, tx, o, now); err != nil {
				return err
			}
		}
	}
	return nil
}
