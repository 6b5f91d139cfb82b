// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// TestThreeHoursOffline: what a station tells when its line is up again gives the
// order that it would have given at once, by the arrivals.
func TestThreeHoursOffline(t *testing.T) {
	var told [2][]string
	for i, w := range []town{newTown(t), newTown(t)} {
		var facts []enrolment.Arrival
		for n, at := range []int{-5, -14, 0, 1, 20, 30} { // as they were there, not as they were booked
			facts = append(facts, enrolment.Arrival{Nonce: string(rune('a' + n)), Code: w.code(t, w.books(t, 15*(n/3))), At: after(at)})
		}
		late := i == 1
		for _, delivery := range deliveries(facts, late) {
			now := delivery[0].At
			if late {
				now = after(200)
			}
			if _, err := w.Arrive(t.Context(), "left", delivery, now); err != nil {
				t.Fatal(err)
			}
		}
		all, err := w.Today(t.Context(), "mitte", after(200))
		noted, notedErr := w.Facts(t.Context(), after(-60))
		if err := errors.Join(err, notedErr); err != nil || len(all) != 6 || len(noted) != 6 {
			t.Fatalf("%d wait, %d facts, %v", len(all), len(noted), err)
		}
		for n := range all {
			told[i] = append(told[i], all[n].Number.String()+" "+all[n].Arrived.Format(time.TimeOnly), string(noted[n].Answer)+" "+noted[n].At.Format(time.TimeOnly))
		}
		w.verify(t)
	}
	if diff := cmp.Diff(told[0], told[1]); diff != "" {
		t.Errorf("at once, three hours later (-want +got):\n%s", diff)
	}
}

// TestMovedWhileTheStationWasOffline: nothing is lost, and the reason is noted.
func TestMovedWhileTheStationWasOffline(t *testing.T) {
	w := newTown(t)
	moved, cancelled := w.books(t, 15), w.books(t, 15)
	facts := []enrolment.Arrival{{Nonce: "c", Code: w.code(t, cancelled), At: after(6)}, {Nonce: "m", Code: w.code(t, moved), At: after(5)}}
	_, err := w.book.Move(t.Context(), moved.ID, "mitte", after(150), true, book.Step{At: after(10), Actor: "citizen"})
	if err == nil {
		_, err = w.book.Advance(t.Context(), cancelled.ID, book.Step{Do: book.Cancel, At: after(10), Actor: "citizen"})
	}
	answers, arriveErr := w.Arrive(t.Context(), "left", facts, after(200))
	noted, notedErr := w.Facts(t.Context(), after(-60))
	if err := errors.Join(err, arriveErr, notedErr); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]enrolment.Answered{{Nonce: "m", Answer: "moved"}, {Nonce: "c", Answer: "cancelled"}}, answers); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want := []Noted{
		{"left", moved.ID.String(), after(5), after(200), appointment.Moved},
		{"left", cancelled.ID.String(), after(6), after(200), appointment.Cancelled},
	}
	if diff := cmp.Diff(want, noted); diff != "" {
		t.Errorf("noted (-want +got):\n%s", diff)
	}
}

// deliveries are one for each fact as it comes, or all in one, mixed, and once more.
func deliveries(facts []enrolment.Arrival, late bool) (all [][]enrolment.Arrival) {
	if late {
		return [][]enrolment.Arrival{facts, slices.Clone(facts)}
	}
	slices.SortFunc(facts, func(a, b enrolment.Arrival) int { return a.At.Compare(b.At) })
	for _, f := range facts {
		all = append(all, []enrolment.Arrival{f})
	}
	return all
}

// TestFactsInAnyOrder gives the facts of three stations and the desk in every order,
// some of them more than once: who is there since when, and who is called next, is
// the same as by the earliest fact of each that holds.
func TestFactsInAnyOrder(t *testing.T) {
	w := newTown(t)
	var all []book.Appointment
	for i := range 8 {
		all = append(all, w.books(t, 15*(i/3)))
	}
	rapid.Check(t, func(t *rapid.T) {
		w.forget(t)
		var facts []Fact
		want := map[appointment.ID]time.Time{}
		for i := range rapid.IntRange(1, 14).Draw(t, "facts") {
			a := rapid.SampledFrom(all).Draw(t, "who")
			at := a.Start.Add(time.Duration(rapid.IntRange(-18*60, 20*60).Draw(t, "at")) * time.Second)
			f := Fact{string(rune('a' + i)), w.code(t, a), at.UTC(), rapid.SampledFrom([]string{"mitte", "", "ruhrort"}).Draw(t, "where"), rapid.SampledFrom([]string{"left", "right", ""}).Draw(t, "device"), "office"}
			facts = append(facts, f)
			if at.Before(a.Start.Add(-book.Early)) || f.Location == "ruhrort" {
				continue
			}
			if first, ok := want[a.ID]; !ok || at.Before(first) {
				want[a.ID] = at.UTC()
			}
		}
		answers := map[string]Outcome{}
		for _, f := range append(rapid.Permutation(facts).Draw(t, "order"), rapid.SliceOf(rapid.SampledFrom(facts)).Draw(t, "again")...) {
			o, err := w.CheckIn(t.Context(), f, after(300))
			if before, ok := answers[f.Device+f.Nonce]; err != nil || ok && before != o {
				t.Fatalf("%+v, %v; before %+v", o, err, before)
			}
			answers[f.Device+f.Nonce] = o
		}
		w.expect(t, all, want)
		noted, err := w.Facts(t.Context(), time.UnixMilli(0))
		if err != nil || len(noted) != len(facts) {
			t.Fatalf("%d of %d facts are noted, %v", len(noted), len(facts), err)
		}
	})
	w.verify(t)
}

// expect compares who waits with who should, and since when.
func (w town) expect(t *rapid.T, all []book.Appointment, want map[appointment.ID]time.Time) {
	now := after(22)
	var order []Waiting
	for _, a := range all {
		if at, ok := want[a.ID]; ok {
			order = append(order, Waiting{ID: a.ID, Start: a.Start, Arrived: at, State: book.Arrived})
		}
	}
	Order(order, now)
	got, err := w.Today(t.Context(), "mitte", now)
	if err != nil {
		t.Fatal(err)
	}
	numbers := map[Number]bool{}
	for i := range got {
		numbers[got[i].Number] = true
		got[i] = Waiting{ID: got[i].ID, Start: got[i].Start, Arrived: got[i].Arrived, State: got[i].State}
	}
	if diff := cmp.Diff(order, got); diff != "" || len(numbers) != len(got) {
		t.Fatalf("numbers %v (-want +got):\n%s", numbers, diff)
	}
}

// forget makes the appointments as if nobody had come.
func (w town) forget(t *rapid.T) {
	err := w.store.Write(t.Context(), func(tx *sql.Tx) error {
		for _, statement := range []string{`DELETE FROM arrival`, `DELETE FROM fact`, `UPDATE appointment SET state = 'confirmed'`} {
			if _, err := tx.Exec(statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestPlaces: a station checks in for the office it stands in, or for all while nobody has said which.
func TestPlaces(t *testing.T) {
	w := newTown(t)
	a, b := w.books(t, 0), w.books(t, 0)
	if err := w.SetPlace(t.Context(), "clerk:anna", "left", "atlantis", after(-60)); !errors.Is(err, book.ErrNotFound) {
		t.Errorf("a place that is none: %v", err)
	}
	for _, tt := range []struct {
		place string
		of    book.Appointment
		want  appointment.Answer
	}{{"ruhrort", a, appointment.WrongOffice}, {"mitte", a, appointment.OK}, {"", b, appointment.OK}} {
		err := w.SetPlace(t.Context(), "clerk:anna", "left", tt.place, after(-60))
		place, placeErr := w.Place(t.Context(), "left")
		got, arriveErr := w.Arrive(t.Context(), "left", []enrolment.Arrival{{Nonce: NewNonce(), Code: w.code(t, tt.of), At: after(0)}}, after(0))
		if err := errors.Join(err, placeErr, arriveErr); err != nil || place != tt.place || got[0].Answer != string(tt.want) {
			t.Errorf("at %q (%q): %+v, %v, want %s", tt.place, place, got, err, tt.want)
		}
	}
}

func TestHandler(t *testing.T) {
	w := newTown(t)
	now := time.Now()
	a, err := w.book.Add(t.Context(), book.Appointment{Name: book.NameOf("Anna"), Start: now.Truncate(time.Minute), Length: 15 * time.Minute, Persons: 1})
	if err != nil {
		t.Fatal(err)
	}
	h := w.Handler(func(r *http.Request) (string, error) {
		if r.Header.Get("Station") == "" {
			return "", problem.New(http.StatusUnauthorized, "certificate", "no certificate")
		}
		return r.Header.Get("Station"), nil
	}, slog.New(slog.DiscardHandler))
	post := func(station, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, enrolment.ArrivalsPath, strings.NewReader(body))
		r.Header.Set("Station", station)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		return rec
	}
	fact := enrolment.Arrival{Nonce: "n", Code: w.code(t, a), At: now}
	body, err := json.Marshal([]enrolment.Arrival{{At: now}, fact, {Nonce: "m", Code: fact.Code, At: now}})
	if err != nil {
		t.Fatal(err)
	}
	want := []enrolment.Answered{{Answer: "malformed"}, {Nonce: "n", Answer: "ok", Number: 100}, {Nonce: "m", Answer: "already_checked_in", Number: 100}}
	for range 2 { // the answer was lost
		rec := post("left", string(body))
		var got []enrolment.Answered
		if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || rec.Code != http.StatusOK {
			t.Fatalf("%d %s: %v", rec.Code, rec.Body, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	for name, tt := range map[string]struct {
		station, body string
		want          int
	}{
		"nobody":            {"", "[]", http.StatusUnauthorized},
		"nothing":           {"left", "[]", http.StatusOK},
		"no JSON":           {"left", "{]", http.StatusBadRequest},
		"an object":         {"left", "{}", http.StatusBadRequest},
		"cut off":           {"left", `[{"nonce":`, http.StatusRequestTimeout},
		"too many":          {"left", "[" + strings.Repeat("{},", enrolment.MaxArrivals) + "{}]", http.StatusRequestEntityTooLarge},
		"more than too big": {"left", `["` + strings.Repeat("a", longestRequest) + `"]`, http.StatusRequestEntityTooLarge},
	} {
		if rec := post(tt.station, tt.body); rec.Code != tt.want {
			t.Errorf("%s: %d %s, want %d", name, rec.Code, rec.Body, tt.want)
		}
	}
	for path, want := range map[string]int{enrolment.ArrivalsPath: http.StatusMethodNotAllowed, "/v1/other": http.StatusNotFound} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if rec.Code != want {
			t.Errorf("GET %s: %d, want %d", path, rec.Code, want)
		}
	}
}

// TestAnswerKnowsThePhoto: who is checked in need not be asked for a photo that the office has.
func TestAnswerKnowsThePhoto(t *testing.T) {
	w := newTown(t)
	with, without := w.books(t, 15), w.books(t, 15)
	w.Photo = func(_ context.Context, _ *sql.Tx, id appointment.ID) (bool, error) { return id == with.ID, nil }
	facts := []enrolment.Arrival{{Nonce: "a", Code: w.code(t, with), At: after(5)}, {Nonce: "b", Code: w.code(t, without), At: after(6)}, {Nonce: "c", Code: "no code", At: after(7)}}
	answers, err := w.Arrive(t.Context(), "left", facts, after(8))
	if err != nil || len(answers) != 3 || !answers[0].Photo || answers[1].Photo || answers[2].Photo {
		t.Errorf("%+v, %v", answers, err)
	}
}
