// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"log/slog"
	"time"
)

// A guard plays the state machine on the real appliance.
type guard struct {
	limits  limits
	log     *slog.Logger
	record  string // directory
	station station
	disk    disk
	state   state
}

// run guards until ctx ends.
func (g *guard) run(ctx context.Context) {
	var err error
	if g.state, err = load(g.record); err != nil {
		g.log.Error("record cannot be read; starting with an empty one, so that nothing will be switched back", "err", err)
	}
	e, err := booted()
	if err != nil {
		g.log.Error("cannot tell which version runs; only a hung station will be noticed", "err", err)
	} else {
		g.remember(e.running)
		g.handle(ctx, e)
	}
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		g.handle(ctx, g.station.ask(ctx))
	}
}

// remember keeps a copy of what this version was started with.
func (g *guard) remember(v version) {
	var err error
	if g.disk, err = findDisk(); err == nil {
		err = g.disk.remember(g.record, v)
	}
	if err != nil {
		g.log.Error("the boot partition cannot be copied; an update of the kernel could not be undone", "err", err)
	}
}

// handle lets step decide and does what it says.
func (g *guard) handle(ctx context.Context, event any) {
	told := len(g.state.Story)
	now := moment{sinceBoot(), time.Now()}
	var do action
	g.state, do = step(g.state, g.limits, now, event)
	if do == wait {
		return
	}
	if story := g.state.Story; len(story) > 0 && (len(story) != told || do == restart) {
		last := story[len(story)-1]
		g.log.Warn(last.What, "release", last.Version.Release, "root", last.Version.Root)
	}
	if err := save(g.record, g.state); err != nil {
		g.log.Error("record cannot be written", "err", err)
	}
	var err error
	switch do {
	case restart:
		err = g.station.kill()
	case back:
		if err := g.disk.restore(g.record, g.state.Confirmed); err != nil {
			g.log.Error("the boot partition stays as it is: if the kernel has changed, cameras will not work", "err", err)
		}
		err = goBack(ctx)
	}
	if err != nil {
		g.log.Error("will be tried again", "err", err)
	}
}
