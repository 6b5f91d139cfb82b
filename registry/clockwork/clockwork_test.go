// SPDX-License-Identifier: EUPL-1.2

package clockwork

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// A tower is a bell that several programs may strike: it keeps what is due, as
// the database does, and who struck when.
type tower struct {
	mu    sync.Mutex
	due   []time.Time // in order
	rung  []time.Time
	looks int
	err   error
}

func (b *tower) job() Job { return Job{"bell", b.next, b.ring} }

func (b *tower) next(context.Context) (time.Time, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.looks++
	if b.err != nil || len(b.due) == 0 {
		return time.Time{}, b.err
	}
	return b.due[0], nil
}

func (b *tower) ring(_ context.Context, now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		return b.err
	}
	for len(b.due) > 0 && !b.due[0].After(now) {
		b.due, b.rung = b.due[1:], append(b.rung, time.Now())
	}
	return nil
}

// runFor runs programs with these jobs each for some time.
func runFor(t *testing.T, length time.Duration, log *slog.Logger, programs int, jobs ...Job) *Clockwork {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var last *Clockwork
	var all sync.WaitGroup
	for range programs {
		c := New(log, jobs...)
		last = c
		all.Go(func() {
			if err := c.Run(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	time.Sleep(length)
	cancel()
	all.Wait()
	return last
}

// TestOnTime: what is due is done at its moment, by whichever program, once, and
// nobody asks all the time.
func TestOnTime(t *testing.T) {
	for _, programs := range []int{1, 2} {
		synctest.Test(t, func(t *testing.T) {
			var b tower
			start := time.Now()
			for _, after := range []time.Duration{7 * time.Second, 10 * time.Minute, 10*time.Minute + 300*time.Millisecond, time.Hour} {
				b.due = append(b.due, start.Add(after))
			}
			want := b.due
			runFor(t, 2*time.Hour, slog.New(slog.DiscardHandler), programs, b.job())
			if len(b.rung) != len(want) {
				t.Fatalf("%d programs rang %d times, want %d", programs, len(b.rung), len(want))
			}
			for i := range want {
				if !b.rung[i].Equal(want[i]) {
					t.Errorf("%d programs rang at %s, want %s", programs, b.rung[i], want[i])
				}
			}
			if most := programs * (int(2*time.Hour/look) + 3*len(want)); b.looks > most {
				t.Errorf("%d programs asked %d times in two hours, want at most %d", programs, b.looks, most)
			}
		})
	}
}

// TestWhatOthersAdd while this program sleeps is done in its time, when it falls
// due no sooner than it looks.
func TestWhatOthersAdd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b tower
		at := time.Now().Add(time.Minute + look)
		time.AfterFunc(time.Minute, func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.due = append(b.due, at)
		})
		runFor(t, 5*time.Minute, slog.New(slog.DiscardHandler), 1, b.job())
		if len(b.rung) != 1 || !b.rung[0].Equal(at) {
			t.Errorf("rang at %v, want %s", b.rung, at)
		}
	})
}

// TestCatchesUpOnce: what was due while no program ran is done at the start.
func TestCatchesUpOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := tower{due: []time.Time{time.Now().Add(9 * time.Hour)}}
		time.Sleep(11 * time.Hour)
		c := runFor(t, time.Hour, slog.New(slog.DiscardHandler), 1, b.job())
		if len(b.rung) != 1 {
			t.Errorf("rang at %v, want once", b.rung)
		}
		if got := gather(t, c); got["fotobox_clockwork_lag_seconds"] != 7200 || got["fotobox_clockwork_done_total"] != 1 {
			t.Errorf("%v, want one that was two hours late", got)
		}
	})
}

// TestSurvivesErrors: one job that fails keeps no other from its time, is tried
// again ever more rarely, says so in the log, and is done when it can be.
func TestSurvivesErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		broken := tower{due: []time.Time{start.Add(time.Second)}, err: errors.New("disk full")}
		sound := tower{due: []time.Time{start.Add(time.Minute)}}
		time.AfterFunc(10*time.Minute, func() {
			broken.mu.Lock()
			defer broken.mu.Unlock()
			broken.err = nil
		})
		var log bytes.Buffer
		c := runFor(t, 20*time.Minute, slog.New(slog.NewTextHandler(&log, nil)), 1, broken.job(), sound.job())
		if len(sound.rung) != 1 || !sound.rung[0].Equal(start.Add(time.Minute)) {
			t.Errorf("the sound job beside rang at %v", sound.rung)
		}
		if len(broken.rung) != 1 || broken.rung[0].Sub(start) > 10*time.Minute+look {
			t.Errorf("the broken job rang at %v", broken.rung)
		}
		n := strings.Count(log.String(), `work is late, trying again" job=bell err="disk full"`)
		if n < 20 || n > 60 {
			t.Errorf("%d lines in ten minutes, want one for each try:\n%s", n, log.String())
		}
		if got := c.jobs[0].figures; got.failed != n || got.done != 1 {
			t.Errorf("%+v, want %d failures and one that is done", got, n)
		}
	})
}

// TestClockSetBack: a program whose clock goes back an hour works on.
func TestClockSetBack(t *testing.T) {
	b := tower{err: errors.New("disk full")}
	c, now := New(slog.New(slog.DiscardHandler), b.job()), time.Date(2026, 10, 25, 3, 0, 0, 0, time.UTC)
	for range 5 {
		c.Pass(t.Context(), now)
		now = now.Add(look)
	}
	b.err, b.due = nil, []time.Time{now.Add(-2 * time.Hour)}
	if c.Pass(t.Context(), now.Add(-time.Hour)); len(b.rung) != 1 {
		t.Errorf("rang %d times, want once", len(b.rung))
	}
}

// TestEndsWithItsContext: also in the middle of work, without a word about it.
func TestEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		begun := time.Now()
		c := New(slog.New(slog.NewTextHandler(&log, nil)), Job{
			"long", func(context.Context) (time.Time, error) { return begun, nil },
			func(ctx context.Context, _ time.Time) error { <-ctx.Done(); return ctx.Err() },
		})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if err := c.Run(ctx); err != nil || time.Since(begun) != time.Second || log.Len() > 0 {
			t.Errorf("%v after %s:\n%s", err, time.Since(begun), log.String())
		}
	})
}

// gather gives the metrics of a clockwork with one job.
func gather(t *testing.T, c *Clockwork) map[string]float64 {
	t.Helper()
	r := prometheus.NewPedanticRegistry()
	r.MustRegister(c)
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, f := range families {
		for _, m := range f.Metric {
			got[f.GetName()] = m.GetGauge().GetValue() + m.GetCounter().GetValue()
		}
	}
	return got
}
