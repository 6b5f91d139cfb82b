// SPDX-License-Identifier: EUPL-1.2

// Package post is the office's outbox for mails: what is to be told lies in the store with what it tells of, until a mail server has taken it.
//
// A [Message] is put there in the transaction of the thing it tells of, so that there
// is one exactly when it happened. It names that thing; the words are made by a
// [Writer] when it is sent, of what is true then. It goes out at least once: a program
// that dies after the mail server has taken a mail and before it could note so sends
// it again, with the same Message-ID.
package post

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A Kind is what a message tells.
type Kind string

// The kinds. Alert goes to the technicians, the others to a citizen: the first about
// an appointment, by its id, the last about a wish, by its.
const (
	Alert Kind = "alert"

	Submitted Kind = "submitted" // please confirm, until the appointment lapses
	Confirmed Kind = "confirmed" // it stands
	Moved     Kind = "moved"     // it stands at another time or office, with a new code
	Cancelled Kind = "cancelled"
	Reminder  Kind = "reminder" // it is in two days
	Closed    Kind = "closed"   // the office has no seat for it any more: choose another time
	Offered   Kind = "offered"  // a seat for a wish, until the offer lapses

	WishSubmitted Kind = "wish-submitted" // please confirm the wish
	WishConfirmed Kind = "wish-confirmed" // it is in the list
	WishLapsed    Kind = "wish-lapsed"    // an offer was not answered in time; the wish stays
	WishEnded     Kind = "wish-ended"     // nothing is looked for any more
)

// Kinds are all of them.
func Kinds() []Kind {
	return []Kind{Alert, Submitted, Confirmed, Moved, Cancelled, Reminder, Closed, Offered, WishSubmitted, WishConfirmed, WishLapsed, WishEnded}
}

// lane is who carries the kind: nobody's mail makes the technicians wait.
func (k Kind) lane() lane {
	if k == Alert {
		return alerts
	}
	return letters
}

// A Message is something to be told.
type Message struct {
	ID    string // Message-ID without its brackets; Put draws it
	Kind  Kind
	About string    // id of the appointment or the wish
	To    string    // address, only where About does not lead to it when the message is sent
	Due   time.Time // when it is to be sent, the zero time for at once
	Facts Facts

	tries, refused int
}

// Facts are what a message tells besides what About leads to. Nothing of a person is
// among them: all but what a kind needs are zero.
type Facts struct {
	Revision int       `json:"revision,omitempty"` // of the appointment: another one has its own message
	Start    time.Time `json:"start,omitzero"`     // Moved: where it was; WishLapsed: what was offered
	Location string    `json:"location,omitempty"` // of Start, by its code
	Service  uint16    `json:"service,omitempty"`  // of a wish
	Until    time.Time `json:"until,omitzero"`     // WishSubmitted: as long it can be confirmed; WishConfirmed and WishLapsed: the end of the last day
	Reason   string    `json:"reason,omitempty"`   // Cancelled and WishEnded: one of the reasons below; Closed: the closure's
	Wish     string    `json:"wish,omitempty"`     // Offered: the wish that it is for
	Language string    `json:"language,omitempty"` // that the citizen reads, where To is set

	Subject string `json:"subject,omitempty"` // Alert
	Body    string `json:"body,omitempty"`
}

// Why an appointment is cancelled, or a wish has ended. The empty reason is the citizen's own word.
const (
	ByOffice = "office"   // the office has cancelled it
	Over     = "over"     // the wish's last day is over
	TooOften = "declined" // the wish was offered as much as it could be
)

var errPut = errors.New("put message: kind or what it is about is missing")

// Put puts a message into the outbox within the caller's transaction.
func Put(ctx context.Context, tx *sql.Tx, m Message, now time.Time) error {
	if m.Kind == "" || m.About == "" {
		return errPut
	}
	facts, err := json.Marshal(m.Facts)
	if err != nil {
		return fmt.Errorf("put message: %w", err)
	}
	due := now
	if m.Due.After(now) {
		due = m.Due
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO post (id, lane, kind, about, facts, email, due_at, tries, refused, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $7)`,
		strings.ToLower(rand.Text())+"@fotobox", string(m.Kind.lane()), string(m.Kind), m.About, string(facts), m.To, due.UnixMilli())
	if err != nil {
		return fmt.Errorf("put message: %w", err)
	}
	return nil
}

// Settle leaves out of a backup that was brought back what the technicians were to be
// told then: what is still wrong is told again.
func Settle(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM post WHERE lane = $1`, string(alerts)); err != nil {
		return fmt.Errorf("settle outbox: %w", err)
	}
	return nil
}

// ErrOver says that a message has nothing to tell any more.
var ErrOver = errors.New("there is nothing to tell any more")

// A Writer makes the words.
type Writer interface {
	// Write gives what the message says at now, or ErrOver.
	Write(ctx context.Context, m Message, now time.Time) (Letter, error)
}
