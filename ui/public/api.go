// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/ui/text"
)

// operations are the same way for programs: docs/openapi-booking.json describes them.
func (s *site) operations() []route {
	return []route{
		{"GET /v1/services", look, s.listServices},
		{"GET /v1/offices", look, s.listOffices},
		{"GET /v1/times", look, s.listTimes},
		{"POST /v1/bookings", take, s.holdTime},
		{"GET /v1/bookings/{link}", look, s.showBooking},
		{"PUT /v1/bookings/{link}", take, s.submitBooking},
		{"DELETE /v1/bookings/{link}", take, s.returnBooking},
		{"POST /v1/confirmations/{link}", take, s.confirmBooking},
		{"GET /v1/appointments/{link}", look, s.showAppointmentTo},
		{"POST /v1/moves/{link}", take, s.moveAppointment},
		{"POST /v1/cancellations/{link}", take, s.cancelAppointment},
	}
}

// respond answers a program: a fault is a problem, by the key of the page that
// says the same to people.
func (s *site) respond(serve func(http.ResponseWriter, *http.Request) error) http.Handler {
	return problem.Handler(s.Log, func(w http.ResponseWriter, r *http.Request) error {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		err := serve(w, r)
		if _, is := errors.AsType[*problem.Problem](err); is || err == nil || r.Context().Err() != nil {
			return err
		}
		if errors.Is(err, book.ErrGone) {
			return problem.New(http.StatusConflict, "gone", english("public.gone.taken"))
		}
		if f := faultOf(err); f != errInside {
			return problem.New(f.status, f.key, english("public.fault."+f.key))
		}
		return err
	})
}

func english(key string) string { return text.Language("en").Text(key) }

// errInvalid is what a program sent that makes no sense; the sentence says what.
func errInvalid(why string) error {
	return problem.New(http.StatusUnprocessableEntity, "invalid", "what was sent makes no sense").Because(why)
}

// read takes a JSON object in, which no page of another site can send.
func read(r *http.Request, into any) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return problem.New(http.StatusUnsupportedMediaType, "media-type", "content must be application/json")
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return err
	}
	if err != nil || d.More() {
		return errInvalid("the content is no object of this operation")
	}
	return nil
}

func write(w http.ResponseWriter, status int, v any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(v)
}

func (s *site) listServices(w http.ResponseWriter, r *http.Request) error {
	type service struct {
		Code    uint16 `json:"code"`
		Name    string `json:"name"`
		Minutes int    `json:"minutes"`
		Persons int    `json:"persons"` // at most
		Photo   bool   `json:"photo"`
	}
	all, err := s.Book.Services(r.Context())
	list := []service{}
	for _, v := range all {
		list = append(list, service{v.Code, v.Name, v.Minutes, mostOf(v), v.PhotoWanted})
	}
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, map[string]any{"services": list})
}

// named is something with its code.
type named struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

func (s *site) listOffices(w http.ResponseWriter, r *http.Request) error {
	all, err := s.onlineOffices(r.Context())
	if err != nil {
		return err
	}
	list := []named{}
	for _, l := range all {
		list = append(list, named{l.Code, l.Name})
	}
	return write(w, http.StatusOK, map[string]any{"offices": list})
}

func (s *site) listTimes(w http.ResponseWriter, r *http.Request) error {
	type freeTime struct {
		Start   time.Time `json:"start"`
		Minutes int       `json:"minutes"`
	}
	q := r.URL.Query()
	_, wrong := calendar.ParseDay(q.Get("from"))
	persons, wrong2 := strconv.Atoi(q.Get("persons"))
	c, ok, err := s.choose(r.Context(), q)
	if err != nil {
		return err
	}
	if !ok || c.Office.Code == "" || wrong != nil || wrong2 != nil || c.Persons != persons {
		return errInvalid("service, persons and office are needed, and from is a day such as 2026-12-01")
	}
	now := time.Now()
	found, err := s.freeDays(r.Context(), c.request(), c.begin(now), now, daysShown)
	if err != nil {
		return err
	}
	list := []freeTime{}
	for _, d := range found.days {
		for _, f := range append(append([]book.Free{}, d.Morning...), d.Afternoon...) {
			list = append(list, freeTime{f.Start, int(f.Length / time.Minute)})
		}
	}
	answer := map[string]any{"times": list}
	if found.next > 0 {
		answer["next"] = found.next
	}
	return write(w, http.StatusOK, answer)
}
