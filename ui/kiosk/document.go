// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
	"time"
)

// A Document is one screen in words: all that the page knows of the visit.
// Empty fields are not shown.
type Document struct {
	ID        string `json:"id"`    // equal for equal screens
	Visit     string `json:"visit"` // nonce that everything pressed must repeat
	Stage     string `json:"stage"`
	Look      Look   `json:"look"`
	Language  string `json:"language"`  // BCP 47
	Spoken    string `json:"spoken"`    // its name in itself
	Direction string `json:"direction"` // "ltr" or "rtl"

	Step     int    `json:"step"` // 1 to Steps; 0 off the way
	Progress string `json:"progress"`

	Title   string   `json:"title"`
	Text    string   `json:"text"`
	Lines   []string `json:"lines"`   // further sentences
	Warning string   `json:"warning"` // what to know before going on
	Problem string   `json:"problem"` // what went wrong
	Facts   []Fact   `json:"facts"`
	Tips    []Tip    `json:"tips"`
	Help    string   `json:"help"`

	Hint    *Tip `json:"hint"`    // what to do now
	Hold    int  `json:"hold"`    // ms until the picture is released by itself; 0 when something does not hold
	Preview bool `json:"preview"` // whether the live picture is shown
	Code    bool `json:"code"`    // whether a code is taken

	Photos  []Photo  `json:"photos"`
	Buttons []Button `json:"buttons"`
	Subject string   `json:"subject"` // whom the photo shows, where it can still be said
	People  []Button `json:"people"`  // what it can be said with
	Aids    []Button `json:"aids"`    // how the person can be served
	Offer   *Button  `json:"offer"`   // what the right key does now, of all that the middle one offers

	Lure   bool        `json:"lure"`   // a sound at the lens draws a small child's eyes
	Calm   bool        `json:"calm"`   // nothing may flash
	Aloud  bool        `json:"aloud"`  // the screen is read aloud
	Said   int         `json:"said"`   // changes when the person wants to hear it again
	Speech []Utterance `json:"speech"` // the screen
	Cue    []Utterance `json:"cue"`    // what changes on it while the person moves or chooses
	Call   []Utterance `json:"call"`   // with Still

	Remaining int    `json:"remaining"` // s until the station acts by itself
	Still     string `json:"still"`     // what it will do, asked in the last seconds
	More      bool   `json:"more"`      // whether more time may be asked for

	Words map[string]string `json:"words"` // the page's own words
}

// Steps is how many steps the citizen's way shows.
const Steps = 6

// A Look is the tone of a screen: a colour and a sign.
type Look string

// The looks.
const (
	Plain Look = ""
	Good  Look = "good"
	Warn  Look = "warn"
	Bad   Look = "bad"
)

// A Fact is one line about the appointment.
type Fact struct {
	Icon  string `json:"icon"`
	Label string `json:"label"`
	Value string `json:"value"`

	at     time.Time // of a moment, in the station's zone
	digits bool      // the value is read digit by digit
}

// A Tip is a sign and what it says. Key names the sign.
type Tip struct {
	Key  string `json:"key"`
	Text string `json:"text"`
}

// A Photo is one picture to look at or to choose.
type Photo struct {
	Number   int    `json:"number"` // from 0, as session.Pressed counts
	URL      string `json:"url"`
	Label    string `json:"label"`
	State    string `json:"state"`    // in a word or two
	Good     bool   `json:"good"`     // no mandatory rule is broken
	Findings []Tip  `json:"findings"` // what to improve, most important first
	Chosen   bool   `json:"chosen"`
}

// A Button is one control. Kind is how heavy it looks: "primary", "secondary" or "quiet".
type Button struct {
	Key   string `json:"key"` // of session.Button
	Icon  string `json:"icon"`
	Label string `json:"label"`
	Kind  string `json:"kind"`
	On    bool   `json:"on"` // of what is chosen among others
}

// An Utterance is one sentence to be read aloud.
type Utterance struct {
	Text string `json:"text"`
	Clip string `json:"clip"` // its sound; empty: the browser's own voice, if it has one
}

// identify names the screen by what it shows. The clock of the screen runs on
// without a new name; a new deadline makes one.
func (d Document) identify(deadline time.Time) string {
	d.Remaining, d.Hold = 0, min(d.Hold, 1)
	sum := fnv.New64a()
	if err := json.NewEncoder(sum).Encode(d); err != nil {
		panic("kiosk: document: " + err.Error()) // strings and numbers only
	}
	sum.Write([]byte(deadline.UTC().Format(time.RFC3339Nano)))
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil))
}
