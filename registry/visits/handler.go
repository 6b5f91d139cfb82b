// SPDX-License-Identifier: EUPL-1.2

package visits

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

const (
	// longestRequest is enrolment.MaxVisits records of some 600 bytes, in bytes, and room.
	longestRequest = 512 << 10
	// patience is how long one delivery may take.
	patience = 30 * time.Second
)

// Answers that Add does not know.
var (
	errFull      = problem.New(http.StatusInsufficientStorage, "full", "office's disk is full")
	errTooLarge  = problem.New(http.StatusRequestEntityTooLarge, "too-large", "request is too large")
	errBody      = problem.New(http.StatusRequestTimeout, "body", "content ended early or came too slowly")
	errMalformed = problem.New(http.StatusBadRequest, "malformed", "request is not the JSON expected here")
)

// Handler serves POST /v1/visits on the device listener. identify gives the station
// that sent a request, or the problem to answer.
func (v *Visits) Handler(identify func(*http.Request) (device string, err error)) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST "+enrolment.VisitsPath, problem.Handler(v.log, func(w http.ResponseWriter, r *http.Request) error {
		device, err := identify(r)
		if err != nil {
			return err
		}
		return v.serveAdd(w, r, device)
	}))
	mux.Handle(enrolment.VisitsPath, problem.Only(http.MethodPost))
	mux.Handle("/", problem.Missing())
	return mux
}

func (v *Visits) serveAdd(w http.ResponseWriter, r *http.Request, device string) error {
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(patience)) // a recorder in a test has none
	var records []enrolment.Visit
	// Fields that a newer station has beyond ours are left out.
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, longestRequest)).Decode(&records)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errTooLarge
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrDeadlineExceeded) {
		return errBody // and not what makes a station give a record up
	}
	if err != nil {
		return errMalformed
	}
	err = v.Add(r.Context(), device, records, time.Now())
	if errors.Is(err, store.ErrFull) {
		return errFull
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	io.WriteString(w, "{}\n") // a lost answer is asked for again
	return nil
}
