// SPDX-License-Identifier: EUPL-1.2

package visits

import (
	"errors"
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// longestRequest is enrolment.MaxVisits records of some 600 bytes, in bytes, and room.
const longestRequest = 512 << 10

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
	var records []enrolment.Visit
	if err := problem.Decode(w, r, longestRequest, &records); err != nil {
		return err
	}
	err := v.Add(r.Context(), device, records, time.Now())
	if errors.Is(err, store.ErrFull) {
		return problem.Full
	}
	if err != nil {
		return err
	}
	problem.Encode(w, http.StatusOK, struct{}{}) // a lost answer is asked for again
	return nil
}
