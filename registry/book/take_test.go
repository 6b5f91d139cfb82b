// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/store"
)

// The services of the tests' town: a passport takes a slot, a naturalisation
// two, a visa for each person two seats.
const pass, naturalise, visa = 102, 103, 104

// passRule is how mitte receives on workdays from eight to twelve: two seats for
// everybody, three weeks ahead at nine, and one in reserve, at seven that day.
func passRule() calendar.Rule {
	return calendar.Rule{
		Office: "mitte", Group: "pass", Days: calendar.Workdays, From: 8 * 60, To: 12 * 60, Minutes: 15, Public: 2, Internal: 1, Cooling: 10,
		Releases: []calendar.Release{{Kind: calendar.Public, Ahead: 21, At: 9 * 60}, {Kind: calendar.Internal, Ahead: 0, At: 7 * 60}},
	}
}

// town opens a book with two offices, of which ruhrort is not booked online, and
// with one rule, on a Monday at noon.
func town(t *testing.T) (b *Book, public ed25519.PublicKey, now time.Time) {
	t.Helper()
	b, public = open(t)
	now = at(t, "2026-11-30 12:00")
	furnish(t, b, now)
	setPlan(t, b, now, passRule())
	return b, public, now
}

type fataler interface {
	Context() context.Context
	Helper()
	Fatal(...any)
}

func furnish(t fataler, b *Book, now time.Time) {
	t.Helper()
	err := errors.Join(
		b.PutLocation(t.Context(), "clerk:anna", Location{"mitte", "Bürger-Service Mitte", true}, now),
		b.PutLocation(t.Context(), "clerk:anna", Location{"ruhrort", "Bürger-Service Ruhrort", false}, now),
		b.PutService(t.Context(), "clerk:anna", Service{pass, "Reisepass", "pass", 15, 1, true}, now),
		b.PutService(t.Context(), "clerk:anna", Service{naturalise, "Einbürgerung", "pass", 30, 1, false}, now),
		b.PutService(t.Context(), "clerk:anna", Service{visa, "Verpflichtungserklärung", "pass", 10, 2, false}, now))
	if err != nil {
		t.Fatal(err)
	}
}

func setPlan(t *testing.T, b *Book, now time.Time, rules ...calendar.Rule) Change {
	t.Helper()
	c, err := b.SetPlan(t.Context(), "clerk:anna", calendar.Plan{Rules: rules}, now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// times are how many of the request could be met at that time.
func times(t *testing.T, b *Book, r Request, start, now time.Time) int {
	t.Helper()
	all, err := b.Free(t.Context(), r, start, start.Add(time.Minute), now)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		return 0
	}
	return all[0].Times
}

func take(t *testing.T, b *Book, r Request, start time.Time, s Step) Appointment {
	t.Helper()
	s.Actor = "citizen"
	a, err := b.Take(t.Context(), r, start, s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func onward(t *testing.T, b *Book, a Appointment, do Verb, at time.Time) Appointment {
	t.Helper()
	next, err := b.Advance(t.Context(), a.ID, Step{Do: do, At: at, Actor: "citizen", Name: a.Name})
	if err != nil {
		t.Fatal(err)
	}
	return next
}

// TestBookMoveCancel is a citizen's whole way, with the codes that it leaves.
func TestBookMoveCancel(t *testing.T) {
	b, public, now := town(t)
	r := Request{Location: "mitte", Service: pass, Persons: 1}
	start, other := at(t, "2026-12-01 09:30"), at(t, "2026-12-02 10:00")
	a := take(t, b, r, start, Step{Do: Hold, At: now})
	if n := times(t, b, r, start, now); n != 1 || a.State != Reserved || !a.Until.Equal(now.Add(HoldTime)) {
		t.Errorf("%d seats are left, want 1; %+v", n, a)
	}
	if list, err := b.List(t.Context(), start); len(list) != 0 || err != nil {
		t.Errorf("what is only held is listed: %v, %v", list, err)
	}
	a.Name = NameOf("Anna")
	onward(t, b, a, Submit, now.Add(time.Minute))
	a = onward(t, b, a, Confirm, now.Add(2*time.Minute))
	first, err := b.Code(a)
	if err != nil || !a.PhotoWanted || a.Length != 15*time.Minute {
		t.Fatalf("%+v, %v", a, err)
	}
	a, err = b.Move(t.Context(), a.ID, "mitte", other, false, Step{At: now.Add(3 * time.Minute), Actor: "citizen"})
	if err != nil || a.Revision != 1 || !a.Start.Equal(other) {
		t.Fatalf("%+v, %v", a, err)
	}
	second, err := b.Code(a)
	if err != nil {
		t.Fatal(err)
	}
	expectAnswers(t, b, public, now, map[string]appointment.Answer{first.String(): appointment.Moved, second.String(): appointment.OK})
	if n := times(t, b, r, start, now.Add(4*time.Minute)); n != 1 {
		t.Errorf("%d seats are free where one rests, want 1", n)
	}
	onward(t, b, a, Cancel, now.Add(5*time.Minute))
	expectAnswers(t, b, public, now, map[string]appointment.Answer{first.String(): appointment.Cancelled, second.String(): appointment.Cancelled})
	for _, tt := range []struct{ minutes, want int }{{12, 2}, {13, 3}, {14, 3}, {15, 4}} { // ten minutes after the move, and after the end
		at := now.Add(time.Duration(tt.minutes) * time.Minute)
		if _, _, err := b.Expire(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		if n := times(t, b, r, start, at) + times(t, b, r, other, at); n != tt.want {
			t.Errorf("%d minutes later %d seats are free, want %d", tt.minutes, n, tt.want)
		}
	}
	if left, err := b.Revocations(t.Context(), other.Add(15*time.Minute+Grace)); len(left) != 0 || err != nil {
		t.Errorf("revocations for ever: %v, %v", left, err)
	}
	verify(t, b)
}

func expectAnswers(t *testing.T, b *Book, public ed25519.PublicKey, now time.Time, want map[string]appointment.Answer) {
	t.Helper()
	revoked, err := b.Revocations(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	check := appointment.Checker{Office: duisburg, Keys: []ed25519.PublicKey{public}, Revoked: revoked}
	for code, want := range want {
		if _, got := check.Check(code, now); got != want {
			t.Errorf("code answers %s, want %s", got, want)
		}
	}
}

func verify(t *testing.T, b *Book) {
	t.Helper()
	if _, err := audit.Verify(t.Context(), b.store); err != nil {
		t.Error(err)
	}
}

// TestFamiliesAndLongServices take all their seats or none.
func TestFamiliesAndLongServices(t *testing.T) {
	b, _, now := town(t)
	half := at(t, "2026-12-01 09:30")
	long := take(t, b, Request{Location: "mitte", Service: naturalise, Persons: 1}, half, Step{Do: Hold, At: now})
	if long.Length != 30*time.Minute {
		t.Errorf("a naturalisation lasts %s", long.Length)
	}
	family := Request{Location: "mitte", Service: pass, Persons: 2}
	for _, start := range []time.Time{half, half.Add(15 * time.Minute)} {
		if _, err := b.Take(t.Context(), family, start, Step{Do: Hold, At: now, Actor: "citizen"}); !errors.Is(err, ErrGone) {
			t.Errorf("two at %s, where one seat is left: %v", start, err)
		}
	}
	take(t, b, family, half.Add(30*time.Minute), Step{Do: Hold, At: now})
	couple := Request{Location: "mitte", Service: visa, Persons: 1}
	take(t, b, couple, half.Add(45*time.Minute), Step{Do: Hold, At: now})
	for r, want := range map[Request]int{
		{"mitte", pass, 1, false}: 6, {"mitte", pass, 1, true}: 12, {"mitte", naturalise, 1, false}: 4, {"mitte", visa, 1, false}: 2, {"mitte", naturalise, 2, false}: 1,
	} {
		got := 0
		all, err := b.Free(t.Context(), r, half.Add(-30*time.Minute), half.Add(time.Hour), now)
		for _, f := range all {
			got += f.Times
		}
		if got != want || err != nil {
			t.Errorf("%+v: %d, %v, want %d: %+v", r, got, err, want, all)
		}
	}
	last := at(t, "2026-12-01 11:45")
	if _, err := b.Take(t.Context(), Request{Location: "mitte", Service: naturalise, Persons: 1}, last, Step{Do: Hold, At: now, Actor: "citizen"}); !errors.Is(err, ErrGone) {
		t.Errorf("half an hour in the last quarter: %v", err)
	}
	verify(t, b)
}

// TestWhatCannotBeTaken: each reason is an error of its own, and none leaves anything.
func TestWhatCannotBeTaken(t *testing.T) {
	b, _, now := town(t)
	tuesday := at(t, "2026-12-01 09:30")
	hold := Step{Do: Hold, At: now, Actor: "citizen"}
	for name, tt := range map[string]struct {
		request Request
		start   time.Time
		want    error
	}{
		"no slot":               {Request{"mitte", pass, 1, false}, tuesday.Add(time.Minute), ErrGone},
		"not released":          {Request{"mitte", pass, 1, false}, at(t, "2026-12-22 09:30"), ErrGone},
		"on a holiday":          {Request{"mitte", pass, 1, true}, at(t, "2026-12-25 09:30"), ErrGone},
		"beyond the horizon":    {Request{"mitte", pass, 1, true}, at(t, "2027-03-03 09:30"), ErrGone},
		"over":                  {Request{"mitte", pass, 1, true}, at(t, "2026-11-30 11:45"), ErrGone},
		"three in two seats":    {Request{"mitte", pass, 3, false}, tuesday, ErrGone},
		"not online":            {Request{"ruhrort", pass, 1, false}, tuesday, ErrOffline},
		"no such office":        {Request{"rathaus", pass, 1, false}, tuesday, ErrNotFound},
		"no such service":       {Request{"mitte", 999, 1, false}, tuesday, ErrNotFound},
		"nothing at the office": {Request{"ruhrort", pass, 1, true}, tuesday, ErrGone},
	} {
		if _, err := b.Take(t.Context(), tt.request, tt.start, hold); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	if _, err := b.Take(t.Context(), Request{"mitte", pass, 0, true}, tuesday, hold); err == nil {
		t.Error("nobody takes a seat")
	}
	if n := count(t, b, `SELECT count(*) FROM seat`) + count(t, b, `SELECT count(*) FROM appointment`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	entered := take(t, b, Request{"mitte", pass, 1, true}, at(t, "2026-12-22 09:30"), Step{Do: Enter, At: now, Name: NameOf("Anna")})
	if entered.State != Confirmed {
		t.Errorf("the office's own is %s", entered.State)
	}
	if _, err := b.Advance(t.Context(), entered.ID, Step{Do: Move, At: now, Actor: "citizen"}); !errors.Is(err, ErrState) {
		t.Errorf("moved without seats: %v", err)
	}
}

func count(t fataler, b *Book, query string, args ...any) (n int) {
	t.Helper()
	err := b.store.Read(t.Context(), func(tx *sql.Tx) error { return tx.QueryRow(query, args...).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestNoSeatTwice: the database refuses what no program should try.
func TestNoSeatTwice(t *testing.T) {
	b, _, now := town(t)
	r, start := Request{Location: "mitte", Service: pass, Persons: 1}, at(t, "2026-12-01 09:30")
	a, other := take(t, b, r, start, Step{Do: Hold, At: now}), take(t, b, r, start, Step{Do: Hold, At: now})
	for _, id := range []appointment.ID{a.ID, other.ID} {
		err := b.store.Write(t.Context(), func(tx *sql.Tx) error {
			_, err := tx.Exec(`INSERT INTO seat SELECT slot, number, $1, 0 FROM seat WHERE appointment = $2`, id.String(), a.ID.String())
			return err
		})
		if !errors.Is(err, store.ErrDuplicate) {
			t.Errorf("a seat that is taken: %v, want %v", err, store.ErrDuplicate)
		}
	}
}

// TestManyAtOnce: whoever comes first gets the seats, and nobody hears anything
// but that they are gone.
func TestManyAtOnce(t *testing.T) {
	b, _, now := town(t)
	start := at(t, "2026-12-01 09:30")
	var wg sync.WaitGroup
	results := make(chan error, 24)
	for range cap(results) {
		wg.Go(func() {
			_, err := b.Take(t.Context(), Request{Location: "mitte", Service: pass, Persons: 1}, start, Step{Do: Hold, At: now, Actor: "citizen"})
			results <- err
		})
	}
	wg.Wait()
	close(results)
	got := 0
	for err := range results {
		if err == nil {
			got++
		} else if !errors.Is(err, ErrGone) {
			t.Error(err)
		}
	}
	if n := count(t, b, `SELECT count(*) FROM seat`); got != 2 || n != 2 {
		t.Errorf("%d got a seat, %d are taken; want 2", got, n)
	}
}

// TestHoldsLapse: what nobody answers gives its seats back at once.
func TestHoldsLapse(t *testing.T) {
	b, _, now := town(t)
	r, start := Request{Location: "mitte", Service: pass, Persons: 1}, at(t, "2026-12-01 09:30")
	hold := take(t, b, r, start, Step{Do: Hold, At: now})
	offer := take(t, b, r, start, Step{Do: Offer, At: now, Until: now.Add(time.Hour), Name: NameOf("Anna")})
	for _, tt := range []struct {
		after        time.Duration
		lapsed, free int
	}{{HoldTime - time.Millisecond, 0, 0}, {HoldTime, 1, 1}, {HoldTime, 0, 1}, {time.Hour, 1, 2}} {
		at := now.Add(tt.after)
		n, _, err := b.Expire(t.Context(), at)
		if free := times(t, b, r, start, at); n != tt.lapsed || free != tt.free || err != nil {
			t.Errorf("after %s: %d lapsed, %d seats are free, %v; want %d and %d", tt.after, n, free, err, tt.lapsed, tt.free)
		}
	}
	for _, a := range []Appointment{hold, offer} {
		if got, err := b.Get(t.Context(), a.ID); got.State != Cancelled || err != nil {
			t.Errorf("%s is %s, %v", a.State, got.State, err)
		}
	}
	verify(t, b)
}

// TestSixtyFourSeats: as many as there can be, to the last bit.
func TestSixtyFourSeats(t *testing.T) {
	b, _, now := town(t)
	r := passRule()
	r.Public, r.Internal, r.Releases = calendar.MaxSeats, 0, nil
	setPlan(t, b, now, r)
	request, start := Request{Location: "mitte", Service: pass, Persons: 8}, at(t, "2026-12-01 09:30")
	for free := 8; free > 0; free-- {
		if n := times(t, b, request, start, now); n != free {
			t.Errorf("%d fit, want %d", n, free)
		}
		take(t, b, request, start, Step{Do: Hold, At: now})
	}
	if n := times(t, b, Request{Location: "mitte", Service: pass, Persons: 1}, start, now); n != 0 {
		t.Errorf("a 65th seat: %d", n)
	}
}

// TestTakeTwice: who asks for the same appointment twice gets one, also when both
// ask at once.
func TestTakeTwice(t *testing.T) {
	b, _, now := town(t)
	r, start, id := Request{Location: "mitte", Service: pass, Persons: 1}, at(t, "2026-12-01 09:30"), appointment.ID{1, 2, 3}
	var wait sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		wait.Go(func() {
			_, errs[i] = b.Take(t.Context(), r, start, Step{Do: Hold, At: now, Actor: "citizen", ID: id})
		})
	}
	wait.Wait()
	made := 0
	for _, err := range errs {
		switch {
		case err == nil:
			made++
		case !errors.Is(err, store.ErrDuplicate) && !errors.Is(err, ErrGone):
			t.Errorf("got %v, want ErrDuplicate", err)
		}
	}
	a, err := b.Get(t.Context(), id)
	if n := times(t, b, r, start, now); err != nil || made != 1 || a.State != Reserved || n != 1 {
		t.Errorf("%d are made, %v (%v), %d seats are left; want one of each", made, a.State, err, n)
	}
}

// TestStale: a step of who has seen another revision is not made.
func TestStale(t *testing.T) {
	b, _, now := town(t)
	r := Request{Location: "mitte", Service: pass, Persons: 1}
	a := take(t, b, r, at(t, "2026-12-01 09:30"), Step{Do: Enter, At: now, Name: NameOf("Anna")})
	seen := a.Revision
	if _, err := b.Move(t.Context(), a.ID, "mitte", at(t, "2026-12-01 10:30"), false, Step{At: now, Actor: "citizen", Revision: &seen}); err != nil {
		t.Fatal(err)
	}
	_, err1 := b.Move(t.Context(), a.ID, "mitte", at(t, "2026-12-01 11:30"), false, Step{At: now, Actor: "citizen", Revision: &seen})
	_, err2 := b.Advance(t.Context(), a.ID, Step{Do: Cancel, At: now, Actor: "citizen", Revision: &seen})
	if !errors.Is(err1, ErrStale) || !errors.Is(err2, ErrStale) {
		t.Errorf("got %v and %v, want ErrStale", err1, err2)
	}
	if a, err := b.Get(t.Context(), a.ID); err != nil || a.Revision != 1 || a.State != Confirmed {
		t.Errorf("it is %s at revision %d (%v)", a.State, a.Revision, err)
	}
}
