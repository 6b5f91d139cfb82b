// SPDX-License-Identifier: EUPL-1.2

package enrolment

import "time"

// ArrivalsPath is where a station says who was there.
const ArrivalsPath = "/v1/arrivals"

// MaxArrivals is how many facts one delivery may hold.
const MaxArrivals = 200

// Arrival is that somebody showed a code at the station, and when.
type Arrival struct {
	Nonce string    `json:"nonce"` // 1 to 64 characters, drawn for the fact alone: a repeated delivery counts once
	Code  string    `json:"code"`  // the FB1 text; of a typed code the one that it stands for
	At    time.Time `json:"at"`
}

// Answered is what the office makes of an Arrival.
type Answered struct {
	Nonce  string `json:"nonce"`
	Answer string `json:"answer"`           // as a code's check gives it, or "unknown"
	Number int    `json:"number,omitempty"` // by which the person is called
	Photo  bool   `json:"photo,omitempty"`  // the office has a photo for the appointment, and asks for no other
}
