// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"fmt"
	"strconv"
	"time"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/text"
)

// welcome says whose turn it is by the appointment only, what to take off, and
// before the first picture whether it would be erased too early.
func (c screen) welcome(d *Document, s session.State, l text.Language) {
	d.Facts = []Fact{c.when(l, "calendar", "kiosk.fact.date", s.Code.Start)}
	d.Subject, d.People = subject(s, l), people(s, l)
	tips := []string{"glasses", "cap", "look"}
	if s.Late {
		d.Look = Warn
		d.say(l, late)
		d.Facts = append(d.Facts, c.when(l, "more", "kiosk.fact.earliest", s.Code.Start.Add(-session.Lifetime)))
		for _, key := range tips { // for who goes on all the same
			d.Lines = append(d.Lines, l.Text("kiosk.tip."+key))
		}
		return
	}
	d.Facts = append(d.Facts, Fact{Icon: "persons", Label: l.Text("kiosk.fact.persons"), Value: strconv.Itoa(max(s.Code.Persons, 1))})
	for _, key := range tips {
		d.Tips = append(d.Tips, Tip{key, l.Text("kiosk.tip." + key)})
	}
}

// day is a date in words, "Monday, 20 November 2028".
func (c screen) day(l text.Language, t time.Time) string {
	t = t.In(c.zone)
	return l.Text("date.day", l.Text(fmt.Sprintf("date.weekday.%d", t.Weekday())), t.Day(),
		l.Text(fmt.Sprintf("date.month.%d", t.Month())), t.Year())
}

func (c screen) clock(l text.Language, t time.Time) string {
	return l.Text("date.clock", t.In(c.zone).Format("15:04"))
}

// when is a fact about a moment.
func (c screen) when(l text.Language, icon, label string, t time.Time) Fact {
	return Fact{Icon: icon, Label: l.Text(label), Value: c.moment(l, t), at: t.In(c.zone)}
}

// moment is a date with its time.
func (c screen) moment(l text.Language, t time.Time) string {
	return l.Text("date.moment", c.day(l, t), c.clock(l, t))
}
