// SPDX-License-Identifier: EUPL-1.2

package simulate

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"text/tabwriter"
	"time"

	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/simulate/plot"
)

//go:embed sheet.html
var sheetHTML string

// A Sheet is what is told of a simulation. Nothing in it is of a person.
type Sheet struct {
	Title   string
	Says    string // what was played
	Figures []Figure
	Judged  string   // what was looked at in the end
	Faults  []string // what should never be
	More    int      // of that, not told
	Plots   []plot.Plot
}

// A Figure is a number with what is to be said of it.
type Figure struct{ Name, Value string }

func (s *Sheet) figure(name, format string, args ...any) {
	s.Figures = append(s.Figures, Figure{name, fmt.Sprintf(format, args...)})
}

// judge adds what the check of the database found.
func (s *Sheet) judge(c Check, others ...string) {
	s.Judged = fmt.Sprintf("%s entries of the record verify, %s seats looked at, %s appointments still there, in %s",
		count(c.Entries), count(c.Seats), count(c.Live), c.Took.Round(100*time.Millisecond))
	s.Faults, s.More = append(others, c.Faults...), c.More
}

// Verdict says in one line whether something was wrong.
func (s Sheet) Verdict() string {
	switch n := len(s.Faults) + s.More; n {
	case 0:
		return "no fault"
	case 1:
		return "1 fault"
	default:
		return count(n) + " faults"
	}
}

// WriteText writes the figures, and what is wrong.
func (s Sheet) WriteText(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s: %s\n", s.Title, s.Says)
	for _, f := range s.Figures {
		fmt.Fprintf(t, "%s\t%s\n", f.Name, f.Value)
	}
	fmt.Fprintf(t, "judged\t%s; %s\n", s.Verdict(), s.Judged)
	for _, f := range s.Faults {
		fmt.Fprintf(t, "FAULT\t%s\n", f)
	}
	if s.More > 0 {
		fmt.Fprintf(t, "FAULT\tand %s more\n", count(s.More))
	}
	return t.Flush()
}

// WriteHTML writes a page that needs no other file: the figures, what is wrong, and
// the plots, each with its numbers as a table.
func (s Sheet) WriteHTML(w io.Writer) error {
	t, err := template.New("sheet").Parse(sheetHTML)
	if err != nil {
		return err
	}
	return t.Execute(w, s)
}

func count(n int) string { return plot.Number(float64(n)) }

// days are the columns of so many days, marked by months, or when they are few by Mondays.
func days(first calendar.Day, n int) []plot.Column {
	all := make([]plot.Column, n)
	for i := range all {
		day := first + calendar.Day(i)
		all[i].Name = day.String()
		if n <= 60 && day.Weekday() == time.Monday {
			all[i].Mark = all[i].Name[5:]
		}
		if n > 60 && all[i].Name[8:] == "01" {
			all[i].Mark = all[i].Name[:7]
		}
	}
	return all
}

// weeks are the columns of so many weeks, marked by months.
func weeks(first calendar.Day, n int) []plot.Column {
	all := make([]plot.Column, n)
	for i := range all {
		all[i].Name = (first + calendar.Day(7*i)).String()
		if month := all[i].Name[:7]; i == 0 || all[i-1].Name[:7] != month {
			all[i].Mark = month
		}
	}
	return all
}

// numbers are the columns of 0, 1, 2 and so on.
func numbers(n int) []plot.Column {
	all := make([]plot.Column, n)
	for i := range all {
		name := fmt.Sprint(i)
		all[i] = plot.Column{Name: name, Mark: name}
	}
	return all
}

// until leaves out the zeros behind the last number.
func until(all []int) []int {
	for len(all) > 0 && all[len(all)-1] == 0 {
		all = all[:len(all)-1]
	}
	return all
}
