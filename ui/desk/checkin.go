// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"html/template"
	"image/png"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/queue"
)

// checkIn takes a code that a clerk scanned or typed, and says what comes of it.
func (d *desk) checkIn(w http.ResponseWriter, r *http.Request, clerk string) error {
	if d.Queue == nil {
		return errNoQueue
	}
	if err := parseForm(r); err != nil {
		return err
	}
	now := time.Now()
	f := queue.Fact{
		Nonce: nonceOf(r), Code: strings.TrimSpace(r.PostForm.Get("code")), At: now,
		Location: counterOf(r).Office, Actor: actor(clerk),
	}
	o, err := d.Queue.CheckIn(r.Context(), f, now)
	if errors.Is(err, queue.ErrFact) {
		return errForm
	}
	if err != nil {
		return err
	}
	s, err := d.outcome(r, o)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if !s.Good {
		status = http.StatusConflict
	}
	return d.showHall(w, r, status, s)
}

// nonceOf is the form's nonce: one is drawn for a form without.
func nonceOf(r *http.Request) string { return cmp.Or(r.PostForm.Get("nonce"), queue.NewNonce()) }

// outcome says whose code it was.
func (d *desk) outcome(r *http.Request, o queue.Outcome) (*said, error) {
	s := &said{Key: string(o.Answer), Good: o.Answer == appointment.OK}
	a, err := d.Book.Get(r.Context(), o.Appointment)
	if errors.Is(err, book.ErrNotFound) {
		return s, nil
	}
	s.Guest = &guest{Waiting: queue.Waiting{Number: o.Number}, Appointment: a}
	return s, err
}

// draw gives a ticket, or says where else one can be had.
func (d *desk) draw(w http.ResponseWriter, r *http.Request, clerk string) error {
	if d.Queue == nil {
		return errNoQueue
	}
	if err := parseForm(r); err != nil {
		return err
	}
	service, serviceErr := strconv.ParseUint(r.PostForm.Get("service"), 10, 16)
	persons, personsErr := strconv.Atoi(r.PostForm.Get("persons"))
	if err := errors.Join(serviceErr, personsErr); err != nil {
		return errForm
	}
	here := counterOf(r).Office
	ask := queue.Draw{Nonce: nonceOf(r), Location: cmp.Or(r.PostForm.Get("office"), here), Service: uint16(service), Persons: persons, From: here, Actor: actor(clerk)}
	ask.Reserve = ask.Location == here // of its own reserve a clerk decides, of another office's not
	t, err := d.Queue.Draw(r.Context(), ask, time.Now())
	switch {
	case errors.Is(err, queue.ErrFull), errors.Is(err, book.ErrOffline):
		return d.full(w, r, ask)
	case errors.Is(err, book.ErrNotFound), errors.Is(err, book.ErrPersons), errors.Is(err, queue.ErrFact):
		return errForm
	case err != nil:
		return err
	}
	http.Redirect(w, r, "/waiting/tickets/"+t.ID.String(), http.StatusSeeOther)
	return nil
}

// full says that the office has nothing left today, and who has.
func (d *desk) full(w http.ResponseWriter, r *http.Request, ask queue.Draw) error {
	there, err := d.Queue.Elsewhere(r.Context(), book.Request{Location: ask.Location, Service: ask.Service, Persons: ask.Persons}, time.Now())
	if err != nil {
		return err
	}
	return d.showHall(w, r, http.StatusConflict, &said{Key: "full", There: there, Ask: ask})
}

// slip is what a ticket's page shows.
type slip struct {
	queue.Ticket
	Office, Offer string
	Image         template.HTMLAttr
}

// Back is from when on the holder is checked in.
func (s slip) Back() time.Time { return s.Start.Add(-book.Early) }

func (d *desk) ticket(w http.ResponseWriter, r *http.Request, _ string) error {
	id, err := appointment.ParseID(r.PathValue("id"))
	if err != nil || d.Queue == nil {
		return errNothing
	}
	t, err := d.Queue.Ticket(r.Context(), id)
	if err != nil {
		return err
	}
	h, err := d.hall(r.Context(), counter{}, time.Now())
	if err != nil {
		return err
	}
	image, err := qr(t.Code)
	if err != nil {
		return err
	}
	return d.show(w, r, "ticket", http.StatusOK, slip{t, h.Office(t.Location), h.offer(t.Service), image})
}

// qr is the code as the source of an image.
func qr(code string) (template.HTMLAttr, error) {
	img, err := appointment.QR(code, 6)
	if err != nil {
		return "", err
	}
	var data bytes.Buffer
	if err := png.Encode(&data, img); err != nil {
		return "", err
	}
	return template.HTMLAttr(`src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(data.Bytes()) + `"`), nil
}
