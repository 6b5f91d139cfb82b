// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"database/sql"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// TestModel plays a town against a model: holds, answers, moves, cancellations,
// other rules, closures, programs that are down, and a clock that goes over the
// Sundays on which clocks change, over a leap day and over New Year. The model
// has the appointments as they must be, and looks at every seat minute by minute.
func TestModel(t *testing.T) {
	b, _ := open(t)
	rapid.Check(t, func(t *rapid.T) {
		m := newModel(t, b)
		t.Repeat(map[string]func(*rapid.T){
			"":        m.check,
			"take":    m.take,
			"takes":   m.take,
			"moves":   m.move,
			"submit":  func(t *rapid.T) { m.step(t, Submit) },
			"confirm": func(t *rapid.T) { m.step(t, Confirm) },
			"cancel":  func(t *rapid.T) { m.step(t, Cancel) },
			"any":     func(t *rapid.T) { m.step(t, rapid.SampledFrom(verbs()[3:]).Draw(t, "do")) },
			"move":    m.move,
			"rules":   m.rules,
			"hours":   func(t *rapid.T) { m.pass(t, time.Hour) },
			"minutes": func(t *rapid.T) { m.pass(t, time.Minute) },
		})
	})
	verify(t, b)
}

type model struct {
	book *Book
	now  time.Time
	ran  time.Time // up to when releases were done
	plan calendar.Plan
	all  map[appointment.ID]Appointment
}

// newModel empties the book, but for its record, and opens the town on a day
// before one on which calendars go wrong.
func newModel(t *rapid.T, b *Book) *model {
	err := b.store.Write(t.Context(), func(tx *sql.Tx) (err error) {
		for _, table := range []string{"seat", "slot", "appointment", "calendar", "service", "location"} {
			_, more := tx.Exec(`DELETE FROM ` + table)
			err = errors.Join(err, more)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	day := rapid.SampledFrom([]string{"2026-03-28", "2026-10-24", "2026-12-30", "2028-02-27", "2026-06-03"}).Draw(t, "day")
	now, err := time.ParseInLocation(time.DateOnly, day, Zone())
	if err != nil {
		t.Fatal(err)
	}
	m := &model{book: b, now: now.Add(time.Duration(rapid.IntRange(0, 1439).Draw(t, "minute")) * time.Minute).UTC(), all: map[appointment.ID]Appointment{}}
	furnish(t, b, m.now)
	m.rules(t)
	return m
}

// rules draws other rules and closures for the coming days. They hold at night
// and on Sundays, too: that is when clocks change.
func (m *model) rules(t *rapid.T) {
	draw := func(name string, from, to int) int { return rapid.IntRange(from, to).Draw(t, name) }
	today := calendar.DayOf(m.now, Zone())
	r := calendar.Rule{
		Office: "mitte", Group: "pass", Days: 127, Last: today + 4, From: calendar.Clock(60 * draw("from", 0, 3)),
		Minutes: rapid.SampledFrom([]int{10, 15, 20, 25}).Draw(t, "minutes"),
		Public:  draw("public", 1, 3), Internal: draw("internal", 0, 2), Cooling: draw("cooling", 0, 2) * 20,
	}
	r.To = r.From + calendar.Clock(60*draw("hours", 1, 3))
	if draw("release", 0, 1) == 1 {
		r.Releases = []calendar.Release{{Kind: calendar.Public, Ahead: draw("ahead", 1, 3), At: calendar.Clock(60 * draw("at", 0, 23))}}
		r.Notice = draw("notice", 0, 1)
	}
	p := calendar.Plan{Rules: []calendar.Rule{r}}
	if draw("closed", 0, 2) == 0 {
		day := today + calendar.Day(draw("day", 0, 3))
		p.Closures = []calendar.Closure{{First: day, Last: day + calendar.Day(draw("days", 0, 1)), Reason: "x"}}
	}
	c, err := m.book.SetPlan(t.Context(), "clerk:anna", p, m.now)
	if err != nil {
		t.Fatal(err)
	}
	if m.plan, err = m.book.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.ran = m.now
	m.expectAffected(t, c.Affected)
	m.checkSlots(t, m.slots(t), true)
}

// expectAffected: exactly those are told that have a seat which the rules do not give.
func (m *model) expectAffected(t *rapid.T, got []Appointment) {
	want := map[appointment.ID]bool{}
	for _, s := range m.slots(t) {
		for number, who := range s.has {
			if id, err := appointment.ParseID(who); err == nil && number >= s.seats && !s.start.Before(m.now) {
				want[id] = true
			}
		}
	}
	told := map[appointment.ID]bool{}
	for _, a := range got {
		told[a.ID] = true
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Fatalf("affected by the rules (-want +got):\n%s", diff)
	}
}

// A filled is a slot of the store and who has its seats, "resting" nobody.
type filled struct {
	start, end      time.Time
	seats, released int
	has             map[int]string
}

func (m *model) slots(t *rapid.T) (all []filled) {
	err := m.book.store.Read(t.Context(), func(tx *sql.Tx) error {
		rows, err := tx.Query(`SELECT start_at, minutes, seats, released, number, COALESCE(appointment, 'resting') FROM slot LEFT JOIN seat ON seat.slot = slot.id ORDER BY start_at`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var start, minutes int64
			var number sql.NullInt64
			var who string
			var s filled
			if err := rows.Scan(&start, &minutes, &s.seats, &s.released, &number, &who); err != nil {
				return err
			}
			s.start, s.has = time.UnixMilli(start).UTC(), map[int]string{}
			s.end = s.start.Add(time.Duration(minutes) * time.Minute)
			if len(all) == 0 || !all[len(all)-1].start.Equal(s.start) {
				all = append(all, s)
			}
			if number.Valid {
				all[len(all)-1].has[int(number.Int64)] = who
			}
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// seatAt is one seat in one minute since 1970.
type seatAt struct{ minute, number int }

// busy is who has which seat in which minute: no two, but somebody who moved
// may have one that rests in a slot of earlier rules.
func busy(t *rapid.T, all []filled) map[seatAt][]string {
	busy := map[seatAt][]string{}
	for _, s := range all {
		for number, who := range s.has {
			for at := s.start; at.Before(s.end); at = at.Add(time.Minute) {
				k := seatAt{int(at.Unix() / 60), number}
				if others := busy[k]; len(others) > 0 && who != "resting" && others[0] != "resting" {
					t.Fatalf("seat %d at %s: %s and %s", number, at, others, who)
				}
				busy[k] = append(busy[k], who)
			}
		}
	}
	return busy
}

// check compares the book with the model.
func (m *model) check(t *rapid.T) {
	slots := m.slots(t)
	got := map[appointment.ID]map[int]int{} // minutes by seat
	for k, all := range busy(t, slots) {
		for _, who := range all {
			id, err := appointment.ParseID(who)
			if err != nil {
				continue
			}
			if got[id] == nil {
				got[id] = map[int]int{}
			}
			a := m.all[id]
			if at := time.Unix(int64(k.minute)*60, 0); at.Before(a.Start) || !at.Before(a.End()) {
				t.Fatalf("%+v has a seat at %s", a, at)
			}
			got[id][k.number]++
		}
	}
	for id, a := range m.all {
		stored, err := m.book.Get(t.Context(), id)
		if diff := cmp.Diff(a, stored); diff != "" || err != nil {
			t.Fatalf("%v: appointment (-model +book):\n%s", err, diff)
		}
		want := a.Persons * seatsEach(a.Service)
		if a.State == Cancelled {
			want = 0
		}
		for number, minutes := range got[id] {
			if minutes != int(a.Length/time.Minute) {
				t.Fatalf("seat %d of %+v for %d minutes", number, a, minutes)
			}
		}
		if len(got[id]) != want {
			t.Fatalf("%+v has seats %v, want %d", a, got[id], want)
		}
	}
	m.checkSlots(t, slots, false)
}

func seatsEach(service uint16) int {
	if service == visa {
		return 2
	}
	return 1
}

// checkSlots: from now on there are the slots of the rules, and of others only
// those that somebody has a seat in, with none for anybody else. Made anew, those
// that nobody is in are as long as the rules say.
func (m *model) checkSlots(t *rapid.T, slots []filled, anew bool) {
	wanted := map[time.Time]calendar.Slot{}
	today := calendar.DayOf(m.now, Zone())
	for _, s := range m.plan.Slots(today, today+Horizon) {
		wanted[s.Start] = s
	}
	for _, s := range slots {
		want, there := wanted[s.start]
		delete(wanted, s.start)
		switch {
		case s.start.Before(m.now):
		case !there && (s.seats != 0 || s.released != 0):
			t.Fatalf("%+v is of no rule", s)
		case there && (s.seats != want.Seats || s.released != want.Released(m.ran) || anew && len(s.has) == 0 && !s.end.Equal(want.End())):
			t.Fatalf("%+v, want %+v", s, want)
		}
	}
	for start, s := range wanted {
		if start.After(m.now) {
			t.Fatalf("no slot for %+v", s)
		}
	}
}

// request draws what somebody wants, and when.
func (m *model) request(t *rapid.T) (r Request, start time.Time) {
	r = Request{"mitte", rapid.SampledFrom([]uint16{pass, naturalise, visa}).Draw(t, "service"), rapid.IntRange(1, 2).Draw(t, "persons"), rapid.Bool().Draw(t, "inside")}
	day := calendar.DayOf(m.now, Zone()) + calendar.Day(rapid.IntRange(0, 3).Draw(t, "day"))
	slots := m.plan.Slots(day, day)
	if len(slots) == 0 {
		return r, day.At(9*60, Zone())
	}
	return r, rapid.SampledFrom(slots[:min(5, len(slots))]).Draw(t, "slot").Start
}

// fits says whether there are seats for the request, by looking at each seat in
// each minute. Those of one appointment count as free.
func (m *model) fits(t *rapid.T, r Request, start time.Time, but appointment.ID) bool {
	slots := m.slots(t)
	busy, end := busy(t, slots), start
	able := make([]bool, calendar.MaxSeats)
	for i := range able {
		able[i] = true
	}
	minutes := map[uint16]time.Duration{pass: 15, naturalise: 30, visa: 10}[r.Service] * time.Minute
	for end.Sub(start) < minutes {
		i := slices.IndexFunc(slots, func(s filled) bool { return s.start.Equal(end) && s.seats > 0 })
		if i < 0 {
			return false
		}
		n := m.bookable(slots[i], r.Inside)
		for number := range able {
			able[number] = able[number] && number < n
			for at := end; at.Before(slots[i].end); at = at.Add(time.Minute) {
				taken := slices.ContainsFunc(busy[seatAt{int(at.Unix() / 60), number}], func(who string) bool { return who != but.String() })
				able[number] = able[number] && !taken
			}
		}
		end = slots[i].end
	}
	found := 0
	for _, ok := range able {
		found += number(ok)
	}
	return found >= r.Persons*seatsEach(r.Service)
}

// bookable is how many of the slot's seats somebody may have now. Rules leave a
// slot alone that has begun.
func (m *model) bookable(s filled, inside bool) int {
	if inside && s.start.Before(m.now) && m.now.Before(s.end) {
		return s.seats
	}
	day := calendar.DayOf(s.start, Zone())
	for _, want := range m.plan.Slots(day, day) {
		switch {
		case !want.Start.Equal(s.start):
		case !m.now.Before(s.end), !inside && !m.now.Before(want.Closes):
			return 0
		case inside:
			return want.Seats
		default:
			return want.Released(m.ran)
		}
	}
	return 0
}

func (m *model) take(t *rapid.T) {
	r, start := m.request(t)
	s := Step{Do: rapid.SampledFrom([]Verb{Hold, Hold, Enter, Offer}).Draw(t, "do"), At: m.now, Actor: "citizen", Until: m.now.Add(time.Hour)}
	if s.Do == Enter {
		s.Name = NameOf("Anna")
	}
	fits := m.fits(t, r, start, appointment.ID{})
	a, err := m.book.Take(t.Context(), r, start, s)
	if err != nil && !errors.Is(err, ErrGone) || fits != (err == nil) {
		t.Fatalf("%+v at %s: %v, the model says %t", r, start, err, fits)
	}
	if err == nil {
		m.all[a.ID] = a
	}
}

// some draws one of the appointments, by their order of time: ids are random.
func (m *model) some(t *rapid.T) Appointment {
	if len(m.all) == 0 {
		t.Skip("nobody")
	}
	var all []Appointment
	for _, a := range m.all {
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b Appointment) int { return a.Start.Compare(b.Start) })
	return rapid.SampledFrom(all).Draw(t, "who")
}

// step makes any step but a move: the book must do what Decide says.
func (m *model) step(t *rapid.T, do Verb) {
	if do == Move {
		return
	}
	a, s := m.some(t), Step{Do: do, At: m.now, Actor: "citizen", Name: NameOf("Anna")}
	want, _, refused := a.Decide(s)
	if _, err := m.book.Advance(t.Context(), a.ID, s); (err == nil) != (refused == nil) {
		t.Fatalf("%s of %s: %v, Decide says %v", do, a.State, err, refused)
	}
	m.all[a.ID] = want
}

func (m *model) move(t *rapid.T) {
	a := m.some(t)
	r, start := m.request(t)
	r.Service, r.Persons = a.Service, a.Persons
	if rapid.Bool().Draw(t, "near") { // where its own seats are in the way
		start = a.Start.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 10, 15, 20}).Draw(t, "by")) * time.Minute)
	}
	fits := m.fits(t, r, start, a.ID)
	able := a.State == Confirmed && a.Start.After(m.now) && a.Revision < maxRevision
	next, err := m.book.Move(t.Context(), a.ID, "mitte", start, r.Inside, Step{At: m.now, Actor: "citizen"})
	if (err == nil) != (fits && able) {
		t.Fatalf("move of %s at %s: %v, the model says %t", a.State, a.Start, err, fits && able)
	}
	if err == nil && (next.Revision != a.Revision+1 || !next.Start.Equal(start) || next.State != Confirmed) {
		t.Fatalf("moved to %+v", next)
	}
	if err == nil {
		m.all[a.ID] = next
	}
}

// pass lets time go by; the programs may be down meanwhile.
func (m *model) pass(t *rapid.T, unit time.Duration) {
	m.now = m.now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "time")) * unit)
	if rapid.IntRange(0, 3).Draw(t, "down") == 0 {
		return
	}
	expires, releases := due(t, m.book)
	released, err := m.book.Release(t.Context(), m.now)
	if err != nil || len(released) > 0 && releases.After(m.now) {
		t.Fatalf("%v; %d releases at %s, due at %s", err, len(released), m.now, releases)
	}
	m.ran = m.now
	lapsed := 0
	for id, a := range m.all {
		if next, _, err := a.Decide(Step{Do: Lapse, At: m.now}); err == nil {
			m.all[id] = next
			lapsed++
		}
	}
	n, freed, err := m.book.Expire(t.Context(), m.now)
	if n != lapsed || err != nil {
		t.Fatalf("%d holds lapsed, %v; want %d", n, err, lapsed)
	}
	if (n+freed > 0) != (!expires.IsZero() && !expires.After(m.now)) {
		t.Fatalf("%d holds and %d seats at %s, due at %s", n, freed, m.now, expires)
	}
	expires, releases = due(t, m.book)
	if !releases.After(m.now) || !expires.IsZero() && !expires.After(m.now) {
		t.Fatalf("all is done at %s, and due at %s and %s", m.now, expires, releases)
	}
	if n := count(t, m.book, `SELECT count(*) FROM seat WHERE free_at > 0 AND free_at <= $1`, m.now.UnixMilli()); n != 0 {
		t.Fatalf("%d seats rest for ever", n)
	}
}
