// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// moment reads DTSTART or DTEND (RFC 5545, 3.3.5).
func (p property) moment() (time.Time, error) {
	value := strings.TrimSpace(p.Value)
	if strings.EqualFold(p.param("VALUE"), "DATE") || len(value) == len("20261201") {
		return time.Time{}, errors.New("the event has no time of day: an appointment needs one")
	}
	if t, err := time.Parse("20060102T150405Z", strings.ToUpper(value)); err == nil {
		return t, nil
	}
	wall, err := time.Parse("20060102T150405", strings.ToUpper(value))
	if err != nil {
		return time.Time{}, errors.New("write a time as 20261201T083000Z, or as 20261201T093000 in the office's time zone")
	}
	zone, err := zoneOf(p.param("TZID"))
	if err != nil {
		return time.Time{}, err
	}
	if zone.String() == Zone().String() {
		t, err := inZone(wall)
		return t.UTC(), err
	}
	return time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, zone).UTC(), nil
}

// zoneOf finds a time zone by its name in the IANA's list, which some programs
// put behind a path of their own, or by the name that Windows has for ours.
func zoneOf(id string) (*time.Location, error) {
	id = strings.TrimSpace(id)
	switch strings.ToLower(id) {
	case "", "w. europe standard time", "mitteleuropäische zeit":
		return Zone(), nil
	case "local": // to Go the machine's own
		return nil, errZone
	}
	parts := strings.Split(id, "/")
	for n := min(len(parts), longestZone); n > 0; n-- {
		name := strings.Join(parts[len(parts)-n:], "/")
		if zone, err := time.LoadLocation(name); err == nil && name != "" {
			return zone, nil
		}
	}
	return nil, errZone
}

// longestZone is how many parts a name has: "America/Argentina/Ushuaia".
const longestZone = 3

var errZone = errors.New("the TZID is not known: write Europe/Berlin, or times in UTC")

// duration is RFC 5545, 3.3.6, without the sign: an appointment does not end before it begins.
var duration = regexp.MustCompile(`^\+?P(?:(\d{1,4})W|(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,4})S)?)?)$`)

func parseDuration(value string) (time.Duration, error) {
	parts := duration.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(value)))
	if parts == nil {
		return 0, errDuration
	}
	var sum time.Duration
	for i, unit := range []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second} {
		n, _ := strconv.Atoi(parts[i+1]) // at most four digits, and none is 0
		sum += time.Duration(n) * unit
	}
	if sum == 0 {
		return 0, errDuration
	}
	return sum, nil
}

var errDuration = errors.New("write the duration as PT15M")
