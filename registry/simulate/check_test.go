// SPDX-License-Identifier: EUPL-1.2

package simulate

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// office has two appointments at nine and one at ten, whose ids it gives.
func office(t *testing.T) (s *store.Store, now time.Time, ids [3]string) {
	t.Helper()
	s, now = storetest.Open(t), first(t).At(7*60, book.Zone())
	b := book.New(s, duisburg, nil)
	rule := calendar.Rule{Office: "mitte", Group: "pass", Days: calendar.Workdays, From: 8 * 60, To: 12 * 60, Minutes: 15, Public: 2}
	_, err := b.SetTown(t.Context(), "office", book.Town{
		Locations: []book.Location{{Code: "mitte", Name: "Mitte", Online: true}},
		Services:  []book.Service{{Code: 101, Name: "Pass", Group: "pass", Minutes: 15, Seats: 1}},
		Plan:      calendar.Plan{Rules: []calendar.Rule{rule}},
	}, now)
	for i, hour := range []calendar.Clock{9, 9, 10} {
		var a book.Appointment
		if err == nil {
			step := book.Step{Do: book.Enter, At: now, Actor: "clerk:anna", Name: book.NameOf("Erika Mustermann")}
			a, err = b.Take(t.Context(), book.Request{Location: "mitte", Service: 101, Persons: 1}, first(t).At(hour*60, book.Zone()), step)
		}
		ids[i] = a.ID.String()
	}
	if err != nil {
		t.Fatal(err)
	}
	return s, now, ids
}

// TestCheck: what is right has no fault, and each thing that is put wrong behind the
// book's back is found.
func TestCheck(t *testing.T) {
	for _, tc := range []struct {
		name  string
		wrong string        // a change of the database; NINE, TOO and TEN are the appointments
		step  string        // that is recorded of NINE
		after time.Duration // everything else
		want  string
	}{
		{name: "nothing"},
		{name: "two in one seat", // whose key forbids it within a slot; slots must not overlap
			wrong: `INSERT INTO slot (location, grp, start_at, minutes, seats, released, close_at, cooling) SELECT location, grp, start_at + 300000, minutes, seats, released, close_at, cooling
					FROM slot WHERE id = (SELECT slot FROM seat WHERE appointment = 'NINE');
				UPDATE seat SET number = (SELECT number FROM seat WHERE appointment = 'NINE'),
					slot = (SELECT id FROM slot WHERE start_at = 300000 + (SELECT start_at FROM appointment WHERE id = 'NINE')) WHERE appointment = 'TOO'`,
			want: "NINE and TOO have seat 0 of mitte"},
		{name: "another time", wrong: `UPDATE appointment SET start_at = start_at + 900000 WHERE id = 'TEN'`, want: "TEN has a seat at another time"},
		{name: "no seat", wrong: `DELETE FROM seat WHERE appointment = 'TEN'`, want: "TEN needs seats for 15 minutes and has 0"},
		{name: "seat of a cancelled one", wrong: `UPDATE appointment SET state = 'cancelled' WHERE id = 'NINE'`, want: "NINE is cancelled and has a seat"},
		{name: "no step", wrong: `UPDATE appointment SET state = 'done' WHERE id = 'TEN'`, want: `TEN is "done", by the record "confirmed"`},
		{name: "no appointment", wrong: `DELETE FROM appointment WHERE id = 'TEN'`, want: "the book has 2 appointments, the record 3"},
		{name: "illegal step", step: "served", want: `NINE: served when it was "confirmed"`},
		{name: "unknown step", step: "forgotten", want: `NINE: forgotten when it was "confirmed"`},
		{name: "made twice", step: "entered", want: `NINE: entered when it was "confirmed"`},
		{name: "before its time", step: "arrived", after: -time.Hour, want: "is recorded behind"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, now, ids := office(t)
			names := strings.NewReplacer("NINE", ids[0], "TOO", ids[1], "TEN", ids[2])
			err := s.Write(t.Context(), func(tx *sql.Tx) error {
				for query := range strings.SplitSeq(names.Replace(tc.wrong), ";") {
					if _, err := tx.ExecContext(t.Context(), query); err != nil {
						return err
					}
				}
				if tc.step == "" {
					return nil
				}
				return audit.Append(t.Context(), tx, audit.Entry{At: now.Add(tc.after), Actor: "office", Action: "appointment-" + tc.step, Subject: ids[0]})
			})
			if err != nil {
				t.Fatal(err)
			}
			c, err := check(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			want := names.Replace(tc.want)
			if all := strings.Join(c.Faults, "\n"); (all == "") != (want == "") || !strings.Contains(all, want) {
				t.Errorf("found %q, want %q", all, want)
			}
		})
	}
}
