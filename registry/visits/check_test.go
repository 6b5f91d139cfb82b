// SPDX-License-Identifier: EUPL-1.2

package visits

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/upload/enrolment"
)

func TestCheck(t *testing.T) {
	many := map[string]int{}
	for n := range maxKeys + 1 {
		many[fmt.Sprintf("k%d", n)] = 1
	}
	type visit = enrolment.Visit
	v := newVisits(t)
	for want, change := range map[string]func(*visit){
		"UUIDv4":         func(r *visit) { r.ID = uuid.Must(uuid.NewV7()) },
		"is not a UUID":  func(r *visit) { r.ID = uuid.Nil },
		"not a date":     func(r *visit) { r.Day = "2026-12-01T09:30" },
		"future":         func(r *visit) { r.Day = "2026-12-03" },
		"36 months":      func(r *visit) { r.Day = "2023-11-30" },
		"program's name": func(r *visit) { r.Software = "Käthe" },
		"name and":       func(r *visit) { r.Software = strings.Repeat("x", maxSoftware+1) },
		"outcome is not": func(r *visit) { r.Outcome = "Käthe Groß" },
		"answer":         func(r *visit) { r.Answer = "?" },
		"a count":        func(r *visit) { r.Attempts = -1 },
		"a count is":     func(r *visit) { r.Pauses = maxTimes + 1 },
		"more photos":    func(r *visit) { r.Failures, r.FirstTry = 2, false },
		"anew":           func(r *visit) { r.Retakes = 2 },
		"first_try":      func(r *visit) { r.Attempts = 2 },
		"contradicts":    func(r *visit) { r.Outcome = "staff" },
		"more than 32":   func(r *visit) { r.Problems = many },
		"stage":          func(r *visit) { r.Seconds = map[string]float64{"Welcome Käthe": 1} },
		"hint or":        func(r *visit) { r.Hints = map[string]enrolment.Shown{"": {Times: 1}} },
		"a time":         func(r *visit) { r.Seconds = map[string]float64{"welcome": -0.1} },
		"seconds":        func(r *visit) { r.Hints = map[string]enrolment.Shown{"left": {Times: 1, Seconds: maxSeconds + 1}} },
		"count is not":   func(r *visit) { r.Problems = map[string]int{"full": -1} },
	} {
		err := v.Add(t.Context(), "left", []enrolment.Visit{stored(), with(change)}, noon)
		if !errors.Is(err, ErrRecord) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "record 2 of 2") {
			t.Errorf("%s: got %v", want, err)
		}
		if n := v.figures(t, noon).All.Visits; n != 0 {
			t.Errorf("%s: %d visits were taken in", want, n)
		}
	}
	for what, change := range map[string]func(*visit){
		"tomorrow, east of here": func(r *visit) { r.Day = "2026-12-02" },
		"an outcome of later":    func(r *visit) { r.Outcome, r.FirstTry = "levitated", false },
		"a stage of later":       func(r *visit) { r.Seconds["menu"] = 3 },
		"the last day":           func(r *visit) { r.Day = "2023-12-01" },
		"no hints":               func(r *visit) { r.Hints = nil },
	} {
		if err := v.Add(t.Context(), "left", []enrolment.Visit{with(change)}, noon); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}
