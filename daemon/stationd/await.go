// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"time"

	"github.com/fotobox-project/fotobox/internal/durable"
)

// enrolledEvery is how soon a station that waits notices that it was enrolled.
const enrolledEvery = 2 * time.Second

// awaitEnrolment waits until somebody has enrolled the station, on the maintenance
// page for example.
func (s Settings) awaitEnrolment(ctx context.Context) error {
	tick := time.NewTicker(enrolledEvery)
	defer tick.Stop()
	for s.isFresh() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}

// isFresh reports that nobody has enrolled the station yet.
func (s Settings) isFresh() bool {
	dir, err := durable.Open(s.State)
	if err != nil {
		return false // whoever opens the station says what is wrong
	}
	defer dir.Close()
	_, _, err = loadIdentity(dir)
	return errors.Is(err, errNotEnrolled)
}
