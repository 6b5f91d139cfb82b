// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"math"
	"strconv"
	"text/tabwriter"

	"github.com/fotobox-project/fotobox/image/quality"
	"github.com/fotobox-project/fotobox/image/rule"
)

// table prints a judgement for a person: a line about the photo, then one a
// finding, with what to do about those that are not met.
func (c *checker) table(j judgement) error {
	t := c.language.Text
	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s  %d x %d  %s\n", j.Photo, j.Width, j.Height, t("verdict."+string(j.Report.Verdict)))
	for _, f := range j.Report.Findings {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%s\t%s\n",
			f.ID, t("rule."+f.Name), number(f.Value), limits(f), c.side(f), c.advice(f))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, m := range j.Measures {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", m.ID, m.Name, nativeText(m), scoreText(m))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(c.stdout)
	return err
}

func nativeText(m quality.Result) string {
	if m.Native == nil {
		return "-"
	}
	return number(*m.Native) + " " + m.Unit
}

// scoreText is a measure's score, or whether its limit is met, or why it has none.
func scoreText(m quality.Result) string {
	switch {
	case m.Score != nil:
		return strconv.Itoa(*m.Score) + " / 100"
	case m.Met != nil:
		return map[bool]string{true: "met", false: "not met"}[*m.Met] + " (" + m.Limit + ")"
	}
	return m.Reason
}

// side says in a word how the finding counts.
func (c *checker) side(f rule.Finding) string {
	word := c.language.Text("side." + f.Side.String())
	if f.Advisory && f.Side != rule.Inside {
		word += " " + c.language.Text("side.advisory")
	}
	return word
}

// advice is what to do, or why it is not known; under --relative nobody is told to
// come nearer.
func (c *checker) advice(f rule.Finding) string {
	switch {
	case f.Side == rule.Inside || f.Advisory && f.Mandatory:
		return ""
	case f.Side == rule.Unclear && f.Reason != "":
		return f.Reason
	}
	return c.language.Text("advice." + f.Advice)
}

func limits(f rule.Finding) string {
	unit := ""
	if f.Unit == "px" || f.Unit == "deg" || f.Unit == "%" {
		unit = " " + f.Unit
	}
	switch lo, hi := !math.IsInf(f.Min, 0), !math.IsInf(f.Max, 0); {
	case lo && hi && f.Min == f.Max:
		return "= " + number(f.Min) + unit
	case lo && hi:
		return number(f.Min) + " .. " + number(f.Max) + unit
	case lo:
		return ">= " + number(f.Min) + unit
	}
	return "<= " + number(f.Max) + unit
}

// number prints three digits after the point at most.
func number(v float64) string {
	if math.IsNaN(v) {
		return "-"
	}
	return strconv.FormatFloat(round(v, 1000), 'f', -1, 64)
}
