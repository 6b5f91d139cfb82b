// SPDX-License-Identifier: EUPL-1.2

// Package letter writes the office's mails to citizens, in the language that each of them reads.
//
// A [Follower] of the book puts a message into the outbox for each step that a citizen
// is told of; a [Writer] makes the letter when it is sent, of what is true then. A
// letter says nothing that somebody typed: whoever books with another person's address
// sends that person no words of theirs.
package letter

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
	"github.com/fotobox-project/fotobox/registry/post"
	"github.com/fotobox-project/fotobox/ui/text"
)

// Office is what letters are written of.
type Office struct {
	Name     string // that signs: "Stadt Duisburg"
	ReplyTo  string // the office's mailbox, "" for the sender's
	Site     string // where the citizens' pages begin, without a slash at its end; "": there are none
	Book     *book.Book
	Links    *link.Signer
	Stations []Station // where a photo can be taken before the appointment
}

// A Writer writes the letters of an office.
type Writer struct{ Office }

var _ post.Writer = Writer{}

// Write gives the letter that the message is due to, or post.ErrOver when that is not so any more.
func (w Writer) Write(ctx context.Context, m post.Message, now time.Time) (post.Letter, error) {
	l, err := w.write(ctx, m, now)
	if err != nil {
		return post.Letter{}, fmt.Errorf("write letter %s: %w", m.Kind, err)
	}
	l.ReplyTo, l.Bulk = w.ReplyTo, true
	return l, nil
}

func (w Writer) write(ctx context.Context, m post.Message, now time.Time) (post.Letter, error) {
	switch m.Kind {
	case post.Submitted, post.Confirmed, post.Moved, post.Cancelled, post.Reminder, post.Closed, post.Offered:
		return w.appointment(ctx, m, now)
	case post.WishSubmitted, post.WishConfirmed, post.WishLapsed, post.WishEnded:
		return w.wish(ctx, m, now)
	}
	return post.Letter{}, fmt.Errorf("there are no words for %q", m.Kind)
}

// reads is the language that somebody reads, German where nobody said.
func reads(language string) text.Language {
	if l, ok := text.Parse(language, text.Languages()); ok {
		return l
	}
	return text.Languages()[0]
}

// day and moment are times as the language says them, on the office's clocks.
func day(l text.Language, t time.Time) string {
	t = t.In(book.Zone())
	return l.Text("date.day", l.Text(fmt.Sprintf("date.weekday.%d", t.Weekday())), t.Day(), l.Text(fmt.Sprintf("date.month.%d", t.Month())), t.Year())
}

func moment(l text.Language, t time.Time) string {
	return l.Text("date.moment", day(l, t), l.Text("date.clock", t.In(book.Zone()).Format("15:04")))
}

// line makes one line of what the office wrote into its calendar and lists.
func line(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// names are what the town calls its offices and services.
type names struct {
	locations []book.Location
	services  []book.Service
}

func (w Writer) names(ctx context.Context) (n names, err error) {
	if n.locations, err = w.Book.Locations(ctx); err == nil {
		n.services, err = w.Book.Services(ctx)
	}
	return n, err
}

// location is the name of the office of that code, "" for one that is not in the list.
func (n names) location(code string) string {
	for _, l := range n.locations {
		if l.Code == code {
			return line(l.Name)
		}
	}
	return ""
}

func (n names) service(code uint16) string {
	for _, s := range n.services {
		if s.Code == code {
			return line(s.Name)
		}
	}
	return ""
}
