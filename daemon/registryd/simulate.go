// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/registry/book/town"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/simulate"
	"github.com/fotobox-project/fotobox/registry/store"
)

// simulated plays a year, months of wishes or a rush in a database of its own. It
// needs no settings and touches no office.
func simulated(ctx context.Context, c *command.Call) error {
	o := simulate.Options{}
	c.Flags.Uint64Var(&o.Seed, "seed", 1, "what people do")
	c.Flags.IntVar(&o.Days, "days", 0, "so many days; 0: a year, or ten months")
	c.Flags.IntVar(&o.People, "people", 0, "who book or wish at scale 1; 0: as in Duisburg, or Düsseldorf")
	c.Flags.Float64Var(&o.Scale, "scale", 1, "of the town")
	c.Flags.IntVar(&o.Counters, "counters", 25, "on each how many days the counters are played; 0: never")
	first := c.Flags.String("first", "2026-01-01", "the first day")
	database := c.Flags.String("database", "", "URL of an empty PostgreSQL database, or a new SQLite file; none: a temporary file")
	if err := c.Parse(); err != nil {
		return err
	}
	words, err := c.Words(1, 1)
	if err == nil {
		o.First, err = calendar.ParseDay(*first)
	}
	if err != nil {
		return err
	}
	where := *database
	if where == "" {
		folder, err := os.MkdirTemp("", "simulate")
		if err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		where = filepath.Join(folder, "office.db")
	}
	s, err := store.Open(ctx, where)
	if err != nil {
		return err
	}
	return errors.Join(play(ctx, c, s, words[0], o), s.Close())
}

// A played is what was simulated.
type played interface{ WriteText(io.Writer) error }

func play(ctx context.Context, c *command.Call, s *store.Store, what string, o simulate.Options) (err error) {
	var p played
	switch what {
	case "year":
		o.Days, o.People = cmp.Or(o.Days, 365), cmp.Or(o.People, simulate.Bookings)
		p, err = simulate.PlayYear(ctx, s, town.Duisburg(), o)
	case "agent":
		o.Days, o.People = cmp.Or(o.Days, 304), cmp.Or(o.People, simulate.Wishes)
		p, err = simulate.PlayAgent(ctx, s, town.Duisburg(), o)
	case "rush":
		o.Days, o.People = cmp.Or(o.Days, 7), cmp.Or(o.People, 2000)
		p, err = simulate.PlayRush(ctx, s, town.Duisburg(), o)
	default:
		return c.Wrong()
	}
	if err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	return p.WriteText(c.Stdout)
}
