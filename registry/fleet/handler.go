// SPDX-License-Identifier: EUPL-1.2

package fleet

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

const (
	// longestReport is in bytes; ours has some 600, a newer station's may have more.
	longestReport = 8 << 10
	// patience is how long a report may take to come in.
	patience = 30 * time.Second
)

// Answers to a report.
var (
	errReport    = problem.New(http.StatusUnprocessableEntity, "report", "the station's report cannot be")
	errMalformed = problem.New(http.StatusBadRequest, "malformed", "request is not the JSON expected here")
	errTooLarge  = problem.New(http.StatusRequestEntityTooLarge, "too-large", "request is too large")
	errFull      = problem.New(http.StatusInsufficientStorage, "full", "office's disk is full")
)

// Handler serves POST /v1/report on the device listener. identify gives the
// station that sent a request, or the problem to answer.
func (f *Fleet) Handler(identify func(*http.Request) (device string, err error)) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST "+enrolment.ReportPath, problem.Handler(f.log, func(w http.ResponseWriter, r *http.Request) error {
		device, err := identify(r)
		if err != nil {
			return err
		}
		return f.serveReport(w, r, device)
	}))
	mux.Handle(enrolment.ReportPath, problem.Only(http.MethodPost))
	mux.Handle("/", problem.Missing())
	return mux
}

func (f *Fleet) serveReport(w http.ResponseWriter, r *http.Request, device string) error {
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(patience)) // a recorder in a test has none
	var report enrolment.Report
	// Fields that a newer station has beyond ours are left out.
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, longestReport)).Decode(&report)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errTooLarge
	}
	if err != nil {
		return errMalformed
	}
	err = f.Note(r.Context(), device, report, time.Now())
	if errors.Is(err, store.ErrFull) {
		return errFull
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	io.WriteString(w, "{}\n") // a station that went away asks again in a minute
	return nil
}
