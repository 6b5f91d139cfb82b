// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

const (
	// longestRequest is enrolment.MaxArrivals facts of some 270 bytes, in bytes, and room.
	longestRequest = 128 << 10
	// patience is how long one delivery may take.
	patience = 30 * time.Second
)

// Answers to a delivery that is none.
var (
	errTooMany   = problem.New(http.StatusRequestEntityTooLarge, "too-many", "more check-ins than one delivery may hold")
	errTooLarge  = problem.New(http.StatusRequestEntityTooLarge, "too-large", "request is too large")
	errFull      = problem.New(http.StatusInsufficientStorage, "full", "office's disk is full")
	errBody      = problem.New(http.StatusRequestTimeout, "body", "content came too slowly")
	errMalformed = problem.New(http.StatusBadRequest, "malformed", "request is not the JSON expected here")
)

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
		answers = append(answers, enrolment.Answered{Nonce: f.Nonce, Answer: string(o.Answer), Number: int(o.Number)})
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
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(patience)) // a recorder in a test has none
	facts, err := readFacts(http.MaxBytesReader(w, r.Body, longestRequest))
	if err != nil {
		return err
	}
	answers, err := q.Arrive(r.Context(), device, facts, time.Now())
	if errors.Is(err, store.ErrFull) {
		return errFull
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(answers) // a lost answer is asked for again
	return nil
}

func readFacts(body io.Reader) (facts []enrolment.Arrival, err error) {
	// Fields that a newer station has beyond ours are left out.
	err = json.NewDecoder(body).Decode(&facts)
	_, large := errors.AsType[*http.MaxBytesError](err)
	switch {
	case large:
		return nil, errTooLarge
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrDeadlineExceeded):
		return nil, errBody // and not what makes a station give its facts up
	case err != nil:
		return nil, errMalformed
	case len(facts) > enrolment.MaxArrivals:
		return nil, errTooMany
	}
	return facts, nil
}
