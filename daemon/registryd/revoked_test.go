// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// TestMovedAndCancelledReachStations: stations are told of the codes that hold
// no more, and not of seats that are only held.
func TestMovedAndCancelledReachStations(t *testing.T) {
	o, _, _ := started(t)
	now := time.Now()
	rule := calendar.Rule{Office: "mitte", Group: "pass", Days: 127, From: 0, To: calendar.Midnight, Minutes: 60, Public: 3}
	request := book.Request{Location: "mitte", Service: 1, Persons: 1}
	put := errors.Join(
		o.book.PutLocation(t.Context(), "clerk:anna", book.Location{Code: "mitte", Name: "Mitte", Online: true}, now),
		o.book.PutService(t.Context(), "clerk:anna", book.Service{Code: 1, Name: "Reisepass", Group: "pass", Minutes: 60, Seats: 1}, now))
	_, err := o.book.SetPlan(t.Context(), "clerk:anna", calendar.Plan{Rules: []calendar.Rule{rule}}, now)
	if err := errors.Join(put, err); err != nil {
		t.Fatal(err)
	}
	// A week: two days may both be holidays.
	free, err := o.book.Free(t.Context(), request, now, now.AddDate(0, 0, 7), now)
	if err != nil || len(free) < 3 {
		t.Fatalf("%d times are free, %v", len(free), err)
	}
	enter := book.Step{Do: book.Enter, At: now, Actor: "clerk:anna", Name: book.NameOf("CANARY")}
	moved, err1 := o.book.Take(t.Context(), request, free[1].Start, enter)
	cancelled, err2 := o.book.Take(t.Context(), request, free[1].Start, enter)
	_, err3 := o.book.Take(t.Context(), request, free[1].Start, book.Step{Do: book.Hold, At: now, Actor: "citizen"})
	_, err4 := o.book.Move(t.Context(), moved.ID, "mitte", free[2].Start, false, book.Step{At: now, Actor: "citizen"})
	_, err5 := o.book.Advance(t.Context(), cancelled.ID, book.Step{Do: book.Cancel, At: now, Actor: "citizen"})
	day, err6 := o.day(t.Context(), now)
	if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
		t.Fatal(err)
	}
	got := map[enrolment.Revocation]bool{}
	for _, r := range day.Revoked {
		got[r] = true
	}
	want := map[enrolment.Revocation]bool{
		{Appointment: moved.ID.String(), Revision: 0, Reason: "moved"}: true, {Appointment: cancelled.ID.String(), Revision: 0, Reason: "cancelled"}: true,
	}
	if diff := cmp.Diff(want, got); diff != "" || len(day.Typed) != 1 {
		t.Errorf("%d typed codes; revoked (-want +got):\n%s", len(day.Typed), diff)
	}
}
