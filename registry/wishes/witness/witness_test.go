// SPDX-License-Identifier: EUPL-1.2

package witness

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/registry/wishes"
)

func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }

// A town is a queue with its book and witness, and people who come by chance.
type town struct {
	Witness
	store  *store.Store
	book   *book.Book
	queue  *wishes.Wishes
	now    time.Time
	rand   *rand.Rand
	offers []appointment.ID // that wait for an answer
	taken  []appointment.ID
	n      int
}

// Notify notes to whom something is offered.
func (w *town) Notify(_ context.Context, _ *sql.Tx, n wishes.Notice) error {
	if n.Kind == wishes.ToAnswer {
		w.offers = append(w.offers, n.Offer)
	}
	return nil
}

// newTown has two offices where everything is taken for a week from the day before
// the Sunday in autumn on, on which clocks change.
func newTown(t *testing.T) *town {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &town{store: storetest.Open(t), now: time.Date(2026, 10, 23, 22, 0, 0, 0, time.UTC), rand: rand.New(rand.NewPCG(3, 7))}
	w.Witness = New(wishes.Defaults())
	w.book = book.New(w.store, 5112000, key)
	w.queue = wishes.New(w.store, w.book, w, wishes.Defaults())
	w.book.Follow(w.Witness)
	w.book.Follow(w.queue)
	w.queue.Follow(w.Witness)
	var p calendar.Plan
	today := calendar.DayOf(w.now, book.Zone())
	for _, office := range []string{"mitte", "sued"} {
		err = errors.Join(err, w.book.PutLocation(t.Context(), "clerk:anna", book.Location{Code: office, Name: office, Online: true}, w.now))
		p.Rules = append(p.Rules, calendar.Rule{Office: office, Group: "pass", Days: 127, Last: today + 6, From: 60, To: 4 * 60, Minutes: 15, Public: 2, Cooling: 5})
	}
	for code, minutes := range map[uint16]int{1: 15, 2: 30} {
		err = errors.Join(err, w.book.PutService(t.Context(), "clerk:anna", book.Service{Code: code, Name: "Pass", Group: "pass", Minutes: minutes, Seats: 1}, w.now))
	}
	if _, more := w.book.SetPlan(t.Context(), "clerk:anna", p, w.now); err != nil || more != nil {
		t.Fatal(err, more)
	}
	for _, office := range []string{"mitte", "sued"} {
		for w.fills(t, office) {
		}
	}
	return w
}

// fills takes what is free at the office, and says whether anything was.
func (w *town) fills(t *testing.T, office string) bool {
	t.Helper()
	r := book.Request{Location: office, Service: 1, Persons: 1}
	free, err := w.book.Free(t.Context(), r, w.now, w.now.AddDate(0, 0, 8), w.now)
	for _, f := range free {
		a, failed := w.book.Take(t.Context(), r, f.Start, book.Step{Do: book.Enter, At: w.now, Actor: "citizen", Name: book.NameOf("Ben")})
		err = errors.Join(err, failed)
		w.taken = append(w.taken, a.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return len(free) > 0
}

func (w *town) enters(t *testing.T) {
	t.Helper()
	w.n++
	address, err := book.ParseEmail(fmt.Sprintf("who%d@example.org", w.n))
	if err != nil {
		t.Fatal(err)
	}
	today := calendar.DayOf(w.now, book.Zone())
	d := wishes.Wish{Service: uint16(1 + w.rand.IntN(2)), Persons: 1 + w.rand.IntN(2), First: today, Last: today + calendar.Day(w.rand.IntN(6)), Email: address}
	d.Offices = [][]string{nil, {"mitte"}, {"sued"}}[w.rand.IntN(3)]
	for day := range 7 {
		if w.n%2 == 0 {
			d.Windows[day] = wishes.Between(1+w.rand.IntN(2), 3+w.rand.IntN(2))
		}
	}
	if _, err := w.queue.Enter(t.Context(), "office", d, w.now); err != nil {
		t.Fatal(err)
	}
}

// lives lets a quarter of an hour pass: some come, some cancel, some answer.
func (w *town) lives(t *testing.T) {
	t.Helper()
	w.now = w.now.Add(15 * time.Minute)
	_, _, err := w.book.Expire(t.Context(), w.now)
	_, more := w.book.Release(t.Context(), w.now)
	_, last := w.queue.Sweep(t.Context(), w.now)
	err = errors.Join(err, more, last)
	if w.rand.IntN(2) == 0 {
		w.enters(t)
	}
	if i := w.rand.IntN(len(w.taken)); w.rand.IntN(3) == 0 {
		_, failed := w.book.Advance(t.Context(), w.taken[i], book.Step{Do: book.Cancel, At: w.now, Actor: "citizen"})
		if !errors.Is(failed, book.ErrState) {
			err = errors.Join(err, failed)
		}
	}
	if len(w.offers) > 0 && w.rand.IntN(2) == 0 {
		err = errors.Join(err, w.answers(t))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (w *town) answers(t *testing.T) (err error) {
	t.Helper()
	offer := w.offers[0]
	w.offers = w.offers[1:]
	switch w.rand.IntN(10) {
	case 0: // it lapses
		return nil
	case 1, 2:
		_, err = w.queue.Decline(t.Context(), offer, w.now)
	default:
		_, err = w.queue.Accept(t.Context(), offer, book.NameOf("Anna"), w.now)
		w.taken = append(w.taken, offer)
	}
	if errors.Is(err, wishes.ErrNotFound) || errors.Is(err, book.ErrLate) {
		return nil
	}
	return err
}

// TestWeek plays a week, in which nothing is against the rules.
func TestWeek(t *testing.T) {
	w := newTown(t)
	for range 5 * 24 * 4 {
		w.lives(t)
	}
	w.Checker.Close(w.now)
	for _, f := range w.Checker.Faults() {
		t.Error(f)
	}
	today := calendar.DayOf(w.now, book.Zone())
	r, err := w.queue.Report(t.Context(), today-10, today)
	if err != nil || r.Offered != w.Checker.Offers() || r.Placed == 0 || r.Declined == 0 || r.Lapsed == 0 || r.Over == 0 {
		t.Errorf("%+v, %v: %d offers were checked; want some of each", r, err, w.Checker.Offers())
	}
}

// TestWrongQueue: a store in which the first of the queue are not found any more is found out.
func TestWrongQueue(t *testing.T) {
	w := newTown(t)
	for range 30 {
		w.enters(t)
	}
	err := w.store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`DELETE FROM wish_half WHERE place < 15`) // those in front are not found
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 200 {
		w.lives(t)
	}
	if got := strings.Join(w.Checker.Faults(), "\n"); !strings.Contains(got, "is overtaken by") {
		t.Errorf("nobody is overtaken, but:\n%s", got)
	}
}
