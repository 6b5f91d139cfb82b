// SPDX-License-Identifier: EUPL-1.2

package enrolment

import (
	"crypto/ed25519"
	"time"
)

// Paths of the office's device listener. A station enrols without a
// certificate and shows its certificate for everything else.
const (
	EnrolPath   = "/v1/enrol"       // POST Request -> 201 Answer
	RenewPath   = "/v1/certificate" // POST Renewal -> 201 Certificate
	StationPath = "/v1/station"     // GET -> 200 Settings
	VisitsPath  = "/v1/visits"      // POST []Visit, at most MaxVisits -> 200 {}
	ReportPath  = "/v1/report"      // POST Report -> 200 {}
)

// Request asks for admission.
type Request struct {
	Secret []byte `json:"secret"` // of the invitation
	CSR    string `json:"csr"`    // PEM, PKCS #10; key ECDSA P-256 or Ed25519
	Name   string `json:"name"`   // where the station stands, for the office's list
}

// Renewal asks for the next certificate, for the same or a new key. A station whose
// certificate has ended shows none on the connection but sends it: the request's own
// signature proves that it holds the key.
type Renewal struct {
	CSR         string `json:"csr"`                   // PEM
	Certificate string `json:"certificate,omitempty"` // PEM, of the same key, ended
}

// Certificate is a station's certificate and the CA's, both PEM.
type Certificate struct {
	Certificate string    `json:"certificate"`
	CA          string    `json:"ca"`
	NotAfter    time.Time `json:"not_after"`
}

// Answer admits a station.
type Answer struct {
	Device string `json:"device"` // the station's id, 16 hexadecimal digits
	Certificate
	Settings
}

// Settings is what a station needs of its office to work with the network down.
type Settings struct {
	Office          string              `json:"office"` // AGS, 8 digits
	OfficeName      string              `json:"office_name"`
	Addresses       []string            `json:"addresses,omitempty"` // host:port where stations find the office, the primary first; empty: as before
	AppointmentKeys []ed25519.PublicKey `json:"appointment_keys"`    // the current one first, then the next
	ReceiptKey      ed25519.PublicKey   `json:"receipt_key"`
	Recipients      []string            `json:"recipients"` // age1pq…, all of them seal every envelope
	// Operation is the office's decision about this station; nil: it made none yet.
	Operation *Operation `json:"operation,omitempty"`
	// Place is the code of the office in which this station stands and checks people in; empty: nobody
	// has said which, and it checks in nobody.
	Place string `json:"place,omitempty"`
	Day
}

// Day is what changes from hour to hour. It holds no name.
type Day struct {
	Revoked []Revocation `json:"revoked"`
	DayKey  []byte       `json:"day_key,omitempty"` // of the HMAC over typed codes
	Typed   []Typed      `json:"typed"`
}

// Revocation says that an appointment's code holds no longer.
type Revocation struct {
	Appointment string `json:"appointment"` // 16 hexadecimal digits
	Revision    int    `json:"revision"`    // this one and all before it
	Reason      string `json:"reason"`      // cancelled, moved, already_checked_in
}

// Typed leads from a typed Terminkennung to the appointment's signed code.
type Typed struct {
	HMAC []byte `json:"hmac"` // HMAC-SHA256(day key, Terminkennung)[:16]
	Code string `json:"code"` // FB1:…
}
