// SPDX-License-Identifier: EUPL-1.2

// Package clockwork does what an office has to do at certain times, when they come.
//
// Each program on a database runs one. They agree by what the database says is
// due: work that one has done is due for no other, and work that was due while
// none ran is done once by the first that does.
package clockwork

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/internal/backoff"
)

const (
	// look is the longest sleep: what others add meanwhile falls due later than that.
	look = 30 * time.Second
	// pause is the shortest, so that work which stays due does not spin.
	pause = 100 * time.Millisecond
	// turn is how long one piece of work may take.
	turn = 5 * time.Minute
)

// A Job is work that falls due again and again.
type Job struct {
	Name string // for log and metrics
	// Due is when there is something to do, which may be over, or the zero time
	// as long as there is nothing.
	Due func(ctx context.Context) (time.Time, error)
	// Do does all that is due at now, in whole transactions. Doing it again does nothing.
	Do func(ctx context.Context, now time.Time) error
}

// Clockwork does jobs in time.
type Clockwork struct {
	jobs []*job
	log  *slog.Logger
}

type job struct {
	Job
	retry    time.Time // after a failure not before
	failures int       // in a row
	failing  backoff.Backoff

	mu      sync.Mutex
	figures figures
}

// New gives the clockwork for these jobs, which are done in that order.
func New(log *slog.Logger, jobs ...Job) *Clockwork {
	c := &Clockwork{log: log}
	for _, j := range jobs {
		c.jobs = append(c.jobs, &job{Job: j, failing: backoff.Backoff{Min: time.Second, Max: look}})
	}
	return c
}

// String names the task.
func (c *Clockwork) String() string { return "clockwork" }

// Run does what is due until ctx ends.
func (c *Clockwork) Run(ctx context.Context) error {
	for {
		next := c.Pass(ctx, time.Now())
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(min(max(time.Until(next), pause), look)):
		}
	}
}

// Pass does what is due at now, and says when to look again. A job that fails
// keeps none of the others from theirs.
func (c *Clockwork) Pass(ctx context.Context, now time.Time) (next time.Time) {
	next = now.Add(look)
	for _, j := range c.jobs {
		due, err := j.pass(ctx, now)
		if ctx.Err() != nil {
			return next
		}
		if err != nil {
			c.log.Error("work is late, trying again", "job", j.Name, "err", err)
		}
		if !due.IsZero() && due.Before(next) {
			next = due
		}
	}
	return next
}

// pass does the job if it is due, and says when it is due next.
func (j *job) pass(ctx context.Context, now time.Time) (next time.Time, err error) {
	if now.Before(j.retry) && now.After(j.retry.Add(-look)) { // unless the clock was set back
		return j.retry, nil
	}
	ctx, cancel := context.WithTimeout(ctx, turn)
	defer cancel()
	if next, err = j.do(ctx, now); err != nil {
		j.retry = now.Add(j.failing.Delay(j.failures))
		j.failures++
		j.count(func(f *figures) { f.failed++ })
		return j.retry, err
	}
	j.retry, j.failures = time.Time{}, 0
	j.count(func(f *figures) { f.looked = now })
	return next, nil
}

func (j *job) do(ctx context.Context, now time.Time) (next time.Time, err error) {
	due, err := j.Due(ctx)
	if err != nil || due.IsZero() || due.After(now) {
		return due, err
	}
	if err := j.Do(ctx, now); err != nil {
		return time.Time{}, err
	}
	j.count(func(f *figures) { f.lag, f.done = now.Sub(due), f.done+1 })
	return j.Due(ctx)
}
