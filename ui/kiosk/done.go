// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/text"
)

// done says how the visit ended, and no more than what is true.
func (c screen) done(d *Document, s session.State, l text.Language) {
	switch s.Outcome {
	case session.Refused:
		refused(d, s.Answer, l)
		return
	case session.Present:
		c.arrival(d, s, l)
		return
	case session.Kept, session.Delivered:
		d.Look = Good
		d.Lines = []string{l.Text("kiosk.done.next")}
		d.Facts = []Fact{{Icon: "counter", Label: l.Text("kiosk.fact.office"), Value: c.officeName(l)}}
		if !s.Expires.IsZero() {
			d.Facts = append(d.Facts, c.when(l, "erased", "kiosk.fact.erased", s.Expires))
		}
	case session.Staff:
		d.Look = Plain
	default:
		d.Look = Bad
	}
	switch a := s.Arrival; {
	case a.Refused(): // while the photo was made
		d.Warning = l.Text("kiosk.refused." + answer(a.Answer, l) + ".title")
	case a.Number > 0:
		d.Facts = append(d.Facts, number(a.Number, l))
	}
	d.say(l, "done."+string(s.Outcome))
}

// refused tells a citizen what to do about a code that does not hold. That a
// signature is wrong and that its key is unknown read the same: it is the same
// to an honest person, and none of a forger's business.
func refused(d *Document, a appointment.Answer, l text.Language) {
	d.Look = Warn
	d.say(l, "refused."+answer(a, l))
}

// answer is the one whose words a refusal has.
func answer(a appointment.Answer, l text.Language) string {
	if a == appointment.UnknownKey {
		a = appointment.BadSignature
	}
	if !l.Has("kiosk.refused." + string(a) + ".title") {
		a = appointment.Malformed
	}
	return string(a)
}
