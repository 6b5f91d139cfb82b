// SPDX-License-Identifier: EUPL-1.2

package simulate

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/queue"
	"github.com/fotobox-project/fotobox/registry/store"
)

// A Year is what became of a year of bookings. Nothing in it is of a person.
type Year struct {
	Options
	Asked     int // who looked for a time
	Booked    int // of them, got an appointment that stood
	Nothing   int // found nothing, three times
	Lapsed    int // holds and forms that nobody answered
	Cancelled int
	Moved     int
	Served    int
	Missed    int
	Plans     int // that were changed: closures and other hours
	Hit       int // who lost their seats by that
	Relocated int // of these, got another time
	Dismissed int // of these, were cancelled
	Gone      int // tries that the book refused, because somebody had been faster
	Steps     int // with appointments
	Took      time.Duration

	Daily  []int // bookings that were made, by day
	Free   []int // seats that everybody could have at ten, of the 22 days from then on
	Visits []int // appointments that were served, by day
	NoShow []int // by day
	Lead   [reach + 1]int
	Size   []int64 // of the database in bytes, by week
	Use    []Use
	Hall   Hall
	Check  Check
}

// A Use is what became of an office's seats.
type Use struct {
	Office string // its code
	Name   string
	Seats  int // that its rules gave
	Taken  int // that somebody had in the end
	Served int // appointments
}

// Part is how much of the seats was taken.
func (u Use) Part() float64 { return float64(u.Taken) / float64(max(1, u.Seats)) }

// A Hall is what the days at the counters come to.
type Hall struct {
	CheckedIn, Tickets int
	Full               int   // came without an appointment, and nothing was free any more
	Waits              []int // whole minutes behind slot and arrival, of those who were called
}

func (h *Hall) wait(w queue.Waiting, now time.Time) {
	h.Waits = append(h.Waits, max(0, int(now.Sub(w.Due())/time.Minute)))
}

func newYear(o Options) *Year {
	days := o.Days + book.Horizon + 1
	return &Year{Options: o, Daily: make([]int, days), Free: make([]int, o.Days), Visits: make([]int, days), NoShow: make([]int, days)}
}

func (y *Year) day(t time.Time) int { return int(calendar.DayOf(t, book.Zone()) - y.First) }

func (y *Year) book(now, start time.Time) {
	y.Booked++
	y.Daily[y.day(now)]++
	y.Lead[min(reach, max(0, y.day(start)-y.day(now)))]++
}

func (y *Year) miss(start time.Time) {
	y.Missed++
	y.NoShow[y.day(start)]++
}

func (y *Year) serve(office string, start time.Time) {
	y.Served++
	y.Visits[y.day(start)]++
	for i := range y.Use {
		if y.Use[i].Office == office {
			y.Use[i].Served++
			return
		}
	}
	y.Use = append(y.Use, Use{Office: office, Served: 1})
}

// measure looks at the day at ten, and once a week at the database.
func (y *year) measure(ctx context.Context, day calendar.Day) error {
	y.at(day.At(10*60, book.Zone()), func(context.Context, *sql.Tx) error {
		y.out.Free[day-y.First] = y.free.public(day, day+reach, y.town.Locations, y.groups, y.now)
		return nil
	})
	if (day-y.First)%7 != 0 {
		return nil
	}
	n, err := y.store.Size(ctx)
	y.out.Size = append(y.out.Size, n)
	return err
}

// use reads from the database how many seats each office had and how many were taken.
func (y *year) use(ctx context.Context) error {
	served := y.out.Use
	from, to := y.First.At(0, book.Zone()), (y.First+calendar.Day(y.Days)).At(0, book.Zone())
	all, err := store.List(ctx, y.store, func(r store.Row) (u Use, err error) {
		err = r.Scan(&u.Office, &u.Seats, &u.Taken)
		return u, err
	}, `SELECT location, SUM(seats), SUM((SELECT count(*) FROM seat WHERE seat.slot = slot.id AND seat.appointment IS NOT NULL))
		FROM slot WHERE start_at >= $1 AND start_at < $2 GROUP BY location ORDER BY location`, from.UnixMilli(), to.UnixMilli())
	for i := range all {
		all[i].Name = y.nameOf(all[i].Office)
		if j := slices.IndexFunc(served, func(u Use) bool { return u.Office == all[i].Office }); j >= 0 {
			all[i].Served = served[j].Served
		}
	}
	y.out.Use = all
	n, failed := y.store.Size(ctx)
	y.out.Size = append(y.out.Size, n)
	if err == nil {
		err = failed
	}
	return err
}

func (w *world) nameOf(office string) string {
	for _, l := range w.town.Locations {
		if l.Code == office {
			return l.Name
		}
	}
	return office
}
