// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// officePage is one office with its rules.
type officePage struct {
	book.Location
	Rules []calendar.Rule
}

func (d *desk) officeShown(w http.ResponseWriter, r *http.Request, _ string) error {
	t, err := d.Town.Town(r.Context())
	if err != nil {
		return err
	}
	l, err := locationOf(t, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := officePage{Location: l}
	for _, rule := range t.Rules {
		if rule.Office == l.Code {
			p.Rules = append(p.Rules, rule)
		}
	}
	slices.SortStableFunc(p.Rules, byGroup)
	return d.show(w, r, "office", http.StatusOK, p)
}

func byGroup(a, b calendar.Rule) int {
	if a.Group < b.Group {
		return -1
	}
	if a.Group > b.Group {
		return 1
	}
	return 0
}

func (d *desk) officeForm(w http.ResponseWriter, r *http.Request, _ string) error {
	t, err := d.Town.Town(r.Context())
	if err != nil {
		return err
	}
	l, err := locationOf(t, r.PathValue("id"))
	if err != nil {
		return err
	}
	return d.show(w, r, "form", http.StatusOK, locationForm(l, r.PathValue("id")))
}

// officeSent shows what a change of an office means, or saves it.
func (d *desk) officeSent(w http.ResponseWriter, r *http.Request, clerk string) error {
	if err := parseForm(r); err != nil {
		return err
	}
	t, err := d.Town.Town(r.Context())
	if err != nil {
		return err
	}
	was, err := locationOf(t, r.PathValue("id"))
	if err != nil {
		return err
	}
	c := change{form: locationForm(was, r.PathValue("id")), old: t.Plan}
	f := &c.form
	f.read(r.PostForm)
	l := book.Location{Code: f.value("code"), Name: f.value("name"), Online: f.checked("online")}
	f.named("name")
	if calendar.CheckCode("office", l.Code) != nil || f.New && slices.ContainsFunc(t.Locations, func(o book.Location) bool { return o.Code == l.Code }) || l.Code == "new" {
		f.wrong("code", "code")
	}
	switch {
	case l.Online && !was.Online:
		c.notes = append(c.notes, "desk.office.note.online")
	case !l.Online && was.Online:
		c.notes = append(c.notes, "desk.office.note.offline")
	}
	c.form.Back = "/town/offices/" + l.Code
	c.office, c.concerns = l.Code, func(s calendar.Slot) bool { return s.Office == l.Code }
	c.save = func(ctx context.Context, actor string, now time.Time) error {
		return d.Town.PutLocation(ctx, actor, l, now)
	}
	return d.propose(w, r, clerk, c)
}

func locationOf(t book.Town, code string) (book.Location, error) {
	if code == "new" {
		return book.Location{}, nil
	}
	i := slices.IndexFunc(t.Locations, func(l book.Location) bool { return l.Code == code })
	if i < 0 {
		return book.Location{}, errRule
	}
	return t.Locations[i], nil
}

func locationForm(l book.Location, id string) form {
	f := form{Area: "desk.office.", Action: "/town/offices/" + id + "/form", Back: "/town/offices/" + id, New: id == "new", Lasts: true, Fields: []field{
		{Name: "code", Kind: "text", Values: []string{l.Code}, Most: 32, Needed: true, Fixed: id != "new"},
		{Name: "name", Kind: "text", Values: []string{l.Name}, Most: 200, Needed: true},
		{Name: "online", Kind: "check", Values: check(l.Online)},
	}}
	if f.New {
		f.Back = "/town"
	}
	return f
}

// named wants a name that people can read.
func (f *form) named(name string) {
	if n := utf8.RuneCountInString(f.value(name)); n == 0 || n > 200 || !utf8.ValidString(f.value(name)) {
		f.wrong(name, name)
	}
}

func (d *desk) services(w http.ResponseWriter, r *http.Request, _ string) error {
	t, err := d.Town.Town(r.Context())
	if err != nil {
		return err
	}
	return d.show(w, r, "services", http.StatusOK, t)
}

func (d *desk) serviceShown(w http.ResponseWriter, r *http.Request, _ string) error {
	t, err := d.Town.Town(r.Context())
	if err != nil {
		return err
	}
	s, err := serviceOf(t, r.PathValue("id"))
	if err != nil {
		return err
	}
	return d.show(w, r, "form", http.StatusOK, serviceForm(s, r.PathValue("id")))
}

// serviceSent shows what a change of a service means, or saves it.
func (d *desk) serviceSent(w http.ResponseWriter, r *http.Request, clerk string) error {
	if err := parseForm(r); err != nil {
		return err
	}
	t, err := d.Town.Town(r.Context())
	if err != nil {
		return err
	}
	was, err := serviceOf(t, r.PathValue("id"))
	if err != nil {
		return err
	}
	c := change{form: serviceForm(was, r.PathValue("id")), old: t.Plan}
	f := &c.form
	f.read(r.PostForm)
	s := readService(f)
	if f.New && slices.ContainsFunc(t.Services, func(o book.Service) bool { return o.Code == s.Code }) {
		f.wrong("code", "code")
	}
	c.notes = []string{"desk.service.note"}
	if !slices.ContainsFunc(t.Rules, func(r calendar.Rule) bool { return r.Group == s.Group }) {
		c.notes = append(c.notes, "desk.service.note.group")
	}
	c.concerns = func(slot calendar.Slot) bool { return slot.Group == s.Group }
	c.save = func(ctx context.Context, actor string, now time.Time) error {
		return d.Town.PutService(ctx, actor, s, now)
	}
	return d.propose(w, r, clerk, c)
}

func serviceOf(t book.Town, id string) (book.Service, error) {
	if id == "new" {
		return book.Service{Minutes: 15, Seats: 1}, nil
	}
	i := slices.IndexFunc(t.Services, func(s book.Service) bool { return strconv.Itoa(int(s.Code)) == id })
	if i < 0 {
		return book.Service{}, errRule
	}
	return t.Services[i], nil
}

func serviceForm(s book.Service, id string) form {
	return form{Area: "desk.service.", Action: "/town/services/" + id, Back: "/town/services", New: id == "new", Lasts: true, Fields: []field{
		{Name: "code", Kind: "number", Values: blank(int(s.Code)), Least: 1, Most: 65535, Needed: true, Fixed: id != "new"},
		{Name: "name", Kind: "text", Values: []string{s.Name}, Most: 200, Needed: true},
		{Name: "group", Kind: "text", Values: []string{s.Group}, Most: 32, Needed: true},
		{Name: "minutes", Kind: "number", Values: blank(s.Minutes), Least: 1, Most: calendar.MaxMinutes, Needed: true},
		{Name: "seats", Kind: "number", Values: blank(s.Seats), Least: 1, Most: calendar.MaxSeats, Needed: true},
		{Name: "photo", Kind: "check", Values: check(s.PhotoWanted)},
	}}
}

func readService(f *form) book.Service {
	s := book.Service{
		Code: uint16(f.number("code")), Name: f.value("name"), Group: f.value("group"),
		Minutes: f.number("minutes"), Seats: f.number("seats"), PhotoWanted: f.checked("photo"),
	}
	f.named("name")
	if calendar.CheckCode("group", s.Group) != nil {
		f.wrong("group", "group")
	}
	return s
}
