// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/fotobox-project/fotobox/internal/durable"
)

// awaitEnrolment says on the station's own screen that it has to be enrolled, until
// that is done. Where there is no such screen it returns at once: the program then
// ends with the same sentence.
func (s Settings) awaitEnrolment(ctx context.Context, log *slog.Logger) error {
	if s.screen() == "" || !s.isFresh() {
		return nil
	}
	log.Warn(errNotEnrolled.Error())
	ctx, done := context.WithCancel(ctx)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return (&firstScreen{settings: s, log: log}).Run(ctx) })
	group.Go(func() error {
		defer done()
		tick := time.NewTicker(screenEvery)
		defer tick.Stop()
		for s.isFresh() {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-tick.C:
			}
		}
		return nil
	})
	return group.Wait()
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
