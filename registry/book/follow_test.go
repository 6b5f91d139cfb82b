// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
)

// A diary notes what it is told, and refuses it when it has a reason.
type diary struct {
	did    []Verb
	opened []Opening
	err    error
}

func (d *diary) Made(_ context.Context, _ *sql.Tx, e Event) error {
	d.did = append(d.did, e.Do)
	return d.err
}

func (d *diary) Opened(_ context.Context, _ *sql.Tx, o Opening, _ time.Time) error {
	d.opened = append(d.opened, o)
	return d.err
}

// TestFollowersAreToldOnce of each step, and of a seat when it is free and not before.
func TestFollowersAreToldOnce(t *testing.T) {
	b, _, now := town(t)
	var d diary
	b.Follow(&d)
	r := Request{Location: "mitte", Service: pass, Persons: 1}
	start, other := at(t, "2026-12-01 09:30"), at(t, "2026-12-02 10:00")
	was := Opening{"mitte", "pass", start.UTC(), 15 * time.Minute, 1}

	take(t, b, r, start, Step{Do: Hold, At: now})
	if _, _, err := b.Expire(t.Context(), now.Add(HoldTime)); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.did, []Verb{Hold, Lapse}) || !slices.Equal(d.opened, []Opening{was}) {
		t.Errorf("a hold that lapses: %v, %v", d.did, d.opened)
	}

	d = diary{}
	a := take(t, b, r, start, Step{Do: Enter, At: now, Name: NameOf("Anna")})
	if _, err := b.Move(t.Context(), a.ID, "mitte", other, false, Step{At: now, Actor: "citizen"}); err != nil {
		t.Fatal(err)
	}
	onward(t, b, a, Cancel, now)
	if !slices.Equal(d.did, []Verb{Enter, Move, Cancel}) || len(d.opened) != 0 {
		t.Errorf("while both seats rest: %v, %v", d.did, d.opened)
	}
	for range 2 {
		if _, _, err := b.Expire(t.Context(), now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if want := []Opening{was, {"mitte", "pass", other.UTC(), 15 * time.Minute, 1}}; !slices.Equal(d.opened, want) {
		t.Errorf("when they have rested: %v, want %v", d.opened, want)
	}
}

// TestAFamilyLeavesAsManySeats as it had, in each of its slots.
func TestAFamilyLeavesAsManySeats(t *testing.T) {
	b, _, now := town(t)
	var d diary
	b.Follow(&d)
	start := at(t, "2026-12-01 09:30")
	a := take(t, b, Request{Location: "mitte", Service: naturalise, Persons: 2}, start, Step{Do: Hold, At: now})
	onward(t, b, a, Cancel, now)
	want := []Opening{{"mitte", "pass", start.UTC(), 15 * time.Minute, 2}, {"mitte", "pass", start.Add(15 * time.Minute).UTC(), 15 * time.Minute, 2}}
	if !slices.Equal(d.opened, want) {
		t.Errorf("free again %v, want %v", d.opened, want)
	}
}

// TestAFollowerThatRefusesUndoesTheStep: nothing is half done.
func TestAFollowerThatRefusesUndoesTheStep(t *testing.T) {
	b, _, now := town(t)
	d := diary{err: errors.New("refused")}
	b.Follow(&d)
	r := Request{Location: "mitte", Service: pass, Persons: 1}
	start := at(t, "2026-12-01 09:30")
	before := times(t, b, r, start, now)
	if _, err := b.Take(t.Context(), r, start, Step{Do: Hold, At: now, Actor: "citizen"}); !errors.Is(err, d.err) {
		t.Errorf("Take = %v, want %v", err, d.err)
	}
	if got := times(t, b, r, start, now); got != before {
		t.Errorf("%d seats are left, want %d", got, before)
	}
}

// TestTicket is of nobody, and counts as an appointment.
func TestTicket(t *testing.T) {
	b, _, now := town(t)
	start := at(t, "2026-12-01 09:30")
	a := take(t, b, Request{Location: "mitte", Service: pass, Persons: 1, Inside: true}, start, Step{Do: Ticket, At: now})
	list, err := b.List(t.Context(), start)
	if err != nil || len(list) != 1 || list[0].ID != a.ID || a.State != Confirmed || !a.Ticket || !list[0].Ticket {
		t.Errorf("%+v, list %v, %v", a, list, err)
	}
	code, err := b.Code(list[0])
	if err != nil || !code.WalkIn {
		t.Errorf("its code: %+v, %v, want that of a walk-in", code, err)
	}
}

// TestContactGoesWithAHold that comes to nothing, and stays with what stands.
func TestContactGoesWithAHold(t *testing.T) {
	b, _, now := town(t)
	email, err := ParseEmail("anna@example.org")
	if err != nil {
		t.Fatal(err)
	}
	r := Request{Location: "mitte", Service: pass, Persons: 1}
	submit := Step{Do: Submit, At: now, Actor: "citizen", Name: NameOf("Anna"), Email: email, Language: "uk"}
	held := take(t, b, r, at(t, "2026-12-01 09:30"), Step{Do: Hold, At: now, Language: "de"})
	if held, err = b.Advance(t.Context(), held.ID, submit); err != nil {
		t.Fatal(err)
	}
	kept := take(t, b, r, at(t, "2026-12-02 10:00"), Step{Do: Hold, At: now})
	if kept, err = b.Advance(t.Context(), kept.ID, submit); err == nil {
		kept, err = b.Advance(t.Context(), kept.ID, Step{Do: Confirm, At: now, Actor: "citizen"})
	}
	if err != nil || !kept.Email.Equal(email) || !kept.Name.Equal(NameOf("Anna")) || kept.Language != "uk" {
		t.Errorf("confirmed: %q %q %q, %v", kept.Email.Reveal(), kept.Name.Reveal(), kept.Language, err)
	}
	if _, _, err := b.Expire(t.Context(), now.Add(ConfirmTime)); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[appointment.ID]string{held.ID: "", kept.ID: "anna@example.org"} {
		got, err := b.Get(t.Context(), id)
		if err != nil || got.Email.Reveal() != want || (got.Name.Reveal() == "") != (want == "") {
			t.Errorf("%s: %q of %q, %v; want %q", got.State, got.Email.Reveal(), got.Name.Reveal(), err, want)
		}
	}
}
