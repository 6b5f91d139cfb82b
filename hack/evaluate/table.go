// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/fotobox-project/fotobox/image/rule"
)

// share prints a rate as percent of so many; a dash for none.
func share(r rate) string {
	if r.of == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", r.percent())
}

// shares prints the rates in the order of the groups.
func shares(byGroup map[string]rate) (s []string) {
	for _, g := range groups() {
		s = append(s, share(byGroup[g]))
	}
	return s
}

func number(v float64) string {
	if math.IsNaN(v) {
		return "-"
	}
	return fmt.Sprintf("%.3f", v)
}

// spread gives the values below which 5, 50 and 95 of 100 lie.
func spread(v []float64) string {
	if len(measured(v)) == 0 {
		return "-"
	}
	return fmt.Sprintf("%.3g / %.3g / %.3g", quantile(v, 0.05), quantile(v, 0.5), quantile(v, 0.95))
}

// bounds prints limits.
func bounds(l rule.Limits) string {
	switch {
	case math.IsInf(l.Min, -1):
		return fmt.Sprintf("<= %g", l.Max)
	case math.IsInf(l.Max, 1):
		return fmt.Sprintf(">= %g", l.Min)
	}
	return fmt.Sprintf("%g..%g", l.Min, l.Max)
}

func joined(ids []rule.ID) string {
	var s []string
	for _, id := range ids {
		s = append(s, string(id))
	}
	return strings.Join(s, " ")
}

func (c criterion) counts() string {
	if c.binds {
		return "binds"
	}
	return "advises"
}

// print writes the tables as text.
func (e *evaluation) print(w io.Writer) error {
	good := e.goodOnes()
	fmt.Fprintf(w, "engine %s, set %s, hash %s\n", rule.Engine, e.set.Name, e.set.Hash())
	fmt.Fprintf(w, "%d photos, %d of them good; cheek lightness L*: dark up to %.1f, light above %.1f\n", len(e.photos), len(good), e.tones[0], e.tones[1])
	for _, section := range []func(io.Writer){e.printCriteria, e.printCases, e.printHarmless} {
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		section(t)
		if err := t.Flush(); err != nil {
			return err
		}
	}
	e.printAccepted(w)
	e.printSweeps(w)
	return e.printTargets(w)
}

func (e *evaluation) printCriteria(w io.Writer) {
	fmt.Fprintf(w, "\nGood photos outside the limits, percent (others: photos that no trait speaks against)\n")
	fmt.Fprintf(w, "rule\tname\tcounts\tinside\tgood values 5/50/95 %%\tgood\tof\tothers\tof\tunclear\t%s\n", strings.Join(groups(), "\t"))
	for _, c := range e.criteria() {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\t%d\t%s\t", c.rule.ID, c.rule.Name, c.counts(), bounds(c.limits), spread(c.values), share(c.good), c.good.of, share(c.other), c.other.of, share(c.unclear))
		fmt.Fprintln(w, strings.Join(shares(c.byGroup), "\t"))
	}
}

func (e *evaluation) printCases(w io.Writer) {
	fmt.Fprintf(w, "\nBad photos, percent (caught: a rule named lies outside; accepted: by the verdict; AUC: of the first rule)\n")
	fmt.Fprintf(w, "case\trules\tof\tcaught\tunclear\taccepted\tAUC\tfirst rule 5/50/95 %%\t%s\n", strings.Join(groups(), "\t"))
	for _, k := range e.cases() {
		if len(k.ids) == 0 {
			fmt.Fprintf(w, "%s\tnot judged\t\t\t\t\t\t\t\t\t\n", k.name)
			continue
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t", k.name, joined(k.ids), k.caught.of, share(k.caught), share(k.unclear), share(k.accepted), number(k.auc))
		fmt.Fprintln(w, spread(k.values)+"\t"+strings.Join(shares(k.byGroup), "\t"))
	}
}

func (e *evaluation) printHarmless(w io.Writer) {
	fmt.Fprintf(w, "\nGood photos accepted before and not after a harmless alteration, percent\n")
	for _, s := range e.harmless() {
		fmt.Fprintf(w, "%s\t%s\tof %d\t%s\t\n", s.name, share(s.rejected), s.rejected.of, reasons(s.reasons))
	}
}

// reasons lists rules and how often each was one.
func reasons(n map[rule.ID]int) string {
	var s []string
	for _, id := range slices.Sorted(maps.Keys(n)) {
		s = append(s, fmt.Sprintf("%s: %d", id, n[id]))
	}
	return strings.Join(s, ", ")
}

// printAccepted tells the verdicts over the good set, and what stood against them.
func (e *evaluation) printAccepted(w io.Writer) {
	verdicts, why := map[rule.Verdict]int{}, map[rule.ID]int{}
	for _, r := range e.goodOnes() {
		verdicts[r.report.Verdict]++
		for f := range r.report.Open() {
			if !f.Advisory {
				why[f.ID]++
			}
		}
	}
	fmt.Fprintf(w, "\nGood set: %d accepted, %d rejected, %d unclear (%s)\n", verdicts[rule.Accept], verdicts[rule.Reject], verdicts[rule.NotClear], reasons(why))
}
