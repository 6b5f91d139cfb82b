// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/registry/calendar"
)

// A Town is what an office writes down before anybody can book.
type Town struct {
	Locations []Location `json:"locations"`
	Services  []Service  `json:"services"`
	calendar.Plan
}

// Town gives what is in force.
func (b *Book) Town(ctx context.Context) (t Town, err error) {
	err = b.store.Read(ctx, func(tx *sql.Tx) error {
		if t.Locations, err = locations(ctx, tx); err != nil {
			return err
		}
		if t.Services, err = services(ctx, tx); err != nil {
			return err
		}
		t.Plan, _, err = b.planNow(ctx, tx)
		return err
	})
	if err != nil {
		return Town{}, fmt.Errorf("read town: %w", err)
	}
	return t, nil
}

// SetTown puts the town's offices and services, and its plan in place of the one
// in force, all or nothing. Offices and services that it does not name stay.
func (b *Book) SetTown(ctx context.Context, actor string, t Town, now time.Time) (Change, error) {
	return b.town(ctx, actor, t, now, false)
}

// TryTown says what SetTown would do, and does nothing.
func (b *Book) TryTown(ctx context.Context, t Town, now time.Time) (Change, error) {
	return b.town(ctx, "nobody", t, now, true)
}

func (b *Book) town(ctx context.Context, actor string, t Town, now time.Time, try bool) (c Change, err error) {
	if err = b.complete(&t.Plan); err == nil {
		err = t.Check()
	}
	if err == nil {
		err = b.write(ctx, try, func(tx *sql.Tx) error {
			if err := t.put(ctx, tx, actor, now); err != nil {
				return err
			}
			c, err = b.setPlan(ctx, tx, actor, t.Plan, now)
			return err
		})
	}
	if err != nil {
		return Change{}, fmt.Errorf("set town: %w", err)
	}
	return c, nil
}

// put writes the offices and services that are not there as they are to be.
func (t Town) put(ctx context.Context, tx *sql.Tx, actor string, now time.Time) error {
	places, err := locations(ctx, tx)
	if err != nil {
		return err
	}
	for _, l := range t.Locations {
		if slices.Contains(places, l) {
			continue
		}
		if err := l.put(ctx, tx, actor, now); err != nil {
			return fmt.Errorf("location %q: %w", l.Code, err)
		}
	}
	offered, err := services(ctx, tx)
	if err != nil {
		return err
	}
	for _, s := range t.Services {
		if slices.Contains(offered, s) {
			continue
		}
		if err := s.put(ctx, tx, actor, now); err != nil {
			return fmt.Errorf("service %d: %w", s.Code, err)
		}
	}
	return nil
}
