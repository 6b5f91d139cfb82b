// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/registry/audit"
)

func (w *town) leaves(t *testing.T, draft Wish) Wish {
	t.Helper()
	got, err := w.Leave(t.Context(), draft, w.now)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestLeaveAndConfirm: a wish has its place when its mail was answered, and not before.
func TestLeaveAndConfirm(t *testing.T) {
	w := newTown(t)
	draft := wish(t, "anna")
	draft.Offices, draft.Windows[1], draft.Persons = []string{"mitte", "sued"}, Between(8, 12), 2
	left := w.leaves(t, draft)
	second := w.enters(t, wish(t, "ben"))
	w.now = w.now.Add(ConfirmTime / 2)
	for wait := range 2 {
		got, err := w.Confirm(t.Context(), left.ID, w.now.Add(time.Duration(wait)*time.Minute))
		if err != nil || got.State != Waiting || got.Place <= second.Place || !got.Since.Equal(w.now) {
			t.Fatalf("confirmed %+v behind %d, %v", got, second.Place, err)
		}
	}
	got := w.get(t, left.ID)
	draft.ID, draft.Place, draft.State, draft.Since = got.ID, got.Place, Waiting, got.Since
	if diff := cmp.Diff(draft, got); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	if kinds := w.post.kinds(); !slices.Equal(kinds, []Kind{ToConfirm, Entered, Entered}) {
		t.Errorf("mails %v", kinds)
	}
	if n, err := audit.Verify(t.Context(), w.store); err != nil || n == 0 {
		t.Error(n, err)
	}
}

// TestNobodyWaitsTwice: one wish of an address for a service, however it is written
// and however many were left; for another service another one.
func TestNobodyWaitsTwice(t *testing.T) {
	w := newTown(t)
	one, two := w.leaves(t, wish(t, "anna")), w.leaves(t, wish(t, "ANNA"))
	other := wish(t, "anna")
	other.Service = visa
	if _, err := w.Enter(t.Context(), "clerk:anna", other, w.now); err != nil {
		t.Error(err)
	}
	if _, err := w.Confirm(t.Context(), one.ID, w.now); err != nil {
		t.Error(err)
	}
	if _, err := w.Confirm(t.Context(), two.ID, w.now); !errors.Is(err, ErrTwice) || strings.Contains(strings.ToLower(err.Error()), "anna") {
		t.Errorf("the second is confirmed: %v", err)
	}
	if _, err := w.Enter(t.Context(), "clerk:anna", wish(t, "Anna"), w.now); !errors.Is(err, ErrTwice) {
		t.Errorf("the third is entered: %v", err)
	}
	if left := w.leaves(t, wish(t, "anna")); left.State != Submitted { // who has a wish is nobody else's business
		t.Errorf("left: %+v", left)
	}
	if err := w.Withdraw(t.Context(), "citizen", one.ID, w.now); err != nil {
		t.Error(err)
	}
	if _, err := w.Confirm(t.Context(), two.ID, w.now); err != nil {
		t.Errorf("when the first is withdrawn: %v", err)
	}
}

// TestNobodyIsFlooded: an address gets so many mails that ask it to confirm, and
// others again when these have ended.
func TestNobodyIsFlooded(t *testing.T) {
	w := newTown(t)
	for range maxSubmitted {
		w.leaves(t, wish(t, "anna"))
	}
	if _, err := w.Leave(t.Context(), wish(t, "Anna"), w.now); !errors.Is(err, ErrOften) {
		t.Errorf("one more: %v", err)
	}
	w.leaves(t, wish(t, "ben"))
	w.now = w.now.Add(ConfirmTime)
	w.sweeps(t)
	if n := count(t, w.store, `SELECT count(*) FROM wish`); n != 0 {
		t.Errorf("%d wishes that nobody confirmed are kept", n)
	}
	w.leaves(t, wish(t, "anna"))
}

// TestLeaveRefuses what the office does not have.
func TestLeaveRefuses(t *testing.T) {
	w := newTown(t)
	for want, change := range map[string]func(*Wish){
		"no service 7":     func(d *Wish) { d.Service = 7 },
		`no office "west"`: func(d *Wish) { d.Offices = []string{"mitte", "west"} },
		`no office "nord"`: func(d *Wish) { d.Offices = []string{"nord"} },
		"at most 32":       func(d *Wish) { d.Service, d.Persons = visa, 33 },
		"last day":         func(d *Wish) { d.First, d.Last = 1, 2 },
	} {
		draft := wish(t, "anna")
		change(&draft)
		if _, err := w.Leave(t.Context(), draft, w.now); !errors.Is(err, ErrWish) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", want, err)
		}
	}
	if n := count(t, w.store, `SELECT count(*) FROM wish`); n != 0 || len(w.post.told) != 0 {
		t.Errorf("%d wishes, %d mails of nothing", n, len(w.post.told))
	}
}

// TestWithdraw erases the wish, and what was offered to it is offered to the next.
func TestWithdraw(t *testing.T) {
	w := newTown(t)
	taken := w.books(t, "mitte", pass, at(t, "2026-12-01 09:30"))
	first, second := w.enters(t, wish(t, "anna")), w.enters(t, wish(t, "ben"))
	w.cancels(t, taken)
	w.offered(t, first.ID)
	for range 2 {
		if err := w.Withdraw(t.Context(), "citizen", first.ID, w.now); err != nil {
			t.Fatal(err)
		}
	}
	if a := w.offered(t, second.ID); !a.Start.Equal(taken.Start) {
		t.Errorf("the next is offered %s, want %s", a.Start, taken.Start)
	}
	if n := count(t, w.store, `SELECT count(*) FROM wish`); n != 1 || w.get(t, first.ID).State != "" {
		t.Errorf("%d wishes are kept, want one", n)
	}
}

// TestNothingOfAPerson is in the record or in what is printed.
func TestNothingOfAPerson(t *testing.T) {
	w := newTown(t)
	taken := w.books(t, "mitte", pass, at(t, "2026-12-01 09:30"))
	canary := w.leaves(t, wish(t, "canary"))
	if _, err := w.Confirm(t.Context(), canary.ID, w.now); err != nil {
		t.Fatal(err)
	}
	w.cancels(t, taken)
	a := w.offered(t, canary.ID)
	if _, err := w.Decline(t.Context(), a.ID, w.now); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%+v %#v %v", canary, w.get(t, canary.ID), w.post.told)
	for e, err := range audit.All(t.Context(), w.store) {
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(&text, e)
	}
	if strings.Contains(text.String(), "canary") || !strings.Contains(text.String(), "wish-declined") || !strings.Contains(text.String(), "wish:"+canary.ID.String()) {
		t.Errorf("the record and what is printed:\n%s", text.String())
	}
}

func TestParseID(t *testing.T) {
	if id, err := ParseID("0123456789abcdef"); err != nil || id.String() != "0123456789abcdef" {
		t.Errorf("%s, %v", id, err)
	}
	for _, text := range []string{"", "0123456789abcde", "0123456789abcdefg", "0123456789ABCDEF", "0123456789abcdef0", "0123456789abcdeg", "äääääääää"} {
		if _, err := ParseID(text); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}
