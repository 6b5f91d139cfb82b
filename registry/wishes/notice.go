// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"context"
	"database/sql"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// A Kind is what a mail about a wish tells.
type Kind string

// The kinds. That an offer was accepted is told by the mail about the appointment.
const (
	ToConfirm Kind = "wish-submitted" // please confirm the wish, until Notice.Until
	Entered   Kind = "wish-confirmed" // it is in the queue
	ToAnswer  Kind = "offered"        // seats are kept for it until Notice.Until: accept or decline
	Missed    Kind = "wish-lapsed"    // an offer was not answered in time; the wish stays
	Closed    Kind = "wish-ended"     // nothing is looked for any more, for Notice.Reason
)

// Why a wish has ended.
const (
	ReasonOver    = "over"
	ReasonRefused = "declined"
)

// A Notice is what is to be told about a wish. It has all that a mail needs,
// because the wish may be erased before the mail is sent.
type Notice struct {
	Kind     Kind
	At       time.Time // when it happened
	Wish     ID
	Email    book.Email
	Language string
	Service  uint16
	Until    time.Time      // ToConfirm, ToAnswer: as long; Entered, Missed: the end of the last day
	Offer    appointment.ID // ToAnswer, Missed: the appointment that was offered
	Location string         // of it
	Start    time.Time      // of it
	Left     int            // Missed: so many more offers it may refuse before it ends
	Reason   string         // Closed
}

// A Poster puts mails into the outbox.
type Poster interface {
	// Notify does so within the transaction of what is to be told: there is a mail
	// exactly when it happened.
	Notify(ctx context.Context, tx *sql.Tx, n Notice) error
}

// notice is what is to be told of a step, or that nothing is. About an offer it
// says which one, by its appointment.
func notice(s Step, before, after Wish, a book.Appointment, refusals int) (n Notice, tell bool) {
	n = Notice{At: s.At, Wish: after.ID, Email: after.Email, Language: after.Language, Service: after.Service}
	switch {
	case s.Do == Leave:
		n.Kind, n.Until = ToConfirm, after.Until
	case s.Do == Enter, s.Do == Confirm:
		n.Kind, n.Until = Entered, after.Last.At(calendar.Midnight, book.Zone())
	case s.Do == Offer:
		n.Kind, n.Until, n.Offer, n.Location, n.Start = ToAnswer, a.Until, a.ID, a.Location, a.Start
	case after.State == Over && before.State != Submitted:
		n.Kind, n.Reason = Closed, ReasonOver
	case after.State == Refused:
		n.Kind, n.Reason = Closed, ReasonRefused
	case s.Do == Lapse:
		n.Kind, n.Until, n.Offer, n.Location, n.Start = Missed, after.Last.At(calendar.Midnight, book.Zone()), a.ID, a.Location, a.Start
		n.Left = refusals - after.Refusals
	default:
		return Notice{}, false
	}
	return n, true
}
