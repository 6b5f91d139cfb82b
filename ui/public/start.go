// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
)

// startView is what the first page shows.
type startView struct {
	Services []book.Service
	Chosen   choice
	Most     int
}

// start asks what somebody comes for.
func (s *site) start(w http.ResponseWriter, r *http.Request) error {
	return s.startWith(w, r, http.StatusOK, false)
}

func (s *site) startWith(w http.ResponseWriter, r *http.Request, status int, faulty bool) error {
	services, err := s.Book.Services(r.Context())
	if err != nil {
		return err
	}
	slices.SortStableFunc(services, func(a, b book.Service) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	c, _, err := s.choose(r.Context(), r.URL.Query())
	if err != nil {
		return err
	}
	v := s.view(r, "public.start")
	v.Step, v.Faulty = 1, faulty
	return s.show(w, "start", status, v, startView{services, c, maxPersons})
}

// An offer is an office with its next free time.
type offer struct {
	Office  book.Location
	Next    time.Time // the zero time: nothing is free
	Soonest bool
}

// officesView is what the page of the offices shows.
type officesView struct {
	Choice choice
	Offers []offer
	Sold   bool // nothing is free anywhere
}

// offices lists those where everybody may book, each with its next free time.
func (s *site) offices(w http.ResponseWriter, r *http.Request) error {
	c, ok, err := s.choose(r.Context(), r.URL.Query())
	if err != nil {
		return err
	}
	if !ok {
		return s.startWith(w, r, http.StatusUnprocessableEntity, true)
	}
	all, err := s.onlineOffices(r.Context())
	if err != nil {
		return err
	}
	v := s.view(r, "public.offices")
	v.Step = 2
	o := officesView{Choice: c, Sold: true}
	for _, l := range all {
		found, err := s.freeDays(r.Context(), c.At(l).request(), v.Now, v.Now, 1)
		if err != nil {
			return err
		}
		next := offer{Office: l}
		if len(found.days) > 0 {
			next.Next, o.Sold = found.days[0].Start, false
		}
		o.Offers = append(o.Offers, next)
	}
	mark(o.Offers)
	return s.show(w, "offices", http.StatusOK, v, o)
}

// mark says which office is soonest, where that is one.
func mark(all []offer) {
	soonest, n := time.Time{}, 0
	for _, o := range all {
		if !o.Next.IsZero() && (soonest.IsZero() || o.Next.Before(soonest)) {
			soonest = o.Next
		}
	}
	for i := range all {
		if all[i].Soonest = !soonest.IsZero() && all[i].Next.Equal(soonest); all[i].Soonest {
			n++
		}
	}
	if n == len(all) {
		for i := range all {
			all[i].Soonest = false
		}
	}
}
