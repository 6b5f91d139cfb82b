// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/registry/calendar"
)

// TestRulesChange: slots follow the rules, and what somebody has a seat in stays.
func TestRulesChange(t *testing.T) {
	b, _, now := town(t)
	start := at(t, "2026-12-01 09:30")
	public, inside := Request{"mitte", pass, 1, false}, Request{"mitte", pass, 1, true}
	enter := Step{Do: Enter, At: now, Name: NameOf("Anna")}
	first, second := take(t, b, public, start, enter), take(t, b, inside, start, enter) // seats 0 and 2

	if c := setPlan(t, b, now, passRule()); c.Made+c.Changed+c.Withdrawn != 0 {
		t.Errorf("the same rules changed %+v", c)
	}
	fewer := passRule()
	fewer.Public, fewer.Internal, fewer.Releases = 2, 0, fewer.Releases[:1]
	if c := setPlan(t, b, now, fewer); len(c.Affected) != 0 || c.Changed == 0 {
		t.Errorf("two seats for two: %+v, want nobody affected", c)
	}
	if n := times(t, b, inside, start, now); n != 0 {
		t.Errorf("%d more fit into two seats that are taken", n)
	}
	fewer.Public = 1
	tried, err := b.TryPlan(t.Context(), calendar.Plan{Rules: []calendar.Rule{fewer}}, now)
	if p, planErr := b.Plan(t.Context()); err != nil || planErr != nil || p.Rules[0].Public != 2 {
		t.Errorf("only tried: %v, %v, %+v", err, planErr, p.Rules)
	}
	c := setPlan(t, b, now, fewer)
	if len(c.Affected) != 1 || c.Affected[0].ID != first.ID && c.Affected[0].ID != second.ID {
		t.Errorf("one seat for two: %+v", c.Affected)
	}
	offered := tried.Other[c.Affected[0].ID]
	if tried.Other = nil; !cmp.Equal(tried, c) {
		t.Errorf("done is not what was tried:\n%s", cmp.Diff(tried, c))
	}
	if now, err := b.Other(t.Context(), c.Affected[0], now); err != nil || len(now) == 0 || !cmp.Equal(offered, now) {
		t.Errorf("tried, %v was offered, now %v, %v", offered, now, err)
	}
	if list, err := b.Affected(t.Context(), now); len(list) != 1 || err != nil {
		t.Errorf("affected: %v, %v", list, err)
	}
	if _, err := b.Move(t.Context(), c.Affected[0].ID, "mitte", start.Add(time.Hour), true, Step{At: now, Actor: "clerk:anna"}); err != nil {
		t.Fatal(err)
	}
	if list, err := b.Affected(t.Context(), now); len(list) != 0 || err != nil {
		t.Errorf("affected after the move: %v, %v", list, err)
	}
}

// TestReplacePlan: nobody overwrites what somebody else wrote meanwhile.
func TestReplacePlan(t *testing.T) {
	b, _, now := town(t)
	read, err := b.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	more, fewer := passRule(), passRule()
	more.Public, fewer.Public = 5, 1
	if _, err := b.ReplacePlan(t.Context(), "clerk:anna", read, calendar.Plan{Rules: []calendar.Rule{more}}, false, now); err != nil {
		t.Fatal(err)
	}
	if _, err := b.ReplacePlan(t.Context(), "clerk:ben", read, calendar.Plan{Rules: []calendar.Rule{fewer}}, false, now); !errors.Is(err, ErrPlan) {
		t.Errorf("over what was written meanwhile: %v", err)
	}
	if p, err := b.Plan(t.Context()); err != nil || p.Rules[0].Public != 5 {
		t.Errorf("%+v, %v", p.Rules, err)
	}
}

// TestDisplacedOnce: who loses their seat is told so with the change, once for each
// that does it; a change that is only tried, or is to tell nobody, tells nobody.
func TestDisplacedOnce(t *testing.T) {
	b, _, now := town(t)
	var d diary
	b.Follow(&d)
	enter := Step{Do: Enter, At: now, Name: NameOf("Anna")}
	r := Request{"mitte", pass, 1, false}
	first := take(t, b, r, at(t, "2026-12-01 09:30"), enter)
	take(t, b, r, at(t, "2026-12-02 09:30"), enter)
	take(t, b, r, at(t, "2026-12-01 09:45"), Step{Do: Hold, At: now}) // counts on nothing yet
	day := calendar.DayOf(first.Start, Zone())
	closed := func(first, last calendar.Day) (p calendar.Plan) {
		return calendar.Plan{Rules: []calendar.Rule{passRule()}, Closures: []calendar.Closure{{Office: "mitte", First: first, Last: last, Reason: "Versammlung"}}}
	}
	for _, tc := range []struct {
		name string
		to   calendar.Plan
		tell bool
		want int // so many are displaced
	}{
		{"a closure", closed(day, day), true, 1},
		{"the same", closed(day, day), true, 0},
		{"a longer one", closed(day, day+1), true, 1},
		{"none", calendar.Plan{Rules: []calendar.Rule{passRule()}}, true, 0},
		{"it comes back, and nobody is to be told", closed(day, day+1), false, 2},
		{"another rule", calendar.Plan{Rules: closed(day, day).Rules[:0], Closures: closed(day, day+1).Closures}, true, 0},
	} {
		d = diary{}
		old, err := b.Plan(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		tried, err := b.TryPlan(t.Context(), tc.to, now)
		if err != nil || len(tried.Displaced) != tc.want || len(d.did) != 0 {
			t.Errorf("%s, tried: %+v, %v, told %v; want %d", tc.name, tried.Displaced, err, d.did, tc.want)
		}
		c, err := b.ReplacePlan(t.Context(), "clerk:anna", old, tc.to, tc.tell, now)
		if told := slices.Repeat([]Verb{Displace}, tc.want); err != nil || len(c.Displaced) != tc.want || tc.tell && !slices.Equal(d.did, told) || !tc.tell && len(d.did) != 0 {
			t.Errorf("%s: %+v, %v, told %v; want %d", tc.name, c.Displaced, err, d.did, tc.want)
		}
		if is, err := b.Unseated(t.Context(), first.ID); err != nil || is != (tc.name != "none") {
			t.Errorf("%s: it has no seat: %t, %v", tc.name, is, err)
		}
	}
	if a, err := b.Get(t.Context(), first.ID); err != nil || a.State != Confirmed || a.Revision != 0 {
		t.Errorf("it is %+v, %v; want it to stand", a, err)
	}
}

// TestOtherTimes: the nearest at the own office first, then one of each other.
func TestOtherTimes(t *testing.T) {
	b, _, now := town(t)
	there := passRule()
	there.Office, there.From, there.To = "ruhrort", 15*60, 16*60
	start := at(t, "2026-12-01 09:30")
	day := calendar.DayOf(start, Zone())
	a := take(t, b, Request{"mitte", pass, 1, false}, start, Step{Do: Enter, At: now, Name: NameOf("Anna")})
	c, err := b.TryPlan(t.Context(), calendar.Plan{
		Rules:    []calendar.Rule{passRule(), there},
		Closures: []calendar.Closure{{Office: "mitte", First: day, Last: day, From: 9 * 60, To: 11 * 60, Reason: "Versammlung"}},
	}, now)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range c.Other[a.ID] {
		got = append(got, f.Start.In(Zone()).Format("02 15:04 ")+f.Location)
	}
	if want := []string{"01 08:45 mitte", "01 08:30 mitte", "01 08:15 mitte", "01 15:00 ruhrort"}; !slices.Equal(got, want) {
		t.Errorf("offered %q, want %q", got, want)
	}
	a.Service = 999
	if all, err := b.Other(t.Context(), a, now); err != nil || len(all) != 0 {
		t.Errorf("for a service that is no longer offered: %v, %v", all, err)
	}
}

// TestClosureListsWhomItHits: their slot stays for them alone, and goes when
// they have gone; other slots at its time leave their seat alone.
func TestClosureListsWhomItHits(t *testing.T) {
	b, _, now := town(t)
	start := at(t, "2026-12-01 09:30")
	r := Request{"mitte", pass, 1, false}
	a := take(t, b, r, start, Step{Do: Enter, At: now, Name: NameOf("Anna")})
	day := calendar.DayOf(start, Zone())
	closed := calendar.Plan{Rules: []calendar.Rule{passRule()}, Closures: []calendar.Closure{{First: day, Last: day, Reason: "Versammlung"}}}
	c, err := b.SetPlan(t.Context(), "clerk:anna", closed, now)
	if err != nil || c.Withdrawn != 16 || len(c.Affected) != 1 || c.Affected[0].ID != a.ID {
		t.Fatalf("%+v, %v", c, err)
	}
	from, to := Day(start)
	if free, err := b.Free(t.Context(), Request{"mitte", pass, 1, true}, from, to, now); len(free) != 0 || err != nil {
		t.Errorf("closed, and free at %v: %v", free, err)
	}
	shifted := passRule() // at 09:20, 09:40: both meet her quarter of an hour, in which she has seat 0
	shifted.Minutes, shifted.Public, shifted.Internal, shifted.Releases = 20, 1, 0, nil
	setPlan(t, b, now, shifted)
	for text, want := range map[string]int{"09:00": 1, "09:20": 0, "09:40": 0, "10:00": 1} {
		if n := times(t, b, r, at(t, "2026-12-01 "+text), now); n != want {
			t.Errorf("%s: %d are free beside her, want %d", text, n, want)
		}
	}
	onward(t, b, a, Cancel, now)
	if _, _, err := b.Expire(t.Context(), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	setPlan(t, b, now.Add(time.Hour), shifted)
	if n := count(t, b, `SELECT count(*) FROM slot WHERE start_at = $1`, start.UnixMilli()); n != 0 {
		t.Error("her slot is there when nobody is in it")
	}
}

func TestPlanNeedsOffices(t *testing.T) {
	b, _, now := town(t)
	elsewhere := passRule()
	elsewhere.Office = "rathaus"
	nonsense := passRule()
	nonsense.Days = 0
	closure := calendar.Closure{Office: "rathaus", First: 20000, Last: 20000, Reason: "x"}
	for want, p := range map[string]calendar.Plan{
		`rule 1: there is no office "rathaus"`:    {Rules: []calendar.Rule{elsewhere}},
		"rule 1: days":                            {Rules: []calendar.Rule{nonsense}},
		`closure 1: there is no office "rathaus"`: {Closures: []calendar.Closure{closure}},
	} {
		if _, err := b.SetPlan(t.Context(), "clerk:anna", p, now); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
		if _, err := b.TryPlan(t.Context(), p, now); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("only tried: %v, want %q", err, want)
		}
	}
	if p, err := b.Plan(t.Context()); err != nil || len(p.Rules) != 1 {
		t.Errorf("a plan that was refused is in force: %+v, %v", p, err)
	}
}

// TestRelease: seats open at their moment, once, also after a time down.
func TestRelease(t *testing.T) {
	b, _, now := town(t)
	public := Request{"mitte", pass, 1, false}
	run := func(text string, want int) {
		t.Helper()
		all, err := b.Release(t.Context(), at(t, text))
		if len(all) != want || err != nil {
			t.Errorf("%s: %v, %v; want %d", text, all, err, want)
		}
	}
	ahead, today := at(t, "2026-12-22 09:30"), at(t, "2026-12-01 09:30")
	run("2026-12-01 06:59", 0)
	if n := times(t, b, public, today, now); n != 2 {
		t.Errorf("%d are free before seven, want 2", n)
	}
	run("2026-12-01 07:00", 1)
	if n := times(t, b, public, today, at(t, "2026-12-01 07:00")); n != 3 {
		t.Errorf("%d are free at seven, want 3", n)
	}
	run("2026-12-01 08:59", 0)
	if n := times(t, b, public, ahead, at(t, "2026-12-01 08:59")); n != 0 {
		t.Errorf("%d are free before nine", n)
	}
	run("2026-12-01 09:00", 1)
	run("2026-12-01 09:00", 0)
	run("2026-12-01 09:01", 0)
	if n := times(t, b, public, ahead, at(t, "2026-12-01 09:00")); n != 2 {
		t.Errorf("%d are free at nine, want 2", n)
	}
	other := New(b.store, b.office, b.key) // another program on the database
	if all, err := other.Release(t.Context(), at(t, "2026-12-03 10:00")); len(all) != 3 || err != nil {
		t.Errorf("after two days down: %v, %v; want the reserve of today, two days ahead", all, err)
	}
	run("2026-12-03 10:00", 0)
	run("2026-12-02 10:00", 0) // its clock goes behind
	last := at(t, "2027-03-05 09:30")
	if n := times(t, b, Request{"mitte", pass, 1, true}, last, now); n != 3 {
		t.Errorf("%d seats at the end of the horizon, want 3", n)
	}
	if n := count(t, b, `SELECT count(*) FROM audit WHERE action = 'seats-released'`); n != 5 {
		t.Errorf("the record has %d releases, want 5", n)
	}
	verify(t, b)
}

// TestFirstReleaseMakesAllAnew: a program that knows of other days than the one before
// it puts them right with the first release that it does itself.
func TestFirstReleaseMakesAllAnew(t *testing.T) {
	b, _, _ := town(t)
	day := at(t, "2026-12-10 00:00")
	slots := func() int {
		return count(t, b, `SELECT count(*) FROM slot WHERE start_at >= $1 AND start_at < $2`, day.UnixMilli(), day.AddDate(0, 0, 1).UnixMilli())
	}
	want := slots()
	for _, text := range []string{"2026-12-01 09:00", "2026-12-02 09:00", "2026-12-03 09:00"} {
		err := b.store.Write(t.Context(), func(tx *sql.Tx) error {
			_, err := tx.ExecContext(t.Context(), `DELETE FROM slot WHERE start_at >= $1 AND start_at < $2`, day.UnixMilli(), day.AddDate(0, 0, 1).UnixMilli())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		slow := New(b.store, b.office, b.key)
		for _, program := range []*Book{New(b.store, b.office, b.key), slow} {
			if _, err := program.Release(t.Context(), at(t, text)); err != nil {
				t.Fatal(err)
			}
		}
		if n := slots(); n != want || want == 0 {
			t.Errorf("%s: the day has %d slots, want %d", text, n, want)
		}
		if slow.renewed.Load() {
			t.Error("who did nothing has made nothing anew")
		}
	}
}
