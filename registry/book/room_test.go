// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"database/sql"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestRoomsAreWhatIsFree: whoever looks for whatever finds the same times.
func TestRoomsAreWhatIsFree(t *testing.T) {
	b, _ := open(t)
	rapid.Check(t, func(t *rapid.T) {
		m := newModel(t, b)
		for range rapid.IntRange(0, 6).Draw(t, "appointments") {
			m.take(t)
		}
		m.rules(t)
		from := m.now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "from")) * time.Hour)
		to := from.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "hours")) * time.Hour)
		services, err := b.Services(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range services {
			for persons := 1; persons <= 3; persons++ {
				free, err := b.Free(t.Context(), Request{Location: "mitte", Service: s.Code, Persons: persons}, from, to, m.now)
				if err != nil {
					t.Fatal(err)
				}
				got, want := roomFor(t, b, s, persons, from, to, m.now), make([]string, len(free))
				for i, f := range free {
					want[i] = fmt.Sprint(f.Start, f.Length)
				}
				if !slices.Equal(got, want) {
					t.Fatalf("%s for %d: rooms %v, free %v", s.Name, persons, got, want)
				}
			}
		}
	})
}

func roomFor(t *rapid.T, b *Book, s Service, persons int, from, to, now time.Time) (fit []string) {
	var rooms []Room
	length := time.Duration(s.Minutes) * time.Minute
	err := b.store.Read(t.Context(), func(tx *sql.Tx) (err error) {
		rooms, err = Rooms(t.Context(), tx, "mitte", s.Group, from, to, now, max(length, 30*time.Minute))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rooms {
		if run := r.For(length); run.Seats >= persons*s.Seats {
			fit = append(fit, fmt.Sprint(r.Start, run.Length))
		}
	}
	return fit
}

// TestRoomsOfAnOfficeThatIsNotOnline: there are none, nor of one that is not there.
func TestRoomsOfAnOfficeThatIsNotOnline(t *testing.T) {
	b, _, now := town(t)
	for office, want := range map[string]bool{"mitte": true, "ruhrort": false, "nowhere": false} {
		r := passRule()
		r.Office = office
		if office != "nowhere" {
			setPlan(t, b, now, r)
		}
		err := b.store.Read(t.Context(), func(tx *sql.Tx) error {
			rooms, err := Rooms(t.Context(), tx, office, "pass", now, now.AddDate(0, 0, 2), now, time.Hour)
			if (len(rooms) > 0) != want {
				t.Errorf("%s has %d rooms", office, len(rooms))
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
