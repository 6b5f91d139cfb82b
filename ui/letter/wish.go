// SPDX-License-Identifier: EUPL-1.2

package letter

import (
	"context"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
	"github.com/fotobox-project/fotobox/registry/post"
)

// wish writes about a wish, of the message alone: the wish may be gone.
func (w Writer) wish(ctx context.Context, m post.Message, now time.Time) (post.Letter, error) {
	if m.Kind == post.WishSubmitted && !now.Before(m.Facts.Until) {
		return post.Letter{}, post.ErrOver
	}
	n, err := w.names(ctx)
	if err != nil {
		return post.Letter{}, err
	}
	s := &sheet{Language: reads(m.Facts.Language), Sender: w.Name}
	s.Title = s.say(string(m.Kind) + ".subject")
	p := part{Lines: w.wished(s, m)}
	if m.Kind == post.WishLapsed {
		p.fact(s.say("fact.when"), moment(s.Language, m.Facts.Start))
		p.fact(s.say("fact.where"), n.location(m.Facts.Location))
	}
	p.fact(s.say("fact.what"), n.service(m.Facts.Service))
	switch m.Kind {
	case post.WishSubmitted:
		p.anchor(s.say("wish-submitted.link"), w.about(link.Confirm, m.About, m.Facts.Until))
	case post.WishEnded:
		p.anchor(s.say("book"), w.home())
	default:
		end := m.Facts.Until
		if end.IsZero() { // nobody looks for longer than there are slots
			end = m.Due.Add(book.Horizon * 24 * time.Hour)
		}
		p.anchor(s.say("wish.withdraw"), w.withdraw(m.About, end))
	}
	s.add(p)
	return s.letter(m.To)
}

// wished are the sentences.
func (w Writer) wished(s *sheet, m post.Message) []string {
	switch m.Kind {
	case post.WishSubmitted:
		return []string{s.say("wish-submitted.text", moment(s.Language, m.Facts.Until)), s.say("stranger")}
	case post.WishConfirmed, post.WishLapsed:
		lines := []string{s.say(string(m.Kind) + ".text")}
		if last := m.Facts.Until; !last.IsZero() {
			lines = append(lines, s.say("wish.until", day(s.Language, last.Add(-time.Second)))) // it ends at midnight
		}
		return lines
	}
	why := "wish-ended.text"
	if r := m.Facts.Reason; r == post.Over || r == post.TooOften {
		why = "wish-ended." + r
	}
	if w.Site == "" {
		return []string{s.say(why)}
	}
	return []string{s.say(why), s.say("wish-ended.again")}
}

// withdraw leads to the end of a wish, for as long as it is looked for.
func (w Writer) withdraw(wish string, end time.Time) string { return w.about(link.Withdraw, wish, end) }

// about is a link about a wish, "" where there are no pages or the id is none.
func (w Writer) about(p link.Purpose, wish string, end time.Time) string {
	id, err := appointment.ParseID(wish)
	if err != nil || w.Site == "" {
		return ""
	}
	return w.Links.Address(w.Site, link.Link{Purpose: p, ID: id, End: end})
}
