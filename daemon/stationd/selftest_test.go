// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"strings"
	"testing"
	"time"
)

// TestEnrolmentThatEnds: a certificate that nobody renews is named before it ends.
func TestEnrolmentThatEnds(t *testing.T) {
	for days, want := range map[time.Duration]string{1: "", 6: "was to be renewed daily", 8: "enrol again with a new code"} {
		o := newTown(t)
		o.issued = time.Now().Add(-days * 24 * time.Hour)
		line, _ := o.enrolled()
		words, err := checkEnrolment(t.Context(), subject{running: &station{office: line}})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("made %d days ago: got %q, %v; want %q", days, words, err, want)
		}
	}
}
