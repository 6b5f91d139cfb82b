// SPDX-License-Identifier: EUPL-1.2

package metrictest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// judge takes the faults that a test is told.
type judge struct {
	testing.TB
	said []string
}

func (j *judge) Helper()                        {}
func (j *judge) Errorf(format string, a ...any) { j.said = append(j.said, fmt.Sprintf(format, a...)) }

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func TestRows(t *testing.T) {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), counters("fotobox_b", "Two.", "stage", "device"), counters("fotobox_a", "One."))
	j := &judge{TB: t}
	want := []string{"| `fotobox_a` |  | One. |", "| `fotobox_b` | stage, device | Two. |"}
	if diff := cmp.Diff(want, Rows(j, r)); diff != "" || len(j.said) > 0 {
		t.Errorf("%q (-want +got):\n%s", j.said, diff)
	}
	for _, c := range []prometheus.Collector{counters("visits", "x"), counters("fotobox_a", "x", "name"), counters("fotobox_a", "x", "appointment"), counters("fotobox_a", "")} {
		j := &judge{TB: t}
		if Rows(j, c); len(j.said) != 1 {
			t.Errorf("%v: said %q, want one fault", c, j.said)
		}
	}
}

func TestDocumented(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.md")
	text := "# Page\n\n| `fotobox_z` | | |\n\n## Here\n\n| metric |\n|---|\n| `fotobox_a` |  | One. |\n\n| `fotobox_b` | | |\n"
	if err := os.WriteFile(page, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for rows, faults := range map[string]int{"| `fotobox_a` |  | One. |": 0, "| `fotobox_a` |  | Other. |": 1, "": 1} {
		j := &judge{TB: t}
		Documented(j, strings.Split(rows, "\n"), page, "## Here")
		if len(j.said) != faults {
			t.Errorf("%q: said %q, want %d", rows, j.said, faults)
		}
	}
}

func TestNobodyIn(t *testing.T) {
	for value, faults := range map[string]int{
		"no-face": 0, "too_late": 0, "Erika": 1, "erika mustermann": 1, "0192f3a4-0000-7000-8000-000000000000": 1, "00112233aabbccdd": 1, "": 1,
	} {
		r := prometheus.NewRegistry()
		c := counters("fotobox_a", "One.", "hint")
		r.MustRegister(c)
		c.WithLabelValues(value).Inc()
		j := &judge{TB: t}
		if NobodyIn(j, r); len(j.said) != faults {
			t.Errorf("%q: said %q, want %d", value, j.said, faults)
		}
	}
	r := prometheus.NewRegistry()
	c := counters("fotobox_a", "One.", "device")
	r.MustRegister(c)
	c.WithLabelValues("00112233aabbccdd").Inc()
	NobodyIn(t, r)
}
