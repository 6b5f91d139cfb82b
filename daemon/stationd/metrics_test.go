// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"testing"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/capture/panel"
	"github.com/fotobox-project/fotobox/capture/reader"
	"github.com/fotobox-project/fotobox/internal/metrictest"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// TestMetricsAreDocumented: all there are, of a station with panel and scanner, with
// labels that lead to nobody.
func TestMetricsAreDocumented(t *testing.T) {
	st := opened(t, newTown(t), "sitter")
	st.settings.Panel, st.settings.Scanner = &panel.Settings{}, &reader.ScannerSettings{}
	st.front = st.newFront()
	st.scanner = st.newScanner(t.Context())
	st.countScanners()
	st.meter.scanned(appointment.TooLate)
	st.meter.visited(enrolment.Visit{Outcome: "kept", FirstTry: true, Attempts: 1, Hints: map[string]enrolment.Shown{"no-face": {Times: 1}}})
	metrictest.Documented(t, metrictest.Rows(t, st.meter.registry), "../../docs/operations.md", "### Metrics of stationd")
	metrictest.NobodyIn(t, st.meter.registry)
}
