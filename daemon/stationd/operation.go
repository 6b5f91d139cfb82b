// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/internal/clock"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// hoursEvery is how often the station looks whether it is open.
const hoursEvery = 5 * time.Second

// An operation is how and when the station works: as its office decided last, with
// the network down too. While the office has decided nothing it is the settings'
// mode, at any time.
type operation struct {
	office *office
	mode   string // of the settings
	zone   *time.Location
	clock  *clock.Clock
	tell   func(context.Context, session.Event) error
}

func newOperation(o *office, s Settings, c *clock.Clock, tell func(context.Context, session.Event) error) (*operation, error) {
	zone, err := time.LoadLocation(s.Zone)
	return &operation{o, s.Mode, zone, c, tell}, err
}

func (o *operation) String() string { return "hours" }

// Mode is what captures are stamped with now.
func (o *operation) Mode() string {
	if is := o.office.now(); is.Operation != nil {
		return is.Operation.Mode
	}
	return o.mode
}

// open says whether the station works at an instant, and when it does again. A
// station that does not know the time does not say that it is closed.
func (o *operation) open(at time.Time) (bool, time.Time) {
	decision := o.office.now().Operation
	at = at.In(o.zone)
	if decision == nil || !o.clock.Trusted() || decision.Open(at) {
		return true, time.Time{}
	}
	return false, decision.Next(at)
}

// Run closes and opens the station until ctx ends. While it is closed the session
// hears so again and again: a visit under way is finished first.
func (o *operation) Run(ctx context.Context) error {
	tick := time.NewTicker(hoursEvery)
	defer tick.Stop()
	for was := true; ; {
		is, next := o.open(time.Now())
		var err error
		switch {
		case !is:
			err = o.tell(ctx, session.Lost{Need: session.Hours, Opens: next})
		case !was:
			err = o.tell(ctx, session.Found{Need: session.Hours})
		}
		if err != nil {
			return nil // ctx has ended
		}
		was = is
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// decided is what the station goes by after an answer: what the office says, and
// what it said before when it says nothing now, or what we do not understand.
func decided(was, is *enrolment.Operation, log *slog.Logger) *enrolment.Operation {
	if is == nil {
		return was
	}
	if err := is.Check(); err != nil {
		log.Warn("the office's decision on mode and hours is not understood, the last one holds", "err", err)
		return was
	}
	return is
}
