// SPDX-License-Identifier: EUPL-1.2

package enrolment

import (
	"errors"
	"fmt"
	"regexp"
	"time"
)

// ReportVersion is that of the Report below. Fields are only ever added to it;
// what one side does not know it leaves out.
const ReportVersion = 1

// Report is how a station stands, told with its minute's question. Nothing in it
// is of a citizen: it has no capture, no appointment and no time of one.
type Report struct {
	Version  int       `json:"version"`
	Software string    `json:"software"` // name and version of the station's program
	At       time.Time `json:"at"`       // the station's clock when it was sent
	Started  time.Time `json:"started"`  // when the program began

	Mode string `json:"mode"` // operating mode that is stamped into captures
	Open bool   `json:"open"` // within its hours

	Camera Part `json:"camera"`
	Lamps  Part `json:"lamps"`
	// Scene is the empty scene with which photos are judged: Works, Away when it
	// does not fit any more, None when it was never stored.
	Scene   Part `json:"scene"`
	Display int  `json:"display"` // pages that show the kiosk

	DiskFree int64 `json:"disk_free"` // bytes where captures are kept
	DiskSize int64 `json:"disk_size"`
	ReadOnly bool  `json:"read_only"` // nothing can be kept on it

	Waiting int `json:"waiting"` // sealed captures in the outbox
	Oldest  int `json:"oldest"`  // age of the oldest of them, in whole minutes
	Refused int `json:"refused"` // those that the office will never take

	Clock       bool      `json:"clock"`       // its time is known to be true
	Certificate time.Time `json:"certificate"` // end of its newest one
}

// Part is how a part of the station stands.
type Part string

// How a part stands.
const (
	Works Part = "works"
	Away  Part = "away"
	None  Part = "none" // the station has none
)

// Limits that no station reaches.
const (
	maxSoftware = 100     // characters
	maxCount    = 1 << 20 // captures, minutes, displays
)

var (
	printable = regexp.MustCompile(`^[ -~]*$`)
	key       = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)
)

// Check names the first value that no station reports. A part may stand in a way
// that a newer station has and we do not know, a sentence is none.
func (r Report) Check() error {
	switch {
	case r.Version < 1:
		return errors.New("version is missing")
	case len(r.Software) > maxSoftware || !printable.MatchString(r.Software):
		return errors.New("software is not a program's name and version")
	case !key.MatchString(r.Mode):
		return errors.New("mode is not a key")
	case r.DiskFree < 0 || r.DiskSize < 0:
		return errors.New("a size is below 0")
	}
	for _, p := range []Part{r.Camera, r.Lamps, r.Scene} {
		if !key.MatchString(string(p)) {
			return errors.New("camera, lamps or scene is not a key")
		}
	}
	for _, n := range []int{r.Waiting, r.Oldest, r.Refused, r.Display} {
		if n < 0 || n > maxCount {
			return fmt.Errorf("a count is not 0 to %d", maxCount)
		}
	}
	for _, t := range []time.Time{r.At, r.Started, r.Certificate} {
		if t.Year() < 1970 || t.Year() > 9999 {
			return errors.New("a time is none that a clock can say")
		}
	}
	return nil
}
