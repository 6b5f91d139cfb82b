// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// longestRequest is enrolment.MaxArrivals facts of some 270 bytes, in bytes, and room.
const longestRequest = 128 << 10

// errTooMany answers a delivery that is cut into smaller ones.
var errTooMany = problem.New(http.StatusRequestEntityTooLarge, "too-many", "more check-ins than one delivery may hold")

// Place is the office that the station stands in, "" while nobody has said.
func (q *Queue) Place(ctx context.Context, device string) (location string, err error) {
	err = q.store.Read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT location FROM station_place WHERE device = $1`, device).Scan(&location)
	})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("find place of station %s: %w", device, err)
	}
	return location, nil
}

// SetPlace says which office the station stands in, or with "" that nobody knows:
// it then checks in for every office.
func (q *Queue) SetPlace(ctx context.Context, actor, device, location string, now time.Time) error {
	if location != "" {
		if _, err := q.Office(ctx, location); err != nil {
			return fmt.Errorf("place station %s: %w", device, err)
		}
	}
	err := q.store.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM station_place WHERE device = $1`, device)
		if err == nil && location != "" {
			_, err = tx.ExecContext(ctx, `INSERT INTO station_place (device, location) VALUES ($1, $2)`, device, location)
		}
		if err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{At: now, Actor: actor, Action: "station-placed", Subject: "device:" + device, Detail: location})
	})
	if err != nil {
		return fmt.Errorf("place station %s: %w", device, err)
	}
	return nil
}

// Arrive takes the facts of a station in, in the order in which people were
// there. What came before is answered as before, and what is no fact as malformed.
func (q *Queue) Arrive(ctx context.Context, device string, facts []enrolment.Arrival, now time.Time) ([]enrolment.Answered, error) {
	location, err := q.Place(ctx, device)
	if err != nil {
		return nil, err
	}
	facts = slices.Clone(facts)
	slices.SortStableFunc(facts, func(a, b enrolment.Arrival) int { return a.At.Compare(b.At) })
	answers := make([]enrolment.Answered, 0, len(facts))
	for _, f := range facts {
		o, err := q.CheckIn(ctx, Fact{f.Nonce, f.Code, f.At, location, device, "device:" + device}, now)
		if errors.Is(err, ErrFact) { // the others are none the worse for it
			o.Answer, err = appointment.Malformed, nil
		}
		if err != nil {
			return nil, err
		}
		is := enrolment.Answered{Nonce: f.Nonce, Answer: string(o.Answer), Number: int(o.Number)}
		if q.Photo != nil && o.Number != 0 {
			err = q.store.Read(ctx, func(tx *sql.Tx) error {
				is.Photo, err = q.Photo(ctx, tx, o.Appointment)
				return err
			})
			if err != nil {
				return nil, err
			}
		}
		answers = append(answers, is)
	}
	return answers, nil
}

// Handler serves POST /v1/arrivals on the device listener. identify gives the
// station that sent a request, or the problem to answer.
func (q *Queue) Handler(identify func(*http.Request) (device string, err error), log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST "+enrolment.ArrivalsPath, problem.Handler(log, func(w http.ResponseWriter, r *http.Request) error {
		device, err := identify(r)
		if err != nil {
			return err
		}
		return q.serveArrivals(w, r, device)
	}))
	mux.Handle(enrolment.ArrivalsPath, problem.Only(http.MethodPost))
	mux.Handle("/", problem.Missing())
	return mux
}

func (q *Queue) serveArrivals(w http.ResponseWriter, r *http.Request, device string) error {
	var facts []enrolment.Arrival
	if err := problem.Decode(w, r, longestRequest, &facts); err != nil {
		return err
	}
	if len(facts) > enrolment.MaxArrivals {
		return errTooMany
	}
	answers, err := q.Arrive(r.Context(), device, facts, time.Now())
	if errors.Is(err, store.ErrFull) {
		return problem.Full
	}
	if err != nil {
		return err
	}
	problem.Encode(w, http.StatusOK, answers) // a lost answer is asked for again
	return nil
}
