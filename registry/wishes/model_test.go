// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"testing/cryptotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// TestModel plays a town against a model: wishes, answers, appointments that are
// made and cancelled, other rules and closures, programs that are down, and a clock
// that goes over the Sundays on which clocks change, over a leap day and over New
// Year. The model has the queue as a plain list. It is asked within each transaction
// whom an offer may go to, and looks at every wish and every time.
func TestModel(t *testing.T) {
	m := newModel(t)
	rapid.Check(t, func(r *rapid.T) {
		// What lapses at the same time does so in the order of ids.
		cryptotest.SetGlobalRandom(t, rapid.Uint64().Draw(r, "ids"))
		m.begin(r)
		r.Repeat(map[string]func(*rapid.T){
			"":         m.check,
			"enter":    m.enter,
			"enters":   m.enter,
			"leave":    m.leave,
			"confirm":  m.confirm,
			"withdraw": m.withdraw,
			"answer":   m.answer,
			"answers":  m.answer,
			"take":     m.take,
			"takes":    m.take,
			"cancel":   m.cancel,
			"cancels":  m.cancel,
			"rules":    m.rules,
			"hours":    func(t *rapid.T) { m.pass(t, time.Hour) },
			"minutes":  func(t *rapid.T) { m.pass(t, time.Minute) },
		})
	})
	if _, err := audit.Verify(t.Context(), m.store); err != nil {
		t.Error(err)
	}
}

// TestOffersThatLapseTogether: the family that needs the seats of two offers gets
// them when the second one's are free again too, and the model does not say before
// that they were to be had.
func TestOffersThatLapseTogether(t *testing.T) {
	m := newModel(t)
	m.now = at(t, "2026-11-30 12:00")
	furnish(t, m.book, m.now)
	r := rule("mitte")
	r.To, r.Last, r.Public = r.From+15, date(t, "2026-12-01"), 2
	if _, err := m.book.SetPlan(t.Context(), "clerk:anna", calendar.Plan{Rules: []calendar.Rule{r}}, m.now); err != nil {
		t.Fatal(err)
	}
	var family Wish
	for i, persons := range []int{1, 1, 2} {
		w := wish(t, fmt.Sprintf("who%d", i))
		w.Persons = persons
		var err error
		if family, err = m.Enter(t.Context(), "clerk:anna", w, m.now); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := m.Sweep(t.Context(), m.now); n != 2 || err != nil {
		t.Fatalf("%d offers, %v", n, err)
	}
	m.now = m.now.Add(6 * time.Hour)
	if n, _, err := m.book.Expire(t.Context(), m.now); n != 2 || err != nil {
		t.Fatalf("%d lapsed, %v", n, err)
	}
	if got := m.all[family.ID].State; got != Offered || len(m.faults) > 0 {
		t.Errorf("the family's wish is %s: %q", got, m.faults)
	}
}

// newModel is a book and a queue that the model follows.
func newModel(t *testing.T) *model {
	t.Helper()
	s := storetest.Open(t)
	m := &model{all: map[ID]Wish{}, refused: map[string]bool{}}
	m.book = newBook(t, s)
	m.Wishes = New(s, m.book, m, Rules{Answer: 6 * time.Hour, Lead: 30 * time.Minute, Least: 15 * time.Minute, HeadStart: 2 * time.Hour, Refusals: 2})
	m.book.Follow(m)
	m.book.Follow(m.Wishes)
	m.book.Follow(behind{m})
	m.Wishes.Follow(m)
	return m
}

type model struct {
	*Wishes
	book    *book.Book
	plan    calendar.Plan
	now     time.Time
	number  int
	all     map[ID]Wish
	refused map[string]bool // wish, office and time
	told    []Notice
	want    []Kind
	faults  []string

	opened *book.Opening // that offers are made for
	rooms  []book.Room   // what is free around it, before the next offer
}

func (m *model) fault(format string, args ...any) {
	m.faults = append(m.faults, fmt.Sprintf(format, args...))
}

// begin empties the store, but for its record, and opens the town on a day before
// one on which calendars go wrong.
func (m *model) begin(t *rapid.T) {
	err := m.store.Write(t.Context(), func(tx *sql.Tx) (err error) {
		for _, table := range []string{"wish_half", "wish_refused", "wish", "wish_run", "wish_tally", "seat", "slot", "appointment", "calendar", "service", "location"} {
			_, more := tx.Exec(`DELETE FROM ` + table)
			err = errors.Join(err, more)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	day := rapid.SampledFrom([]string{"2026-03-28", "2026-10-24", "2026-12-30", "2028-02-27", "2026-06-03"}).Draw(t, "day")
	m.now = at(t, day+" 00:00").Add(time.Duration(rapid.IntRange(0, 1439).Draw(t, "minute")) * time.Minute).UTC()
	m.all, m.refused, m.told, m.want, m.faults, m.opened = map[ID]Wish{}, map[string]bool{}, nil, nil, nil, nil
	furnish(t, m.book, m.now)
	m.rules(t)
}

// check compares the store with the model.
func (m *model) check(t *rapid.T) {
	for _, f := range m.faults {
		t.Fatal(f)
	}
	var kinds []Kind
	for _, n := range m.told {
		kinds = append(kinds, n.Kind)
	}
	if !slices.Equal(kinds, m.want) {
		t.Fatalf("mails %v, want %v", kinds, m.want)
	}
	rows, offers := 0, map[string]ID{}
	for id, want := range m.all {
		got, err := m.Get(t.Context(), id)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatalf("%v: wish (-model +store):\n%s", err, diff)
		}
		switch got.State {
		case Waiting:
			rows += max(1, len(got.Offices)) * len(got.Windows.halves())
		case Offered:
			m.checkOffer(t, got)
			offers[got.Offer.String()] = id
		}
	}
	if n := count(t, m.store, `SELECT count(*) FROM wish`); n != len(m.all) {
		t.Fatalf("%d wishes, want %d", n, len(m.all))
	}
	if n := count(t, m.store, `SELECT count(*) FROM wish_half`); n != rows {
		t.Fatalf("%d rows to find those that wait, want %d", n, rows)
	}
	if n := count(t, m.store, `SELECT count(*) FROM appointment WHERE state = 'offered'`); n != len(offers) {
		t.Fatalf("%d appointments are offered, for %d wishes", n, len(offers))
	}
}

func (m *model) checkOffer(t *rapid.T, w Wish) {
	a, err := m.book.Get(t.Context(), w.Offer)
	if err != nil || a.State != book.Offered || !a.Email.Equal(w.Email) || a.Service != w.Service || a.Persons != w.Persons {
		t.Fatalf("offered %+v for %+v: %v", a, w, err)
	}
}

func (m *model) draft(t *rapid.T) Wish {
	m.number++
	today := calendar.DayOf(m.now, book.Zone())
	w := Wish{
		Service: rapid.SampledFrom([]uint16{pass, pass, naturalise, visa}).Draw(t, "service"), Persons: rapid.IntRange(1, 2).Draw(t, "persons"),
		Offices: rapid.SampledFrom([][]string{nil, {"mitte"}, {"sued"}, {"mitte", "sued"}}).Draw(t, "offices"),
		First:   today + calendar.Day(rapid.IntRange(0, 1).Draw(t, "first")), Email: email(t, fmt.Sprintf("who%d@example.org", m.number)), Language: "de",
	}
	w.Last = w.First + calendar.Day(rapid.IntRange(0, 3).Draw(t, "days"))
	if rapid.IntRange(0, 2).Draw(t, "any time") == 0 {
		for i := range w.Windows {
			w.Windows[i] = Hours(rapid.Uint32Range(0, 1<<6-1).Draw(t, "hours"))
		}
	}
	return w
}

func (m *model) enter(t *rapid.T) {
	if _, err := m.Enter(t.Context(), "clerk:anna", m.draft(t), m.now); err != nil {
		t.Fatal(err)
	}
}

func (m *model) leave(t *rapid.T) {
	if _, err := m.Leave(t.Context(), m.draft(t), m.now); err != nil {
		t.Fatal(err)
	}
}

// some draws one of the wishes in these states.
func (m *model) some(t *rapid.T, states ...State) Wish {
	all := slices.DeleteFunc(slices.Collect(maps.Values(m.all)), func(w Wish) bool { return !slices.Contains(states, w.State) })
	if len(all) == 0 {
		t.Skip("nobody")
	}
	slices.SortFunc(all, func(a, b Wish) int { return int(a.Place - b.Place) })
	return rapid.SampledFrom(all).Draw(t, "wish")
}

func (m *model) confirm(t *rapid.T) {
	w := m.some(t, Submitted, Waiting)
	can := w.State == Waiting || m.now.Before(w.Until) && calendar.DayOf(m.now, book.Zone()) <= w.Last
	if _, err := m.Confirm(t.Context(), w.ID, m.now); (err == nil) != can {
		t.Fatalf("confirm %+v: %v, the model says %t", w, err, can)
	}
}

func (m *model) withdraw(t *rapid.T) {
	w := m.some(t, Submitted, Waiting, Offered)
	if err := m.Withdraw(t.Context(), "citizen", w.ID, m.now); err != nil || m.all[w.ID].ID != (ID{}) {
		t.Fatalf("withdraw: %v", err)
	}
}

func (m *model) answer(t *rapid.T) {
	w := m.some(t, Offered)
	a, err := m.book.Get(t.Context(), w.Offer)
	if err != nil {
		t.Fatal(err)
	}
	switch rapid.SampledFrom([]string{"accept", "decline", "recall"}).Draw(t, "answer") {
	case "accept":
		if _, err := m.Accept(t.Context(), w.Offer, book.NameOf("Anna"), m.now); (err == nil) != m.now.Before(a.Until) {
			t.Fatalf("accept at %s of %s: %v", m.now, a.Until, err)
		}
	case "decline":
		next, err := m.Decline(t.Context(), w.Offer, m.now)
		if err != nil || m.all[w.ID].State != Offered && next != m.all[w.ID].State && !next.Ended() {
			t.Fatalf("declined: %s, %v, the model has %s", next, err, m.all[w.ID].State)
		}
	case "recall":
		if _, err := m.book.Advance(t.Context(), w.Offer, book.Step{Do: book.Cancel, At: m.now, Actor: "clerk:anna"}); err != nil {
			t.Fatal(err)
		}
		if got := m.all[w.ID]; got.Refusals != w.Refusals {
			t.Fatalf("what the office took back counts: %+v", got)
		}
	}
}

// take has somebody else book what is free.
func (m *model) take(t *rapid.T) {
	r := book.Request{
		Location: rapid.SampledFrom([]string{"mitte", "sued"}).Draw(t, "office"), Service: rapid.SampledFrom([]uint16{pass, naturalise, visa}).Draw(t, "service"),
		Persons: 1, Inside: rapid.Bool().Draw(t, "inside"),
	}
	free, err := m.book.Free(t.Context(), r, m.now, m.now.AddDate(0, 0, 4), m.now)
	if err != nil {
		t.Fatal(err)
	}
	for range rapid.IntRange(1, 8).Draw(t, "appointments") {
		if len(free) == 0 {
			return
		}
		f := rapid.SampledFrom(free).Draw(t, "at")
		do := rapid.SampledFrom([]book.Verb{book.Hold, book.Enter, book.Enter}).Draw(t, "do")
		_, err := m.book.Take(t.Context(), r, f.Start, book.Step{Do: do, At: m.now, Actor: "citizen", Name: book.NameOf("Ben")})
		if err != nil && !errors.Is(err, book.ErrGone) {
			t.Fatal(err)
		}
	}
}

// cancel has somebody cancel an appointment.
func (m *model) cancel(t *rapid.T) {
	all := m.appointments(t)
	if len(all) == 0 {
		t.Skip("nobody")
	}
	a := rapid.SampledFrom(all).Draw(t, "appointment")
	if _, err := m.book.Advance(t.Context(), a.ID, book.Step{Do: book.Cancel, At: m.now, Actor: "citizen"}); err != nil {
		t.Fatal(err)
	}
}

func (m *model) appointments(t *rapid.T) (all []book.Appointment) {
	for day := range 5 {
		list, err := m.book.List(t.Context(), m.now.AddDate(0, 0, day))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, slices.DeleteFunc(list, func(a book.Appointment) bool { return a.State != book.Confirmed })...)
	}
	slices.SortStableFunc(all, func(a, b book.Appointment) int { return a.Start.Compare(b.Start) })
	return all
}

// rules draws other rules and closures for the coming days, also for nights and
// Sundays: that is when clocks change.
func (m *model) rules(t *rapid.T) {
	draw := func(name string, from, to int) int { return rapid.IntRange(from, to).Draw(t, name) }
	var p calendar.Plan
	today := calendar.DayOf(m.now, book.Zone())
	for _, office := range []string{"mitte", "sued"} {
		r := calendar.Rule{
			Office: office, Group: "pass", Days: 127, Last: today + 4, From: calendar.Clock(60 * draw("from", 0, 3)),
			Minutes: rapid.SampledFrom([]int{10, 15, 20}).Draw(t, "minutes"),
			Public:  draw("public", 1, 3), Internal: draw("internal", 0, 1), Cooling: draw("cooling", 0, 1) * 20,
		}
		r.To = r.From + calendar.Clock(60*draw("hours", 1, 3))
		if draw("release", 0, 2) == 0 {
			r.Releases = []calendar.Release{{Kind: calendar.Public, Ahead: draw("ahead", 1, 3), At: calendar.Clock(60 * draw("at", 0, 23))}}
		}
		p.Rules = append(p.Rules, r)
	}
	if draw("closed", 0, 2) == 0 {
		day := today + calendar.Day(draw("day", 0, 3))
		p.Closures = []calendar.Closure{{First: day, Last: day + calendar.Day(draw("days", 0, 1)), Reason: "x"}}
	}
	if _, err := m.book.SetPlan(t.Context(), "clerk:anna", p, m.now); err != nil {
		t.Fatal(err)
	}
	var err error
	if m.plan, err = m.book.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.sweeps(t)
}

// sweeps: what other rules gave, or a release, is offered; nobody waits any more
// for what is free and not everybody's alone.
func (m *model) sweeps(t *rapid.T) {
	if _, err := m.Sweep(t.Context(), m.now); err != nil {
		t.Fatal(err)
	}
	if n, err := m.Sweep(t.Context(), m.now); n != 0 || err != nil {
		t.Fatalf("swept again: %d offers, %v", n, err)
	}
}

// pass lets time go by; the programs may be down meanwhile.
func (m *model) pass(t *rapid.T, unit time.Duration) {
	m.now = m.now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "time")) * unit)
	if rapid.IntRange(0, 3).Draw(t, "down") == 0 {
		return
	}
	if _, _, err := m.book.Expire(t.Context(), m.now); err != nil {
		t.Fatal(err)
	}
	if _, err := m.book.Release(t.Context(), m.now); err != nil {
		t.Fatal(err)
	}
	m.sweeps(t)
	today := calendar.DayOf(m.now, book.Zone())
	for _, w := range m.all {
		if w.State == Submitted && !m.now.Before(w.Until) || w.State == Waiting && w.Last < today {
			t.Fatalf("%+v has not ended", w)
		}
	}
}
