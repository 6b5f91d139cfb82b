// SPDX-License-Identifier: EUPL-1.2

package enrolment

import "github.com/google/uuid"

// MaxVisits is how many records one delivery may hold.
const MaxVisits = 100

// Visit is what a station measured of one visit. Nothing in it leads to a person:
// it has no appointment, no capture, no language and no time of day.
type Visit struct {
	ID       uuid.UUID `json:"id"`       // UUIDv4, drawn for the record alone: a repeated delivery counts once
	Day      string    `json:"day"`      // on which the visit began, at the station: 2026-12-01
	Software string    `json:"software"` // name and version of the station's program
	// Outcome is how the visit ended: refused, kept, delivered, not-stored, staff or checked-in
	// (session.Outcome), else cancelled, walked-away or interrupted.
	Outcome string `json:"outcome"`
	Answer  string `json:"answer,omitempty"` // of a refused code: why it does not hold

	FirstTry bool `json:"first_try"` // stored with one photo, which was accepted
	MoreTime bool `json:"more_time"` // the person asked for more time
	Attempts int  `json:"attempts"`  // photos taken
	Failures int  `json:"failures"`  // photos that broke a rule, or showed nobody
	Retakes  int  `json:"retakes"`   // new photos that the person asked for
	Pauses   int  `json:"pauses"`    // how often the station was out of order meanwhile

	Seconds  map[string]float64 `json:"seconds"`            // by stage, each to 0.1 s
	Hints    map[string]Shown   `json:"hints,omitempty"`    // by the hint's key
	Problems map[string]int     `json:"problems,omitempty"` // by the problem's key: how often it came up
}

// Shown is how often a hint came up in a visit and for how long in all.
type Shown struct {
	Times   int     `json:"times"`
	Seconds float64 `json:"seconds"`
}

// Refused reports that the code did not hold, so that nobody was let in.
func (v Visit) Refused() bool { return v.Outcome == "refused" }

// Stored reports that the visit ended with a sealed capture.
func (v Visit) Stored() bool { return v.Outcome == "kept" || v.Outcome == "delivered" }

// Way is the time from the accepted code to the last screen, in seconds; pauses count.
func (v Visit) Way() (seconds float64) {
	for stage, s := range v.Seconds {
		if stage != "done" {
			seconds += s
		}
	}
	return seconds
}
