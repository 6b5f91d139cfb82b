// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
)

// What is offered to somebody whose appointment cannot stay.
const (
	aWeek     = 7 * 24 * time.Hour // from its own time, at most; twice that behind it
	someDays  = 3 * 24 * time.Hour // the same for other offices
	atOwn     = 3                  // times at its own office
	elsewhere = 2                  // times at others, one each
	// firstOf is for how many a plan that is tried looks for other times: it keeps writers waiting.
	firstOf = 20
)

// Other gives times at which the office can give the appointment other seats,
// the nearest ones: at its own office first, then at others.
func (b *Book) Other(ctx context.Context, a Appointment, now time.Time) (all []Free, err error) {
	err = b.store.Read(ctx, func(tx *sql.Tx) error {
		all, err = other(ctx, tx, a, now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find other times: %w", err)
	}
	return all, nil
}

func others(ctx context.Context, tx *sql.Tx, affected []Appointment, now time.Time) (map[appointment.ID][]Free, error) {
	all := map[appointment.ID][]Free{}
	for _, a := range affected[:min(firstOf, len(affected))] {
		times, err := other(ctx, tx, a, now)
		if err != nil {
			return nil, err
		}
		all[a.ID] = times
	}
	return all, nil
}

func other(ctx context.Context, tx *sql.Tx, a Appointment, now time.Time) ([]Free, error) {
	own, err := near(ctx, tx, a, a.Location, aWeek, now)
	if err != nil {
		return nil, err
	}
	places, err := locations(ctx, tx)
	if err != nil {
		return nil, err
	}
	var away []Free
	for _, l := range places {
		if l.Code == a.Location {
			continue
		}
		times, err := near(ctx, tx, a, l.Code, someDays, now)
		if err != nil {
			return nil, err
		}
		away = append(away, times[:min(1, len(times))]...)
	}
	slices.SortStableFunc(away, a.nearest)
	return append(own[:min(atOwn, len(own))], away[:min(elsewhere, len(away))]...), nil
}

// near gives the free times at the office around the appointment's own, the nearest first.
func near(ctx context.Context, tx *sql.Tx, a Appointment, location string, reach time.Duration, now time.Time) ([]Free, error) {
	all, err := free(ctx, tx, Request{location, a.Service, a.Persons, true}, latest(now, a.Start.Add(-reach)), a.Start.Add(2*reach), now)
	if errors.Is(err, ErrNotFound) { // a service that is no longer offered
		return nil, nil
	}
	slices.SortStableFunc(all, a.nearest)
	return all, err
}

func (a Appointment) nearest(x, y Free) int {
	return cmp.Compare(x.Start.Sub(a.Start).Abs(), y.Start.Sub(a.Start).Abs())
}
