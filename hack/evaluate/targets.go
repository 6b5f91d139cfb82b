// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/fotobox-project/fotobox/image/rule"
)

// A target is one line of what the engine must show.
type target struct {
	text  string
	value float64 // NaN when nothing was there to measure it
	limit float64
	least bool   // the value must reach the limit; otherwise it must not exceed it
	unit  string // of value and limit
	note  string
}

// state is "reached", "NOT REACHED" or "not measured".
func (t target) state() string {
	switch {
	case math.IsNaN(t.value):
		return "not measured"
	case t.least && t.value >= t.limit, !t.least && t.value <= t.limit:
		return "reached"
	}
	return "NOT REACHED"
}

func (t target) bound() string {
	if t.least {
		return fmt.Sprintf(">= %g %s", t.limit, t.unit)
	}
	return fmt.Sprintf("<= %g %s", t.limit, t.unit)
}

// A pool is the cases that one target counts together.
type pool struct {
	text  string
	least float64 // percent caught
	cases []string
}

func pools() []pool {
	return []pool{
		{"closed eyes caught", 97, []string{"lids shut", "photos: eyes-closed"}},
		{"teeth showing caught", 90, []string{"photos: smile-teeth"}},
		{"roll beyond 8 degrees caught", 98, []string{"roll 10", "roll 14", "roll -10", "roll -14"}},
		{"second face caught", 95, []string{"second face beside", "second face behind", "same person twice", "photos: two-faces", "photos: other-person"}},
		{"non-uniform background caught", 95, []string{"photos: background", "background stripes", "background door", "background gradient 50 %", "background clutter", "background picture"}},
		{"hard side light, factor 2, caught", 95, []string{"side light 2"}},
		{"blur of 1 % IED caught", 98, []string{"blur 1 % IED"}},
		{"one stop over caught", 85, []string{"gain +1 stop"}},
	}
}

// wanted tells whether a target counts the case.
func wanted(name string) bool {
	return slices.ContainsFunc(pools(), func(p pool) bool { return slices.Contains(p.cases, name) })
}

// targets is the list of the issue, as far as photos and sitters show it.
func (e *evaluation) targets() []target {
	list := e.fairness()
	cases := e.cases()
	for _, p := range pools() {
		var all rate
		for _, k := range cases {
			if slices.Contains(p.cases, k.name) {
				all = all.plus(k.caught)
			}
		}
		list = append(list, target{p.text, all.percent(), p.least, true, "%", fmt.Sprintf("%d of %d: %s", all.n, all.of, strings.Join(p.cases, ", "))})
	}
	list = append(list, e.covered())
	return append(list, e.sitterTargets()...)
}

// covered pools the UK guidance photos with hair or a scarf over an eye or tinted
// glasses; in another folder all photos labelled so.
func (e *evaluation) covered() target {
	bad := slices.DeleteFunc(e.asIs(), func(r result) bool { return !r.photo.Traits.Has("hair-over-eye", "dark-glasses") })
	note := "photos"
	uk := func(r result) bool { return strings.HasPrefix(r.photo.Name, "ukho-") }
	if slices.ContainsFunc(bad, uk) {
		bad, note = slices.DeleteFunc(bad, func(r result) bool { return !uk(r) }), "ukho photos"
	}
	k := e.newCase("", []rule.ID{"3.2"}, bad)
	return target{"hair or scarf over an eye, tinted glasses caught", k.caught.percent(), 85, true, "%", fmt.Sprintf("%d of %d %s", k.caught.n, k.caught.of, note)}
}

// fairness: how many good photos are rejected for the face and its light, and by
// how much that differs between the lightest and the darkest third.
func (e *evaluation) fairness() []target {
	list := e.goodOnes()
	london := func(r result) bool { return strings.HasPrefix(r.photo.Name, "london-") }
	note := "good set"
	if slices.ContainsFunc(list, london) {
		list, note = slices.DeleteFunc(list, func(r result) bool { return !london(r) }), "London neutral"
	}
	var all rate
	tone := map[string]rate{}
	why := map[rule.ID]int{}
	for _, r := range list {
		hit := e.rejected(r, personal)
		all.add(hit)
		n := tone[e.tone(r)]
		n.add(hit)
		tone[e.tone(r)] = n
		for f := range r.report.Open() {
			if !f.Advisory && personal(f.ID) {
				why[f.ID]++
			}
		}
	}
	light, dark := tone["light"], tone["dark"]
	return []target{
		{"good photos rejected for pose, eyes, mouth, expression, light, focus or colour", all.percent(), 2, false, "%", strings.TrimSuffix(fmt.Sprintf("%d of %d %s (%s)", all.n, all.of, note, reasons(why)), " ()")},
		{"lightest and darkest third apart", math.Abs(light.percent() - dark.percent()), 2, false, "points", fmt.Sprintf("light %d of %d, dark %d of %d", light.n, light.of, dark.n, dark.of)},
	}
}

// personal tells whether a criterion is about the face and its light, not about
// the background, the crop or the file.
func personal(id rule.ID) bool {
	return slices.Contains([]string{"1", "2", "3", "6", "7"}, string(id[:1]))
}

func (e *evaluation) printTargets(w io.Writer) error {
	_, err := fmt.Fprintln(w, "\nTargets")
	for _, t := range e.targets() {
		_, err = fmt.Fprintf(w, "%-13s %8.2f %-14s %s (%s)\n", t.state(), t.value, t.bound(), t.text, t.note)
	}
	return err
}
