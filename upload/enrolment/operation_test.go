// SPDX-License-Identifier: EUPL-1.2

package enrolment

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// week is open on Monday in two parts, and on Tuesday until midnight.
func week(t testing.TB) Week {
	t.Helper()
	var w Week
	for day, text := range map[time.Weekday]string{time.Monday: "08:00-12:00 14:00-18:00", time.Tuesday: "22:00-24:00"} {
		h, err := ParseHours(text)
		if err != nil {
			t.Fatal(err)
		}
		w[day] = h
	}
	return w
}

func TestOpen(t *testing.T) {
	for _, tc := range []struct {
		at   string // in November 2026, 23 is a Monday
		want bool
		next string
	}{
		{"23T07:59", false, "23T08:00"}, {"23T08:00", true, "23T14:00"}, {"23T11:59", true, "23T14:00"}, {"23T12:00", false, "23T14:00"},
		{"23T17:59", true, "24T22:00"}, {"23T18:00", false, "24T22:00"}, {"24T23:59", true, "30T08:00"}, {"25T00:00", false, "30T08:00"}, {"29T23:59", false, "30T08:00"},
	} {
		o := Operation{Lobby, week(t)}
		at := when(t, tc.at)
		if got := o.Open(at); got != tc.want {
			t.Errorf("%s: open %t, want %t", tc.at, got, tc.want)
		}
		if got := o.Next(at); !got.Equal(when(t, tc.next)) {
			t.Errorf("%s: opens %v, want %s", tc.at, got, tc.next)
		}
		o.Mode = Extended
		if !o.Open(at) {
			t.Errorf("%s: closed in the mode extended", tc.at)
		}
	}
	if got := (Operation{}).Next(when(t, "23T12:00")); !got.IsZero() {
		t.Errorf("a station without hours opens %v", got)
	}
}

func when(t testing.TB, text string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02T15:04", "2026-11-"+text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestHoursAreOfTheWallClock: on the two days on which clocks are changed too.
func TestHoursAreOfTheWallClock(t *testing.T) {
	zone := when(t, "23T12:00").Location()
	o := Operation{Lobby, week(t)}
	h, _ := ParseHours("08:00-09:00")
	o.Hours[time.Sunday] = h
	for _, day := range []time.Time{time.Date(2026, 3, 29, 0, 0, 0, 0, zone), time.Date(2026, 10, 25, 0, 0, 0, 0, zone)} {
		at := time.Date(day.Year(), day.Month(), day.Day(), 8, 0, 0, 0, zone)
		if got := o.Next(day); !got.Equal(at) || !o.Open(at) || o.Open(at.Add(-time.Minute)) || o.Open(at.Add(time.Hour)) {
			t.Errorf("on %s: opens %v, want %v", day.Format(time.DateOnly), got, at)
		}
	}
}

func TestOperationCheck(t *testing.T) {
	for want, o := range map[string]Operation{
		"":            {Counter, week(t)},
		"never":       {Mode: Lobby},
		"mode is not": {"always", week(t)},
	} {
		if err := o.Check(); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", o, err, want)
		}
	}
	if err := (Operation{Mode: Extended}).Check(); err != nil {
		t.Errorf("extended without hours: %v", err)
	}
}

func TestOperationInWords(t *testing.T) {
	o := Operation{Lobby, week(t)}
	o.Hours[time.Wednesday] = o.Hours[time.Tuesday]
	if got, want := o.String(), "lobby, Mon 08:00-12:00 14:00-18:00, Tue-Wed 22:00-24:00"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOperationTravels(t *testing.T) {
	o := Operation{Counter, week(t)}
	data, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"mode":"counter","hours":["","08:00-12:00 14:00-18:00","22:00-24:00","","","",""]}`; string(data) != want {
		t.Errorf("got %s, want %s", data, want)
	}
	var back Operation
	if err := json.Unmarshal(data, &back); err != nil || back != o {
		t.Errorf("%v, %s", err, cmp.Diff(o, back))
	}
}

func TestParseHoursRefuses(t *testing.T) {
	for _, text := range []string{
		"08:00", "8-12", "12:00-08:00", "08:00-08:00", "08:00-24:01", "08:60-09:00", "08:00-12:00 11:00-13:00", "08:00-12:00 12:00-13:00",
		"14:00-18:00 08:00-12:00", "-08:00", "08:00--09:00", "+8:00-09:00", "1:00-2:00 3:00-4:00 5:00-6:00 7:00-8:00", "08:0-09:00",
	} {
		if h, err := ParseHours(text); err == nil {
			t.Errorf("%q: got %v, want an error", text, h)
		}
	}
	if h, err := ParseHours(" 8:00–12:00, 14:00-18:00 "); err != nil || h.String() != "08:00-12:00 14:00-18:00" {
		t.Errorf("as people write it: %v, %v", h, err)
	}
}

// FuzzHours: what is read is written so that it reads the same.
func FuzzHours(f *testing.F) {
	for _, text := range []string{"", "08:00-12:00 14:00-18:00", "0:00-24:00", "8:00–9:00", ":", "08:00-12:00,,"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		h, err := ParseHours(text)
		if err != nil {
			return
		}
		if again, err := ParseHours(h.String()); err != nil || again != h {
			t.Errorf("%q is written %q, which reads %v, %v", text, h, again, err)
		}
	})
}
