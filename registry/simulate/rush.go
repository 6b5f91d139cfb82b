// SPDX-License-Identifier: EUPL-1.2

package simulate

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/store"
)

// crowded is how many of the rush are answered at the same moment.
const crowded = 32

// A Rush is what became of a release at nine for which many waited.
type Rush struct {
	Options
	Seats    int // of the office and group that were released
	Sold     int
	Gone     int // were told that nothing is free any more
	Retries  int // took another time because somebody had been faster
	Releases int // that the book made, of the two that were asked for at the same time
	P50, P99 time.Duration
	Took     time.Duration
	Check    Check

	began    time.Time
	mu       sync.Mutex
	answered []time.Duration // each
	soldAt   []time.Duration // since the rush began
}

// PlayRush has o.People people want a seat of one day, office and group in the moment
// in which they are released, on the empty database of s. Their steps are real and side by side;
// how long they wait is measured.
func PlayRush(ctx context.Context, s *store.Store, t book.Town, o Options) (*Rush, error) {
	w, err := open(ctx, s, t, o)
	if err == nil {
		err = w.furnish(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("simulate rush: %w", err)
	}
	w.book = book.New(s, duisburg, nil) // which the almanac, of one thread, does not follow
	r := &Rush{Options: o}
	if err := w.rush(ctx, r); err != nil {
		return nil, fmt.Errorf("simulate rush: %w", err)
	}
	if r.Check, err = check(ctx, s); err != nil {
		return nil, fmt.Errorf("check rush: %w", err)
	}
	return r, nil
}

func (w *world) rush(ctx context.Context, r *Rush) error {
	rule := w.town.Rules[slices.IndexFunc(w.town.Rules, func(r calendar.Rule) bool { return r.Public > 0 && len(r.Releases) > 0 })]
	service := w.town.Services[slices.IndexFunc(w.town.Services, func(s book.Service) bool { return s.Group == rule.Group && s.Seats == 1 })]
	day := w.First
	at := page{rule.Office, rule.Group, day + reach}
	for ; len(w.free.pages[at]) == 0; day++ {
		at.day = day + 1 + reach
	}
	nine := day.At(9*60, book.Zone())
	for _, c := range w.free.pages[at] {
		r.Seats += c.Open(nine)
	}
	if err := w.releases(ctx, r, nine, at); err != nil {
		return err
	}
	r.began = time.Now()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(crowded)
	for i := range r.People {
		group.Go(func() error {
			dice := rand.New(rand.NewPCG(r.Seed, uint64(i)))
			return w.wants(ctx, r, book.Request{Location: at.office, Service: service.Code, Persons: 1}, at.day, nine, dice)
		})
	}
	err := group.Wait()
	r.Took = time.Since(r.began)
	if slices.Sort(r.answered); len(r.answered) > 0 {
		r.P50, r.P99 = r.answered[len(r.answered)/2], r.answered[len(r.answered)*99/100]
	}
	return err
}

// releases has two programs do the release of nine o'clock at the same time.
func (w *world) releases(ctx context.Context, r *Rush, nine time.Time, at page) error {
	var group errgroup.Group
	if _, err := w.book.Release(ctx, nine.Add(-time.Minute)); err != nil {
		return err
	}
	for range 2 {
		group.Go(func() error {
			all, err := w.book.Release(ctx, nine)
			r.mu.Lock()
			defer r.mu.Unlock()
			for _, one := range all {
				if one.Office == at.office && one.Group == at.group && one.Day == at.day && one.Kind == calendar.Public {
					r.Releases++
				}
			}
			return err
		})
	}
	return group.Wait()
}

// wants has one person look for a time of the day and take it, until they have one or
// nothing is left.
func (w *world) wants(ctx context.Context, r *Rush, want book.Request, day calendar.Day, now time.Time, dice *rand.Rand) error {
	from, to := book.Day(day.At(12*60, book.Zone()))
	began, tries := time.Now(), 0
	got := false
	for ; ; tries++ {
		free, err := w.book.Free(ctx, want, from, to, now)
		if err != nil {
			return err
		}
		if len(free) == 0 {
			break
		}
		_, err = w.book.Take(ctx, want, free[dice.IntN(len(free))].Start, book.Step{Do: book.Hold, At: now, Actor: "citizen"})
		if err == nil {
			got = true
			break
		}
		if !errors.Is(err, book.ErrGone) {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answered = append(r.answered, time.Since(began))
	r.Retries += tries
	if got {
		r.Sold++
		r.soldAt = append(r.soldAt, time.Since(r.began))
	} else {
		r.Gone++
	}
	return nil
}
