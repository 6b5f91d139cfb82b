// SPDX-License-Identifier: EUPL-1.2

// Package metrictest compares a program's metrics with their documentation, and keeps persons out of them.
package metrictest

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
)

var (
	described = regexp.MustCompile(`^Desc\{fqName: "([^"]+)", help: "([^"]+)", unit: "[^"]*", constLabels: \{\}, variableLabels: \{([^}]*)\}\}$`)
	named     = regexp.MustCompile(`^fotobox_[a-z][a-z_]*$`)
	// value is what a label may say: a key of a list, a station's id, a yes or no.
	value = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,31}$`)
	// digits are an appointment's id, and a station's, which is in one label only.
	digits = regexp.MustCompile(`^[0-9a-f]{16}$`)
)

// labels are all that there may be: fixed lists of keys, and the station.
func labels() []string {
	return []string{"answer", "class", "device", "fault", "first_try", "hint", "mode", "outcome", "result", "stage", "status", "step"}
}

// Rows are the lines of the documentation: name, labels, meaning. What Go and the
// process themselves are measured by is left out.
func Rows(t testing.TB, c prometheus.Collector) (rows []string) {
	t.Helper()
	all := make(chan *prometheus.Desc)
	go func() { c.Describe(all); close(all) }()
	for d := range all {
		m := described.FindStringSubmatch(d.String())
		if m == nil {
			if !strings.Contains(d.String(), `fqName: "go_`) && !strings.Contains(d.String(), `fqName: "process_`) {
				t.Errorf("a metric that is not described: %s", d)
			}
			continue
		}
		if strings.HasPrefix(m[1], "go_") || strings.HasPrefix(m[1], "process_") {
			continue
		}
		if !named.MatchString(m[1]) {
			t.Errorf("%s is no name of ours", m[1])
		}
		list := strings.FieldsFunc(m[3], func(r rune) bool { return r == ',' || r == ' ' })
		for _, l := range list {
			if !slices.Contains(labels(), l) {
				t.Errorf("%s has the label %s, which is none of %q", m[1], l, labels())
			}
		}
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %s |", m[1], strings.Join(list, ", "), m[2]))
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}

// Documented fails unless the section of the page lists exactly the rows.
func Documented(t testing.TB, rows []string, page, heading string) {
	t.Helper()
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(data), "\n"+heading+"\n")
	var got []string
	for line := range strings.Lines(section) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "| `fotobox_") {
			got = append(got, line)
		} else if len(got) > 0 {
			break
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(rows, got); diff != "" {
		t.Errorf("%s, %s, differs from the program (-program +page):\n%s\nThe program has:\n%s", page, heading, diff, strings.Join(rows, "\n"))
	}
}

// NobodyIn fails when the value of a label could lead to a person: a sentence, a
// name, the id of a capture or an appointment.
func NobodyIn(t testing.TB, r prometheus.Gatherer) {
	t.Helper()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if !strings.HasPrefix(f.GetName(), "fotobox_") {
			continue
		}
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if !value.MatchString(l.GetValue()) || digits.MatchString(l.GetValue()) && l.GetName() != "device" {
					t.Errorf("%s has %s=%q", f.GetName(), l.GetName(), l.GetValue())
				}
			}
		}
	}
}
