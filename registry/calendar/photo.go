// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"slices"
	"time"
)

// Kept is how long a photo is kept after it was taken (PassDEUEV 1f(2), PAuswV
// 6a(2)); the clerk takes it over until the appointment's end.
const Kept = 96 * time.Hour

// taking is how long taking a photo may take.
const taking = 10 * time.Minute

// Hours are when an office is open on one day.
type Hours struct{ From, To time.Time }

// Open gives the office's hours of the day: from its first slot to its last.
// Holidays and closures have none.
func (p Plan) Open(office string, d Day) (h Hours, open bool) {
	p.Rules = slices.DeleteFunc(slices.Clone(p.Rules), func(r Rule) bool { return r.Office != office })
	for _, slot := range p.Slots(d, d) {
		if !open || slot.Start.Before(h.From) {
			h.From = slot.Start
		}
		if slot.End().After(h.To) {
			h.To = slot.End()
		}
		open = true
	}
	return h, open
}

// PhotoHours are the hours at an office in which a photo can be taken that is
// kept until the appointment is over: none when it is not open in time.
func (p Plan) PhotoHours(office string, start, end, now time.Time) (all []Hours) {
	from := end.Add(-Kept)
	if from.Before(now) {
		from = now
	}
	for d := DayOf(from, p.Zone); d <= DayOf(start, p.Zone); d++ {
		h, open := p.Open(office, d)
		if h.From.Before(from) {
			h.From = from.Truncate(time.Minute)
			if h.From.Before(from) {
				h.From = h.From.Add(time.Minute)
			}
		}
		if h.To.After(start) {
			h.To = start
		}
		if open && !h.From.Add(taking).After(h.To) {
			all = append(all, h)
		}
	}
	return all
}
