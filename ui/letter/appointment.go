// SPDX-License-Identifier: EUPL-1.2

package letter

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"image/png"
	"strconv"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
	"github.com/fotobox-project/fotobox/registry/post"
)

// holds says whether what the message tells of an appointment is so still, and of use.
func holds(m post.Message, a book.Appointment, now time.Time) bool {
	if a.Email.Reveal() == "" || !now.Before(a.End()) {
		return false
	}
	same := a.Revision == m.Facts.Revision
	switch m.Kind {
	case post.Submitted:
		return a.State == book.Preconfirmed && now.Before(a.Until)
	case post.Offered:
		return a.State == book.Offered && now.Before(a.Until)
	case post.Cancelled:
		return a.State == book.Cancelled
	case post.Reminder, post.Closed:
		return a.State == book.Confirmed && same && now.Before(a.Start)
	}
	return a.State.Stands() && same
}

// A matter is an appointment that a letter is about.
type matter struct {
	sheet
	w     Writer
	m     post.Message
	a     book.Appointment
	names names
	now   time.Time
}

func (w Writer) appointment(ctx context.Context, m post.Message, now time.Time) (post.Letter, error) {
	id, err := appointment.ParseID(m.About)
	if err != nil {
		return post.Letter{}, err
	}
	a, err := w.Book.Get(ctx, id)
	if errors.Is(err, book.ErrNotFound) || err == nil && !holds(m, a, now) {
		return post.Letter{}, post.ErrOver
	}
	if err != nil {
		return post.Letter{}, err
	}
	if m.Kind == post.Closed { // a closure may be lifted before the mail server takes its mails
		if is, err := w.Book.Unseated(ctx, id); err != nil || !is {
			return post.Letter{}, cmp.Or(err, post.ErrOver)
		}
	}
	n, err := w.names(ctx)
	if err != nil {
		return post.Letter{}, err
	}
	c := &matter{sheet{Language: reads(a.Language), Sender: w.Name}, w, m, a, n, now}
	c.Title = c.say(string(m.Kind)+".subject", c.titled()...)
	c.add(c.told())
	if err := c.prepare(ctx); err != nil {
		return post.Letter{}, err
	}
	l, err := c.letter(a.Email.Reveal())
	if err != nil {
		return post.Letter{}, err
	}
	return l, c.enclose(&l)
}

// titled is what the subject names: the time, where it is about one.
func (c *matter) titled() []any {
	if c.m.Kind == post.Submitted || c.m.Kind == post.Closed {
		return nil
	}
	return []any{moment(c.Language, c.a.Start)}
}

// told is the first part: what is the matter, when and where, and what can be done.
func (c *matter) told() part {
	p := part{}
	switch c.m.Kind {
	case post.Submitted:
		p.Lines = []string{c.say("submitted.text", moment(c.Language, c.a.Until)), c.say("stranger")}
	case post.Offered:
		p.Lines = []string{c.say("offered.text", moment(c.Language, c.a.Until))}
	case post.Cancelled:
		key := "cancelled.text"
		if c.m.Facts.Reason == post.ByOffice {
			key = "cancelled.office"
		}
		p.Lines = []string{c.say(key)}
	case post.Closed:
		p.Lines = []string{c.say("closed.text")}
		if why := line(c.m.Facts.Reason); why != "" {
			p.Lines = append(p.Lines, c.say("closed.reason", why))
		}
	default:
		p.Lines = []string{c.say(string(c.m.Kind) + ".text")}
	}
	c.facts(&p)
	c.ways(&p)
	return p
}

func (c *matter) facts(p *part) {
	p.fact(c.say("fact.when"), moment(c.Language, c.a.Start))
	if was := c.m.Facts; c.m.Kind == post.Moved && !was.Start.IsZero() {
		before := moment(c.Language, was.Start)
		if name := c.names.location(was.Location); was.Location != c.a.Location && name != "" {
			before += ", " + name
		}
		p.fact(c.say("fact.was"), before)
	}
	p.fact(c.say("fact.where"), c.place())
	p.fact(c.say("fact.what"), c.names.service(c.a.Service))
	if c.a.Persons > 1 {
		p.fact(c.say("fact.persons"), strconv.Itoa(c.a.Persons))
	}
}

func (c *matter) place() string {
	if name := c.names.location(c.a.Location); name != "" {
		return name
	}
	return c.w.Name
}

// ways are what the citizen can do about it.
func (c *matter) ways(p *part) {
	switch c.m.Kind {
	case post.Submitted:
		p.anchor(c.say("submitted.link"), c.address(link.Confirm, c.a.Until))
	case post.Offered:
		p.anchor(c.say("offered.accept"), c.address(link.Accept, c.a.Until))
		p.anchor(c.say("offered.decline"), c.address(link.Decline, c.a.Until))
		p.anchor(c.say("wish.withdraw"), c.w.withdraw(c.m.Facts.Wish, c.a.Until))
	case post.Cancelled:
		p.anchor(c.say("book"), c.w.home())
	case post.Closed:
		p.anchor(c.say("closed.link"), c.address(link.Move, c.a.Start))
		p.anchor(c.say("cancel"), c.address(link.Cancel, c.a.Start))
	default:
		p.anchor(c.say("view"), c.address(link.View, c.a.End().Add(book.Grace)))
		p.anchor(c.say("move"), c.address(link.Move, c.a.Start))
		p.anchor(c.say("cancel"), c.address(link.Cancel, c.a.Start))
	}
}

// address is a link about the appointment as it is, "" where there are no pages.
func (c *matter) address(p link.Purpose, end time.Time) string {
	if c.w.Site == "" {
		return ""
	}
	return c.w.Links.Address(c.w.Site, link.Link{Purpose: p, ID: c.a.ID, Number: uint32(c.a.Revision), End: end})
}

// home is where the citizens' pages begin.
func (w Writer) home() string {
	if w.Site == "" {
		return ""
	}
	return w.Site + "/"
}

// coming says whether the letter is about an appointment that stands, with its code.
func (c *matter) coming() bool {
	return c.m.Kind == post.Confirmed || c.m.Kind == post.Moved || c.m.Kind == post.Reminder
}

// prepare adds what to bring and to do before the appointment.
func (c *matter) prepare(ctx context.Context) error {
	if !c.coming() {
		return nil
	}
	p := part{Heading: c.say("code.title"), Lines: []string{c.say("code.text"), c.say("arrive")}, Code: c.say("code.alt")}
	if c.m.Kind != post.Reminder {
		p.Lines = append(p.Lines, c.say("calendar"))
	}
	p.Facts = append(p.Facts, fact{c.say("fact.code"), c.a.Terminkennung.String(), c.Language.Direction() == "rtl"})
	c.add(p)
	return c.photo(ctx)
}

// enclose adds the picture of the code and the file for the citizen's calendar.
func (c *matter) enclose(l *post.Letter) error {
	if c.coming() {
		picture, err := c.code()
		if err != nil {
			return err
		}
		l.Pictures = []post.File{{Name: codeName, Type: "image/png", Data: picture}}
	}
	method := "PUBLISH"
	switch c.m.Kind {
	case post.Confirmed, post.Moved:
	case post.Cancelled:
		method = "CANCEL"
	default:
		return nil
	}
	var file bytes.Buffer
	err := book.WriteCalendar(&file, book.CalendarFile{Method: method, Organizer: c.w.ReplyTo, Made: c.m.Due, Entries: []book.CalendarEntry{c.entry()}})
	l.Files = []post.File{{Name: "termin.ics", Type: "text/calendar; charset=UTF-8; method=" + method, Data: file.Bytes()}}
	return err
}

func (c *matter) entry() book.CalendarEntry {
	e := book.CalendarEntry{Appointment: c.a, Summary: c.names.service(c.a.Service), Place: c.place()}
	if e.Summary == "" {
		e.Summary = c.w.Name
	}
	if c.a.State != book.Cancelled {
		e.Text = c.say("fact.code") + ": " + c.a.Terminkennung.String() + "\n" + c.say("arrive")
	}
	return e
}

const (
	codeName = "termin-qr.png" // as the page names it
	// modulePixels is more than the 4 that a reader needs, for screens and printers.
	modulePixels = 6
	codeSide     = (41 + 2*4) * modulePixels // version 6 and its border
)

// code is the picture of the appointment's code.
func (c *matter) code() ([]byte, error) {
	code, err := c.w.Book.Code(c.a)
	if err != nil {
		return nil, err
	}
	picture, err := appointment.QR(code.String(), modulePixels)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	err = png.Encode(&file, picture)
	return file.Bytes(), err
}
