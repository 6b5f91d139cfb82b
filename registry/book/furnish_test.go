// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/registry/calendar"
)

// TestSetTown: a town is put in one step, tried before, and put again without a
// word in the record but that of the plan.
func TestSetTown(t *testing.T) {
	b, _ := open(t)
	now := at(t, "2026-11-30 12:00")
	want := Town{
		Locations: []Location{{"mitte", "Bürger-Service Mitte", true}, {"ruhrort", "Bürger-Service Ruhrort", false}},
		Services:  []Service{{pass, "Reisepass", "pass", 15, 1, true}},
		Plan:      calendar.Plan{Rules: []calendar.Rule{passRule()}},
	}
	tried, err := b.TryTown(t.Context(), want, now)
	if is, nowErr := b.Town(t.Context()); err != nil || nowErr != nil || len(is.Locations)+len(is.Services)+len(is.Rules) != 0 {
		t.Errorf("only tried: %v, %v, %+v", err, nowErr, is)
	}
	done, err := b.SetTown(t.Context(), "clerk:anna", want, now)
	if diff := cmp.Diff(tried, done); err != nil || diff != "" || done.Made == 0 {
		t.Errorf("done is not what was tried, or nothing: %v\n%s", err, diff)
	}
	is, err := b.Town(t.Context())
	want.Zone, want.State = is.Zone, calendar.NordrheinWestfalen
	if diff := cmp.Diff(want.Locations, is.Locations); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if diff := cmp.Diff(want.Services, is.Services); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want.Rules, is.Rules); diff != "" || is.State != want.State {
		t.Error(is.State, diff)
	}
	again, err := b.SetTown(t.Context(), "clerk:anna", want, now)
	if err != nil || again.Made+again.Changed+again.Withdrawn != 0 {
		t.Errorf("again: %+v, %v", again, err)
	}
	if n := count(t, b, `SELECT count(*) FROM audit WHERE action IN ('location-put', 'service-put')`); n != 3 {
		t.Errorf("the record has %d offices and services put, want 3", n)
	}
	verify(t, b)
}

// TestTownIsAllOrNothing: what the last entry refuses undoes the first.
func TestTownIsAllOrNothing(t *testing.T) {
	b, _ := open(t)
	elsewhere := passRule()
	elsewhere.Office = "rathaus"
	mitte := Location{"mitte", "Mitte", true}
	for want, town := range map[string]Town{
		`location "Mitte":`: {Locations: []Location{mitte, {"Mitte", "Mitte", true}}},
		`service 7:`:        {Locations: []Location{mitte}, Services: []Service{{Code: 7, Name: "Nichts", Group: "pass"}}},
		`rule 1:`:           {Locations: []Location{mitte}, Plan: calendar.Plan{Rules: []calendar.Rule{elsewhere}}},
	} {
		_, err := b.SetTown(t.Context(), "clerk:anna", town, at(t, "2026-11-30 12:00"))
		_, tryErr := b.TryTown(t.Context(), town, at(t, "2026-11-30 12:00"))
		if err == nil || tryErr == nil || err.Error() != tryErr.Error() || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, tried %v; want %s", err, tryErr, want)
		}
		if all, err := b.Locations(t.Context()); len(all) != 0 || err != nil {
			t.Errorf("%s: the town has %v, %v", want, all, err)
		}
	}
}
