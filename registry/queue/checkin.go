// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/store"
)

// Unknown is the answer to a code that is right and whose appointment the book
// does not have. The other answers are those of package appointment; a
// Terminkennung is never of another town, moved, or forged.
const Unknown appointment.Answer = "unknown"

// Answers are all that a check-in can be answered with.
func Answers() []appointment.Answer {
	return []appointment.Answer{
		appointment.OK, appointment.TooEarly, appointment.TooLate, appointment.WrongOffice, appointment.Cancelled, appointment.Moved,
		appointment.AlreadyCheckedIn, appointment.UnknownKey, appointment.BadSignature, appointment.Expired, appointment.Malformed, Unknown,
	}
}

// A Fact is that somebody was there and showed a code.
type Fact struct {
	Nonce    string    // 1 to 64 characters; the same one of a device is the same fact once more
	Code     string    // FB1 code or Terminkennung
	At       time.Time // when the person was there: it is judged by that, however late the office learns of it
	Location string    // code of the office where it was, "" where that is not known
	Device   string    // id of the station, "" at the desk
	Actor    string    // for the record: "device:id", "clerk:name"
}

// An Outcome is the answer to a fact.
type Outcome struct {
	Answer      appointment.Answer
	Appointment appointment.ID // the zero ID when no appointment was found
	Number      Number         // 0 without one
}

// ErrFact says that a fact cannot be one.
var ErrFact = errors.New("a check-in needs a nonce of 1 to 64 characters and a time")

func (f Fact) check() error {
	if len(f.Nonce) < 1 || len(f.Nonce) > 64 || f.At.IsZero() || f.Actor == "" {
		return ErrFact
	}
	return nil
}

// CheckIn notes that somebody was there, and says what comes of it. What is
// refused is noted too, with its reason. A fact with the nonce of an earlier one
// of the device gets that one's answer, and nothing happens. A clock that is
// ahead of the office's makes nobody arrive later than now.
func (q *Queue) CheckIn(ctx context.Context, f Fact, now time.Time) (o Outcome, err error) {
	if err := f.check(); err != nil {
		return Outcome{}, err
	}
	if f.At.After(now) {
		f.At = now
	}
	f.At = f.At.UTC().Truncate(time.Millisecond) // as it is kept
	err = q.store.Write(ctx, func(tx *sql.Tx) error {
		o, err = q.checkIn(ctx, tx, f, now)
		return err
	})
	if err != nil {
		return Outcome{}, fmt.Errorf("check in: %w", err)
	}
	return o, nil
}

func (q *Queue) checkIn(ctx context.Context, tx *sql.Tx, f Fact, now time.Time) (Outcome, error) {
	o, err := noted(ctx, tx, f)
	if !errors.Is(err, sql.ErrNoRows) {
		return o, err
	}
	o, err = q.decide(ctx, tx, f)
	if err != nil {
		return Outcome{}, err
	}
	return o, f.note(ctx, tx, o, now)
}

// decide finds the appointment, judges the fact, and makes the step.
func (q *Queue) decide(ctx context.Context, tx *sql.Tx, f Fact) (Outcome, error) {
	a, answer, err := q.find(ctx, tx, f)
	if err != nil || answer != appointment.OK {
		return Outcome{Answer: answer, Appointment: a.ID}, err
	}
	was, err := load(ctx, tx, a.ID)
	if err != nil {
		return Outcome{}, err
	}
	switch answer = judge(f, a, was); answer {
	case appointment.OK:
		was, err = q.arrive(ctx, tx, f, a, was)
	case appointment.AlreadyCheckedIn:
		err = was.earlier(ctx, tx, f.At, a.State)
	}
	return Outcome{answer, a.ID, numberOf(was.n)}, err
}

// find gives the appointment that the code means, or why it means none that holds.
func (q *Queue) find(ctx context.Context, tx *sql.Tx, f Fact) (a book.Appointment, answer appointment.Answer, err error) {
	if k, err := appointment.ParseTerminkennung(f.Code); err == nil {
		a, err := book.ByTerminkennung(ctx, tx, k)
		if errors.Is(err, book.ErrNotFound) {
			return a, Unknown, nil
		}
		return a, appointment.OK, err
	}
	code, answer := q.check.Check(f.Code, f.At)
	if answer != appointment.OK && answer != appointment.Expired {
		return a, answer, nil
	}
	a, err = book.Get(ctx, tx, code.ID)
	switch {
	case errors.Is(err, book.ErrNotFound):
		if answer == appointment.OK {
			answer = Unknown
		}
		return a, answer, nil
	case err == nil && a.State != book.Cancelled && code.Revision < a.Revision:
		return a, appointment.Moved, nil
	}
	return a, appointment.OK, err // when it has ended, the appointment is over too
}

// judge is the answer to a code of the appointment that holds: by the place, by
// how far the appointment is, and by when the person was there. Nothing else
// decides, so that facts are judged the same in whatever order they come.
func judge(f Fact, a book.Appointment, was arrival) appointment.Answer {
	if a.State == book.Cancelled {
		return appointment.Cancelled
	}
	if !a.State.Stands() {
		return Unknown // nobody was given its code
	}
	if f.Location != "" && a.Location != "" && f.Location != a.Location {
		return appointment.WrongOffice
	}
	again := a.State != book.Confirmed && !(a.State == book.Missed && was.gone(f.At))
	a.State = book.Confirmed // for the clock alone
	_, _, err := a.Decide(book.Step{Do: book.Arrive, At: f.At, Actor: f.Actor})
	switch {
	case errors.Is(err, book.ErrEarly):
		return appointment.TooEarly
	case errors.Is(err, book.ErrLate):
		return appointment.TooLate
	case again:
		return appointment.AlreadyCheckedIn
	}
	return appointment.OK
}

// noted is the outcome of a fact that came before, or sql.ErrNoRows.
func noted(ctx context.Context, tx *sql.Tx, f Fact) (o Outcome, err error) {
	var id string
	var n int
	err = tx.QueryRowContext(ctx, `SELECT answer, appointment, n FROM fact WHERE device = $1 AND nonce = $2`, f.Device, f.Nonce).Scan(&o.Answer, &id, &n)
	if err != nil {
		return Outcome{}, err
	}
	o.Number = numberOf(n)
	if id != "" {
		o.Appointment, err = appointment.ParseID(id)
	}
	return o, err
}

func (f Fact) note(ctx context.Context, tx *sql.Tx, o Outcome, now time.Time) error {
	id, n := "", 0
	if o.Appointment != (appointment.ID{}) {
		id = o.Appointment.String()
	}
	if o.Number != 0 {
		a, err := load(ctx, tx, o.Appointment)
		if err != nil {
			return err
		}
		n = a.n
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO fact (device, nonce, appointment, at, noted_at, answer, n) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		f.Device, f.Nonce, id, f.At.UnixMilli(), now.UnixMilli(), string(o.Answer), n)
	return err
}

// A Noted is a fact as the office keeps it.
type Noted struct {
	Device      string
	Appointment string // "" when nobody knows it
	At, Learned time.Time
	Answer      appointment.Answer
}

// Facts gives what was shown from one moment on, in the order in which the office learned of it.
func (q *Queue) Facts(ctx context.Context, since time.Time) ([]Noted, error) {
	all, err := store.List(ctx, q.store, func(row store.Row) (n Noted, err error) {
		var at, learned int64
		err = row.Scan(&n.Device, &n.Appointment, &at, &learned, &n.Answer)
		n.At, n.Learned = moment(at), moment(learned)
		return n, err
	}, `SELECT device, appointment, at, noted_at, answer FROM fact WHERE noted_at >= $1 ORDER BY noted_at, at, nonce`, since.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("list check-ins: %w", err)
	}
	return all, nil
}
