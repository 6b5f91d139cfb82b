// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Document describes the rules and a set's limits as Markdown; docs/rules.md is
// this text, and a test compares them.
func Document(s Set) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Rules\n\nWritten by `go test ./image/rule -run TestDocument -update`; do not edit.\n\n")
	fmt.Fprintf(&b, "Engine `%s`, set `%s`, hash `%s`. The rules stand in the order in which advice is given.\n\n", Engine, s.Name, s.Hash())
	fmt.Fprintf(&b, "Numbers of criteria are those of BSI TR-03121-3 Vol. 2 (tables 5.2 and 5.3), clauses those of ISO/IEC 19794-5:2005 that it cites.\n")
	fmt.Fprintf(&b, "M: the TR demands the criterion. O: optional to provide, and binding when provided. Advises: reported, never a reason to reject.\n")
	fmt.Fprintf(&b, "IED is the distance between the pupils. Built to the numbers of the TR; not certified.\n\n")
	fmt.Fprintf(&b, "| Rule | Name | Clause | M/O | Counts | Inside | Unit | Source of the limits |\n|---|---|---|---|---|---|---|---|\n")
	for _, r := range All() {
		if l, judged := s.Limits[r.ID]; judged {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", r.ID, r.Name, r.Clause,
				word(r.Mandatory, "M", "O"), word(s.Binds(r.ID), "binds", "advises"), l, r.Unit, l.Source)
		}
	}
	fmt.Fprintf(&b, "\n## What is measured\n\n")
	for _, r := range All() {
		fmt.Fprintf(&b, "- **%s %s**: %s\n", r.ID, r.Name, r.Method)
	}
	for _, group := range Groups()[1:] {
		other, _ := SetFor(group)
		difference(&b, s, other)
	}
	fmt.Fprintf(&b, documentEnd, scattering())
	return b.String()
}

// difference lists what another set judges otherwise.
func difference(b *strings.Builder, s, other Set) {
	fmt.Fprintf(b, "\n## Set `%s`\n\nHash `%s`. As above, except for:\n\n", other.Name, other.Hash())
	fmt.Fprintf(b, "| Rule | Name | Counts | Inside | Source of the limits |\n|---|---|---|---|---|\n")
	for _, r := range All() {
		if l := other.Limits[r.ID]; l != s.Limits[r.ID] || s.Binds(r.ID) != other.Binds(r.ID) {
			fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", r.ID, r.Name, word(other.Binds(r.ID), "binds", "advises"), l, l.Source)
		}
	}
}

const documentEnd = `
## Verdict

` + "`reject`" + ` when a binding finding lies outside its limits; ` + "`unclear`" + ` when none does but one could not be measured, which is
not a pass; otherwise ` + "`accept`" + `. A photo without a face is rejected by 4.3. A report's hash is over the engine's version, the
list of rules and the limits: two reports with the same hash were judged alike.

## Over time

- Preview: the guidance remembers the frames of a visit. Lids that fall for less than 0.4 s are a blink and no reason to begin the wait anew; yaw is the median
  of the last 0.7 s, and a face that was found turned (10 degrees) must come back to 8; a head that goes somewhere, from the median place of the
  earlier half of those frames to that of the later one, faster than half an inter-eye distance a second is asked to hold still.
- Burst: where a measure scatters though nothing has changed (the rules with a scatter: %s), the median of three photos or more counts for
  each photo within three scatters of it. What a moment changes, lids and lips above all, stays each photo's own. The best photo meets the
  most mandatory criteria, then the most optional ones, then is the latest; the person may choose among those that are as good.

## Which picture is judged

- A photo of exactly 1244x1600 pixels is a finished portrait. It is judged as it is.
- From any other photo the portrait is cut first, by one resample that turns the head upright and never enlarges or pads,
  and the cut is judged. Head height 0.75 and eye line 0.45 are aimed at; values from 0.70 to 0.80 and from 0.30 to 0.50 are taken
  where the photo is tight.
- Where no such cut exists the nearest one is judged, so that the findings say what is wrong: it is smaller than 1244x1600 when
  the head has too few pixels (5.1, 5.2, 5.7), off centre when the head is near an edge (5.5, 5.6), or filled by a head that is too near
  (5.3, 5.4). The station never delivers such a cut.
- ` + "`stationd check --relative`" + ` reports 5.1, 5.2 and 5.7 without counting them. Nothing else changes: a small photo is cut in its own
  pixels, and shares of the picture are measured on that cut.
- Roll (1.3) is measured before the cut: turning back repairs the picture but not the posture. A second person (4.3) counts
  wherever in the photo.
`

// scattering lists the rules for which a burst's median counts.
func scattering() string {
	var list []string
	for _, r := range All() {
		if r.Scatter > 0 {
			list = append(list, string(r.ID))
		}
	}
	return strings.Join(list, ", ")
}

func word(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

// String gives the limits as "0.3 to 0.5", "at least 300", "at most 1" or "1600".
func (l Limits) String() string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	switch lo, hi := math.IsInf(l.Min, -1), math.IsInf(l.Max, 1); {
	case lo && hi:
		return "any"
	case lo:
		return "at most " + number(l.Max)
	case hi:
		return "at least " + number(l.Min)
	case l.Min == l.Max:
		return number(l.Min)
	}
	return number(l.Min) + " to " + number(l.Max)
}
