// SPDX-License-Identifier: EUPL-1.2

package fleet

import (
	"errors"
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// longestReport is in bytes; ours has some 600, a newer station's may have more.
const longestReport = 8 << 10

var errReport = problem.New(http.StatusUnprocessableEntity, "report", "the station's report cannot be")

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
	var report enrolment.Report
	if err := problem.Decode(w, r, longestReport, &report); err != nil {
		return err
	}
	err := f.Note(r.Context(), device, report, time.Now())
	if errors.Is(err, store.ErrFull) {
		return problem.Full
	}
	if err != nil {
		return err
	}
	problem.Encode(w, http.StatusOK, struct{}{}) // a station that went away asks again in a minute
	return nil
}
