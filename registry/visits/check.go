// SPDX-License-Identifier: EUPL-1.2

package visits

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// Why records are not taken in. Each is also the answer to the station.
var (
	ErrRecord  = problem.New(http.StatusUnprocessableEntity, "visit-record", "the record of a visit cannot be")
	ErrTooMany = problem.New(http.StatusRequestEntityTooLarge, "too-large", "too many records at once")
)

// Limits that no visit reaches: a visit is at most some minutes, of six photos.
const (
	maxTimes    = 10_000
	maxSeconds  = 24 * 60 * 60
	maxKeys     = 32  // stages, hints or problems of one visit
	maxSoftware = 100 // characters
)

var (
	// key is what stages, hints, outcomes and problems are called. A newer station
	// may have others than this office knows; a sentence is none.
	key      = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)
	software = regexp.MustCompile(`^[ -~]*$`)
)

// check names the first value that no station measures.
func check(r enrolment.Visit, now time.Time) error {
	day, err := time.Parse(time.DateOnly, r.Day)
	switch {
	case r.ID.Version() != 4 || r.ID.Variant() != uuid.RFC4122:
		return errors.New("id is not a UUIDv4")
	case err != nil:
		return errors.New("day is not a date like 2026-12-01")
	case day.After(now.UTC().Add(24 * time.Hour)): // a station east of here has tomorrow already
		return errors.New("day is in the future")
	case r.Day < oldest(now):
		return fmt.Errorf("day is more than %d months ago", Retention)
	case len(r.Software) > maxSoftware || !software.MatchString(r.Software):
		return errors.New("software is not a program's name and version")
	case !key.MatchString(r.Outcome):
		return errors.New("outcome is not a key")
	case r.Answer != "" && !key.MatchString(r.Answer):
		return errors.New("answer is not a key")
	}
	return errors.Join(checkCounts(r), checkMaps(r))
}

func checkCounts(r enrolment.Visit) error {
	for _, n := range []int{r.Attempts, r.Failures, r.Retakes, r.Pauses} {
		if n < 0 || n > maxTimes {
			return fmt.Errorf("a count is not 0 to %d", maxTimes)
		}
	}
	if r.Failures > r.Attempts || r.Retakes > r.Attempts {
		return errors.New("more photos failed or were taken anew than were taken")
	}
	if r.FirstTry && (!r.Stored() || r.Attempts != 1 || r.Failures != 0) {
		return errors.New("first_try contradicts outcome, attempts or failures")
	}
	return nil
}

func checkMaps(r enrolment.Visit) error {
	if max(len(r.Seconds), len(r.Hints), len(r.Problems)) > maxKeys {
		return fmt.Errorf("more than %d stages, hints or problems", maxKeys)
	}
	for _, keys := range [][]string{slices.Collect(maps.Keys(r.Seconds)), slices.Collect(maps.Keys(r.Hints)), slices.Collect(maps.Keys(r.Problems))} {
		if slices.ContainsFunc(keys, func(k string) bool { return !key.MatchString(k) }) {
			return errors.New("a stage, hint or problem is not a key")
		}
	}
	seconds, times := slices.Collect(maps.Values(r.Seconds)), slices.Collect(maps.Values(r.Problems))
	for _, h := range r.Hints {
		seconds, times = append(seconds, h.Seconds), append(times, h.Times)
	}
	if slices.ContainsFunc(seconds, func(s float64) bool { return !(s >= 0 && s <= maxSeconds) }) {
		return fmt.Errorf("a time is not 0 to %d seconds", maxSeconds)
	}
	if slices.ContainsFunc(times, func(n int) bool { return n < 0 || n > maxTimes }) {
		return fmt.Errorf("a count is not 0 to %d", maxTimes)
	}
	return nil
}
