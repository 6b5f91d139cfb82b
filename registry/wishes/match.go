// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// Match gives what everybody can have now and would fit the wish, in the order of
// time: who is about to leave it need not wait.
func (w *Wishes) Match(ctx context.Context, draft Wish, now time.Time) (all []book.Free, err error) {
	offices := draft.Offices
	if len(offices) == 0 {
		if offices, err = w.online(ctx); err != nil {
			return nil, err
		}
	}
	from := later(now, draft.First.At(0, book.Zone()))
	to := draft.Last.At(calendar.Midnight, book.Zone())
	for _, office := range offices {
		free, err := w.book.Free(ctx, book.Request{Location: office, Service: draft.Service, Persons: draft.Persons}, from, to, now)
		if err != nil {
			return nil, fmt.Errorf("match wish: %w", err)
		}
		all = append(all, slices.DeleteFunc(free, func(f book.Free) bool { return !draft.Matches(office, f.Start) })...)
	}
	slices.SortStableFunc(all, func(a, b book.Free) int {
		if c := a.Start.Compare(b.Start); c != 0 {
			return c
		}
		return strings.Compare(a.Location, b.Location)
	})
	return all, nil
}

func (w *Wishes) online(ctx context.Context) (codes []string, err error) {
	all, err := w.book.Locations(ctx)
	for _, l := range all {
		if l.Online {
			codes = append(codes, l.Code)
		}
	}
	return codes, err
}
