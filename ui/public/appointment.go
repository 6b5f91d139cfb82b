// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
)

// open opens the link of the address and finds its appointment. With
// link.ErrEnded it gives the appointment too.
func (s *site) open(r *http.Request, p link.Purpose) (l link.Link, a book.Appointment, err error) {
	l, ended := s.Links.Open(r.PathValue("link"), p, time.Now())
	if ended != nil && l == (link.Link{}) {
		return l, a, ended
	}
	if a, err = s.Book.Get(r.Context(), l.ID); err != nil {
		return l, a, err
	}
	return l, a, ended
}

// appointmentView is what every page about an appointment shows.
type appointmentView struct {
	book.Appointment
	Office  book.Location
	Service book.Service
	Choice  choice // to look for other times
	Link    string // of this page

	// Of one that stands.
	Code         *qrCode
	Done         string // what was just done: confirmed, moved
	Move, Cancel string // links, "" where it is not possible
	Photo        []before
}

// shown adds the names of office and service.
func (s *site) shown(ctx context.Context, a book.Appointment) (v appointmentView, err error) {
	v.Appointment = a
	if v.Choice, err = s.choiceOf(ctx, a); err != nil {
		return v, err
	}
	v.Office, v.Service = v.Choice.Office, v.Choice.Service
	return v, nil
}

// choiceOf is what would have to be chosen for the appointment. Its office may
// no longer be booked online.
func (s *site) choiceOf(ctx context.Context, a book.Appointment) (c choice, err error) {
	services, err := s.Book.Services(ctx)
	if err != nil {
		return c, err
	}
	all, err := s.Book.Locations(ctx)
	if err != nil {
		return c, err
	}
	c.Persons = a.Persons
	if i := slices.IndexFunc(services, func(v book.Service) bool { return v.Code == a.Service }); i >= 0 {
		c.Service = services[i]
	}
	if i := slices.IndexFunc(all, func(l book.Location) bool { return l.Code == a.Location }); i >= 0 {
		c.Office = all[i]
	}
	return c, nil
}

// showAppointment shows a page that needs nothing but the appointment.
func (s *site) showAppointment(w http.ResponseWriter, r *http.Request, page string, status int, a book.Appointment) error {
	shown, err := s.shown(r.Context(), a)
	if err != nil {
		return err
	}
	shown.Link = r.PathValue("link")
	return s.show(w, page, status, s.about(r, "public."+page, a), shown)
}

// viewLink leads to the page of the appointment, as long as its code holds.
func (s *site) viewLink(a book.Appointment) string {
	return s.Links.Sign(link.Link{Purpose: link.View, ID: a.ID, End: a.End().Add(book.Grace)})
}

// changing is how long a link from the page of the appointment moves or cancels it.
const changing = 2 * time.Hour

func (s *site) changeLink(p link.Purpose, a book.Appointment, now time.Time) string {
	return s.Links.Sign(link.Link{Purpose: p, ID: a.ID, Number: uint32(a.Revision), End: now.Add(changing)})
}

// appointment is the page of one: what to bring to the station and to the office.
func (s *site) appointment(w http.ResponseWriter, r *http.Request) error {
	_, a, err := s.open(r, link.View)
	if err != nil {
		return err
	}
	shown, err := s.shown(r.Context(), a)
	if err != nil {
		return err
	}
	v := s.about(r, "public.appointment", a)
	shown.Link = r.PathValue("link")
	switch done := r.URL.Query().Get("done"); {
	case done == "confirmed" && a.State == book.Confirmed, done == "moved" && a.State == book.Confirmed && a.Revision > 0:
		shown.Done = done
	}
	if a.State.Stands() && a.State != book.Done && a.State != book.Missed {
		if shown.Code, err = s.qr(a); err != nil {
			return err
		}
	}
	if a.State == book.Confirmed && v.Now.Before(a.Start) {
		shown.Cancel = s.changeLink(link.Cancel, a, v.Now)
		if shown.Choice.Service.Group != "" {
			shown.Move = s.changeLink(link.Move, a, v.Now)
		}
	}
	if shown.Photo, err = s.photo(r.Context(), a, v.Now); err != nil {
		return err
	}
	return s.show(w, "appointment", http.StatusOK, v, shown)
}

// A qrCode is the appointment's code as a drawing of so many squares on each side.
type qrCode struct {
	Side int
	Path string // of an SVG: each dark square
}

func (s *site) qr(a book.Appointment) (*qrCode, error) {
	code, err := s.Book.Code(a)
	if err != nil {
		return nil, err
	}
	img, err := appointment.QR(code.String(), 1)
	if err != nil {
		return nil, err
	}
	var path strings.Builder
	side := img.Bounds().Dx()
	for y := range side {
		for x := range side {
			if dark, _, _, _ := img.At(x, y).RGBA(); dark == 0 {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return &qrCode{side, path.String()}, nil
}
