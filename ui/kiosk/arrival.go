// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"strconv"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/text"
)

// arrival says what came of the check-in: the number by which the person is called, or, as long as
// the office does not answer, that the station has noted when they came, and what to do.
func (c screen) arrival(d *Document, s session.State, l text.Language) {
	switch a := s.Arrival; {
	case a.Answer != "":
		d.Look = Good
		d.say(l, session.Checked.String())
		if a.Answer == appointment.AlreadyCheckedIn {
			d.Title = l.Text("kiosk.refused.already_checked_in.title")
		}
		if a.Number > 0 {
			d.Facts = []Fact{number(a.Number, l)}
		}
	case !a.At.IsZero():
		d.Look = Warn
		d.say(l, "checked.noted")
		d.Facts = []Fact{c.when(l, "clock", "kiosk.fact.arrival", a.At)}
	default:
		d.Look = Bad
		d.say(l, "checked.failed")
	}
}

// number is the one by which the person is called.
func number(n int, l text.Language) Fact {
	return Fact{Icon: "number", Label: l.Text("kiosk.fact.number"), Value: strconv.Itoa(n), digits: true}
}
