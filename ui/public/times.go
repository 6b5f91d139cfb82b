// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// daysShown is how many days with free times a page shows.
const daysShown = 7

// windows are how many days the book is asked about, one after the other, to find
// n of them with free times: most often the first answer is enough.
func windows(n int) []calendar.Day { return []calendar.Day{calendar.Day(n) + 3, 3 * 7, book.Horizon} }

// A day has the free times of one, in two halves.
type day struct {
	Day                calendar.Day
	Start              time.Time // of the first
	Morning, Afternoon []book.Free
}

// Free is how many times there are.
func (d day) Free() int { return len(d.Morning) + len(d.Afternoon) }

// listed are the first days on which a request can be met.
type listed struct {
	days []day
	next calendar.Day // the day after them on which it can be too, or the zero Day
}

// freeDays gives the first n days, from a moment on, on which the request can be
// met. What somebody asked for a moment ago may be a moment old.
func (s *site) freeDays(ctx context.Context, r book.Request, from, now time.Time, n int) (listed, error) {
	first := calendar.DayOf(from, book.Zone())
	key := fmt.Sprint(r.Location, " ", r.Service, " ", r.Persons, " ", first, " ", n)
	return s.lists.get(key, now, func() (listed, error) {
		return s.findDays(context.WithoutCancel(ctx), r, first, now, n) // others wait for it too
	})
}

func (s *site) findDays(ctx context.Context, r book.Request, first calendar.Day, now time.Time, n int) (listed, error) {
	var all []day
	last := calendar.DayOf(now, book.Zone()) + book.Horizon
	for _, window := range windows(n) {
		begin, end := first.At(0, book.Zone()), (first+window).At(0, book.Zone())
		if begin.Before(now) {
			begin = now
		}
		times, err := s.Book.Free(ctx, r, begin, end, now)
		if err != nil {
			return listed{}, err
		}
		all = append(all, byDay(times)...)
		if first += window; len(all) > n || first > last {
			break
		}
	}
	if len(all) > n {
		return listed{all[:n], all[n].Day}, nil
	}
	return listed{all, 0}, nil
}

// byDay parts times, which are in their order, into days.
func byDay(times []book.Free) (all []day) {
	for _, f := range times {
		d := calendar.DayOf(f.Start, book.Zone())
		if len(all) == 0 || all[len(all)-1].Day != d {
			all = append(all, day{Day: d, Start: f.Start})
		}
		last := &all[len(all)-1]
		if f.Start.In(book.Zone()).Hour() < 12 {
			last.Morning = append(last.Morning, f)
		} else {
			last.Afternoon = append(last.Afternoon, f)
		}
	}
	return all
}

// near gives the free times nearest to one, in their order: what somebody may
// take instead of it.
func (s *site) near(ctx context.Context, r book.Request, at, now time.Time) ([]book.Free, error) {
	const n, around = 6, 7 // days before and after
	day := calendar.DayOf(at, book.Zone())
	from := (day - around).At(0, book.Zone())
	if from.Before(now) {
		from = now
	}
	all, err := s.Book.Free(ctx, r, from, (day+around+1).At(0, book.Zone()), now)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b book.Free) int {
		return int(a.Start.Sub(at).Abs()/time.Minute) - int(b.Start.Sub(at).Abs()/time.Minute)
	})
	all = all[:min(n, len(all))]
	slices.SortFunc(all, func(a, b book.Free) int { return a.Start.Compare(b.Start) })
	return all, nil
}

// timesView is what the page of the times shows.
type timesView struct {
	Choice choice
	Days   []day
	Next   calendar.Day // more of them from this day on
	Today  calendar.Day
	Last   calendar.Day
	Nonce  string
}

// times lists the free times of the office that was chosen.
func (s *site) times(w http.ResponseWriter, r *http.Request) error {
	c, ok, err := s.choose(r.Context(), r.URL.Query())
	if err != nil {
		return err
	}
	if !ok || c.Office.Code == "" {
		http.Redirect(w, r, "/offices?"+r.URL.RawQuery, http.StatusSeeOther)
		return nil
	}
	v := s.view(r, "public.times")
	v.Step = 3
	t := timesView{Choice: c, Today: calendar.DayOf(v.Now, book.Zone()), Nonce: rand.Text()}
	t.Last = t.Today + book.Horizon
	found, err := s.freeDays(r.Context(), c.request(), c.begin(v.Now), v.Now, daysShown)
	if err != nil {
		return err
	}
	t.Days, t.Next = found.days, found.next
	return s.show(w, "times", http.StatusOK, v, t)
}
