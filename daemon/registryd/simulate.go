// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/book/town"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/simulate"
	"github.com/fotobox-project/fotobox/registry/store"
)

// simulated plays a year, months of wishes or a rush in a database of its own. It
// needs no settings and touches no office. A fault is an error, once all is told.
func simulated(ctx context.Context, c *command.Call) error {
	o := simulate.Options{}
	c.Flags.Uint64Var(&o.Seed, "seed", 1, "what people do")
	c.Flags.IntVar(&o.Days, "days", 0, "so many days; 0: a year, or ten months")
	c.Flags.IntVar(&o.People, "people", 0, "who book or wish at scale 1; 0: as in Duisburg, or Düsseldorf")
	c.Flags.Float64Var(&o.Scale, "scale", 1, "of the town")
	c.Flags.IntVar(&o.Counters, "counters", 25, "on each how many days the counters are played; 0: never")
	c.Flags.IntVar(&o.Closures, "closures", 90, "each how many days an office stays closed; 0: never, and no other rules")
	first := c.Flags.String("first", "2026-01-01", "the first day")
	database := c.Flags.String("database", "", "URL of an empty PostgreSQL database, file: and a file with the URL, or a new SQLite file; none: a temporary file")
	page := c.Flags.String("report", "", "write a page with plots to this file")
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
	play := playOf(words[0], &o)
	if play == nil || o.Days <= 0 || o.People <= 0 || o.Scale <= 0 || o.Counters < 0 || o.Closures < 0 {
		return c.Wrong()
	}
	o.Tell = teller(c.Stderr, o)
	sheet, err := played(ctx, *database, o, play)
	if err == nil {
		err = tell(c.Stdout, sheet, *page)
	}
	if err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	return nil
}

// A player plays something on an empty database.
type player func(context.Context, *store.Store, simulate.Options) (simulate.Sheet, error)

// playOf gives who plays that, and completes the options; nil where nobody does.
func playOf(what string, o *simulate.Options) player {
	days, people := 0, 0
	var p player
	switch what {
	case "year":
		days, people, p = 365, simulate.Bookings, sheetOf(simulate.PlayYear)
	case "agent":
		days, people, p = 304, simulate.Wishes, sheetOf(simulate.PlayAgent)
	case "rush":
		days, people, p = 7, 2000, sheetOf(simulate.PlayRush)
	}
	if o.Days = cmp.Or(o.Days, days); o.People == 0 && days > 7 { // not all of them on fewer days
		people = people * o.Days / days
	}
	o.People = cmp.Or(o.People, people)
	return p
}

func sheetOf[T interface{ Sheet() simulate.Sheet }](play func(context.Context, *store.Store, book.Town, simulate.Options) (T, error)) player {
	return func(ctx context.Context, s *store.Store, o simulate.Options) (simulate.Sheet, error) {
		t, err := play(ctx, s, town.Duisburg(), o)
		if err != nil {
			return simulate.Sheet{}, err
		}
		return t.Sheet(), nil
	}
}

// played has it played in the database, or in one that is removed afterwards.
func played(ctx context.Context, database string, o simulate.Options, play player) (sheet simulate.Sheet, err error) {
	folder, err := os.MkdirTemp("", "simulate")
	if err != nil {
		return simulate.Sheet{}, err
	}
	defer os.RemoveAll(folder)
	where, err := Settings{State: folder, Database: database}.where()
	if err != nil {
		return simulate.Sheet{}, err
	}
	s, err := store.Open(ctx, where)
	if err != nil {
		return simulate.Sheet{}, err
	}
	sheet, err = play(ctx, s, o)
	return sheet, errors.Join(err, s.Close())
}

// tell writes what was found. Faults are an error.
func tell(w io.Writer, s simulate.Sheet, page string) error {
	if err := s.WriteText(w); err != nil {
		return err
	}
	if page != "" {
		var b bytes.Buffer
		if err := s.WriteHTML(&b); err != nil {
			return err
		}
		if err := os.WriteFile(page, b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	if len(s.Faults) > 0 {
		return errors.New(s.Verdict())
	}
	return nil
}

// seldom is how often progress is told.
const seldom = 30 * time.Second

// teller tells how far it is, not too often.
func teller(w io.Writer, o simulate.Options) func(calendar.Day) {
	began := time.Now()
	last := began
	return func(day calendar.Day) {
		if time.Since(last) < seldom {
			return
		}
		last = time.Now()
		fmt.Fprintf(w, "%s: day %d of %d, %s\n", day, day-o.First+1, o.Days, time.Since(began).Round(time.Second))
	}
}
