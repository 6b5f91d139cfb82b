// SPDX-License-Identifier: EUPL-1.2

// Command guardd guards the appliance: it confirms an update that turns out
// healthy, goes back from one that does not, and ends a station that hangs.
//
// It is small and knows nothing of the station but one address, so that it
// still works when the station does not. It never ends by itself: the
// appliance's init would not start it again.
package main

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// askEvery is how often the station is asked, and how long it may take to answer.
const askEvery = 5 * time.Second

func main() {
	l := limits{boots: 3}
	health := flag.String("health", "http://127.0.0.1:9099/", "the station's health")
	program := flag.String("station", "/user/stationd", "the station's program")
	record := flag.String("record", "/perm/fotobox/guardd", "directory of guardd's record")
	flag.DurationVar(&l.confirm, "confirm", 5*time.Minute, "after boot, until a new version must be healthy")
	flag.DurationVar(&l.steady, "steady", time.Minute, "of health, before a new version is confirmed")
	flag.DurationVar(&l.hang, "hang", time.Minute, "of silence, before a station that was healthy is restarted")
	flag.DurationVar(&l.patience, "patience", 3*time.Minute, "of silence, before a station that never was healthy is restarted")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	settle(log, "/perm")
	g := &guard{limits: l, log: log, record: *record, station: station{health: *health, program: *program}}
	g.run(ctx)
	os.Exit(128 + int(syscall.SIGTERM)) // after 0 init would never start it again
}
