// SPDX-License-Identifier: EUPL-1.2

// Command flow writes docs/flow.md from the session's own function, so that the
// page cannot differ from the code.
package main

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/daemon/session"
)

func main() {
	out := flag.String("o", "docs/flow.md", "the file to write")
	flag.Parse()
	if err := os.WriteFile(*out, page(), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, "flow:", err)
		os.Exit(1)
	}
}

// page asks session.Step what every event does in every stage.
func page() []byte {
	var b strings.Builder
	b.WriteString(head)
	for g := session.Idle; g <= session.OutOfOrder; g++ {
		fmt.Fprintf(&b, "| %s | %v |\n", g, session.Patience(g))
	}
	b.WriteString(middle)
	for g := session.Idle; g <= session.OutOfOrder; g++ {
		for _, row := range rows(g) {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", g, row.event, row.to, row.effects)
		}
	}
	return []byte(b.String())
}

const head = `# The citizen's way

Generated from ` + "`session.Step`" + ` by ` + "`go run ./hack/flow`" + `; a test compares them. The stories in
[daemon/session/testdata](../daemon/session/testdata) play whole visits.

## How long a stage waits

| stage | deadline |
|---|---|
`

const middle = `
## What changes the stage, or has an effect

An event that is not listed changes neither. After *check-in* comes *checked* where a photo is still to be taken, and *done, checked-in* where none is. Answers that belong to another visit are dropped before anything else.

| in | event | leads to | effects |
|---|---|---|---|
`

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// someone is a citizen in stage g, with everything known that can be known there.
func someone(g session.Stage) session.State {
	s := session.State{Visit: 1, Stage: g, Deadline: noon, Attempts: 1}
	if g == session.OutOfOrder {
		s.Missing = session.Camera
	}
	if g == session.Idle {
		return session.State{Visit: 1}
	}
	if g == session.Done {
		s.Outcome = session.Kept
		return s
	}
	s.Code = appointment.Code{ID: appointment.ID{1}, PhotoWanted: true}
	s.Photos = []session.Photo{{Accepted: true}}
	if g == session.Checked {
		s.Arrival.At = noon
	}
	return s
}

type named struct {
	name  string
	event session.Event
}

func events() []named {
	list := []named{
		{"scanned, code holds", session.Scanned{Code: appointment.Code{ID: appointment.ID{2}}, Answer: appointment.OK}},
		{"scanned, code holds, time to check in", session.Scanned{Code: appointment.Code{ID: appointment.ID{2}}, Answer: appointment.OK, Arrives: true}},
		{"scanned, code refused", session.Scanned{Answer: appointment.Expired}},
	}
	for _, b := range session.Buttons() {
		list = append(list, named{"pressed " + string(b), session.Pressed{Visit: 1, Button: b}})
	}
	return append(list,
		named{"arrival could not be noted", session.Noted{Visit: 1}},
		named{"office has the arrival", session.Told{Visit: 1, Answer: appointment.OK, Number: 471}},
		named{"office refuses the arrival", session.Told{Visit: 1, Answer: appointment.Moved}},
		named{"everything holds long enough", session.Seen{Visit: 1}},
		named{"shot, somebody in it", session.Shot{Visit: 1, Attempt: 1, Photos: []session.Photo{{Accepted: true}}}},
		named{"shot, nobody in it", session.Shot{Visit: 1, Attempt: 1}},
		named{"stored", session.Stored{Visit: 1}},
		named{"store failed", session.StoreFailed{Visit: 1, Problem: "full"}},
		named{"arrived at the office", session.Arrived{Visit: 1}},
		named{"camera, lamps, clock or disk lost", session.Lost{Need: session.Camera}},
		named{"the hours of the station end", session.Lost{Need: session.Hours}},
		named{"nothing missing any more", session.Found{Need: session.Camera}},
		named{"deadline passed", session.Tick{}},
	)
}

type row struct{ event, to, effects string }

func rows(g session.Stage) []row {
	var out []row
	s := someone(g)
	for _, e := range events() {
		next, effects := session.Step(s, noon, e.event)
		if next.Stage == g && next.Visit == s.Visit && next.Outcome == s.Outcome && len(effects) == 0 {
			continue
		}
		to := next.Stage.String()
		if next.Outcome != "" {
			to += ", " + string(next.Outcome)
		}
		out = append(out, row{e.name, to, strings.Join(names(effects), ", ")})
	}
	return out
}

func names(effects []session.Effect) []string {
	var out []string
	for _, e := range effects {
		out = append(out, strings.ToLower(reflect.TypeOf(e).Name()))
	}
	return out
}
