// SPDX-License-Identifier: EUPL-1.2

package simulate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/store"
)

// What people do, as parts of all.
const (
	leaves   = 0.04 // choose a time and leave the form
	forgets  = 0.03 // send it and do not answer the mail
	cancels  = 0.11
	moves    = 0.06
	noShow   = 0.08
	families = 0.10
	phones   = 0.08 // have the office enter it
	waits    = 3    // days after which who found nothing looks again
)

// Bookings of Duisburg in 2023.
const Bookings = 266_877

// reach is how many days ahead seats are released.
const reach = 21

// A year is a world in which people book, come and are served.
type year struct {
	*world
	out    *Year
	groups []string
	share  []float64 // of the groups' seats, added up, by office and group
	places []page
	desks  map[string]*hall
	visits map[appointment.ID]*visit // that stand
	nonce  int
}

// A visit is somebody's appointment.
type visit struct {
	id     appointment.ID
	office string
	start  time.Time
	length time.Duration
	code   appointment.Terminkennung
	turn   int // counts what came between, and what was planned before is off
}

// PlayYear plays a year of bookings on the empty database of s.
func PlayYear(ctx context.Context, s *store.Store, t book.Town, o Options) (*Year, error) {
	began := time.Now()
	w, err := open(ctx, s, t, o)
	if err != nil {
		return nil, fmt.Errorf("simulate year: %w", err)
	}
	y := &year{world: w, out: newYear(o), desks: map[string]*hall{}, visits: map[appointment.ID]*visit{}}
	if err := y.play(ctx); err != nil {
		return nil, fmt.Errorf("simulate year: %w", err)
	}
	y.out.Steps, y.out.Took = w.steps, time.Since(began)
	if y.out.Check, err = check(ctx, s); err != nil {
		return nil, fmt.Errorf("check year: %w", err)
	}
	if n := y.out.Check.Live; n > 0 {
		y.out.Check.fault("%d appointments are neither over nor cancelled, when the year is", n)
	}
	return y.out, y.use(ctx)
}

func (y *year) play(ctx context.Context) error {
	if err := y.furnish(ctx); err != nil {
		return err
	}
	y.weigh()
	y.disturb()
	people := y.spread()
	for d := range y.Days {
		day := y.First + calendar.Day(d)
		y.alone(day.At(0, book.Zone()), func(ctx context.Context) error {
			y.begins(day)
			y.open(day, people[d])
			return y.measure(ctx, day)
		})
	}
	return y.run(ctx)
}

// weigh gives each office and group a share of the people by its seats.
func (y *year) weigh() {
	sum, seen := 0.0, map[page]bool{}
	for _, r := range y.town.Rules {
		at := page{office: r.Office, group: r.Group}
		if !seen[at] {
			seen[at] = true
			y.places, y.share = append(y.places, at), append(y.share, 0)
		}
		for i, p := range y.places {
			if p == at {
				y.share[i] += float64(r.Public+r.Internal) * float64(r.To-r.From) / float64(r.Minutes)
			}
		}
	}
	for i, s := range y.share {
		sum += s
		y.share[i] = sum
	}
	group := map[string]bool{}
	for _, p := range y.places {
		if !group[p.group] {
			group[p.group] = true
			y.groups = append(y.groups, p.group)
		}
	}
}

// spread is how many people book on each day: most on Mondays and in spring, before
// the holidays; all together as many as asked for.
func (y *year) spread() []int {
	weights, sum := make([]float64, y.Days), 0.0
	for d := range weights {
		day := y.First + calendar.Day(d)
		week := [7]float64{time.Monday: 1.3, time.Tuesday: 1.15, time.Wednesday: 1.05, time.Thursday: 1.05, time.Friday: 0.85, time.Saturday: 0.45, time.Sunday: 0.55}
		season := 1 + 0.18*math.Sin(2*math.Pi*(float64(d)/365-0.1))
		weights[d] = week[day.Weekday()] * season
		sum += weights[d]
	}
	people, done, before := make([]int, y.Days), 0.0, 0
	for d, weight := range weights {
		done += weight
		until := int(math.Round(done / sum * float64(y.People) * y.Scale))
		people[d], before = until-before, until
	}
	return people
}

// open has the day's people look for a time: from six in the morning to late, many at nine.
func (y *year) open(day calendar.Day, people int) {
	for range people {
		minute := 6*60 + y.rand.Float64()*17*60
		if y.chance(0.3) {
			minute = 9*60 + y.rand.ExpFloat64()*45
		}
		if minute >= 24*60 {
			minute = 23 * 60
		}
		y.at(day.At(0, book.Zone()).Add(time.Duration(minute*float64(time.Minute))), y.someone())
	}
	if y.counted(day) {
		y.openHalls(day)
	}
}

// counted says whether the counters' whole day is played, which only days have on
// which people book.
func (y *year) counted(day calendar.Day) bool {
	d := int(day - y.First)
	return y.Counters > 0 && d < y.Days && d%y.Counters == y.Counters/2
}

// A person is who looks for an appointment.
type person struct {
	first   int // of the places
	service book.Service
	persons int
	ahead   int // days, wanted
	tries   int
}

func (y *year) someone() func(context.Context, *sql.Tx) error {
	p := &person{persons: 1, ahead: int(y.rand.ExpFloat64() * 6)}
	at := y.rand.Float64() * y.share[len(y.share)-1]
	for y.share[p.first] <= at {
		p.first++
	}
	var fit []book.Service
	for _, s := range y.town.Services {
		if s.Group == y.places[p.first].group {
			fit = append(fit, s)
		}
	}
	p.service = fit[min(y.rand.IntN(len(fit)), y.rand.IntN(len(fit)))]
	if y.chance(families) {
		p.persons = 2
	}
	if y.chance(0.3) {
		p.ahead = y.rand.IntN(reach + 1)
	}
	y.out.Asked++
	return func(ctx context.Context, tx *sql.Tx) error { return y.look(ctx, tx, p) }
}

// look has somebody look for a time around the day that they want, at their office and
// then at the others.
func (y *year) look(ctx context.Context, tx *sql.Tx, p *person) error {
	today := calendar.DayOf(y.now, book.Zone())
	offset := y.rand.IntN(len(y.places))
	for i := -1; i < len(y.places); i++ {
		at := y.places[p.first]
		if i >= 0 {
			at = y.places[(i+offset)%len(y.places)]
		}
		if at.group != p.service.Group {
			continue
		}
		for d := range reach + 1 {
			at.day = today + calendar.Day((p.ahead+d)%(reach+1))
			done, err := y.try(ctx, tx, p, at)
			if done || err != nil {
				return err
			}
		}
	}
	if p.tries++; p.tries > 2 {
		y.out.Nothing++
		return nil
	}
	y.at(y.now.AddDate(0, 0, waits), func(ctx context.Context, tx *sql.Tx) error { return y.look(ctx, tx, p) })
	return nil
}

// online says whether everybody may book at the office.
func (y *year) online(office string) bool {
	for _, l := range y.town.Locations {
		if l.Code == office {
			return l.Online
		}
	}
	return false
}

// try takes a time of that day, when there is one.
func (y *year) try(ctx context.Context, tx *sql.Tx, p *person, at page) (done bool, err error) {
	inside := !y.online(at.office)
	start, ok := y.free.find(at, p.service, p.service.Seats*p.persons, inside, y.now, y.rand)
	if !ok {
		return false, nil
	}
	r := book.Request{Location: at.office, Service: p.service.Code, Persons: p.persons, Inside: inside}
	s := book.Step{Do: book.Hold, At: y.now, Actor: "citizen", ID: y.id(), Language: "de"}
	if inside || y.chance(phones) {
		s.Do, s.Actor, s.Name = book.Enter, "clerk:anna", book.NameOf("Erika Mustermann")
	}
	a, err := y.book.TakeIn(ctx, tx, r, start, s)
	if errors.Is(err, book.ErrGone) {
		y.out.Gone++
		return false, nil
	}
	if err != nil {
		return false, err
	}
	y.steps++
	v := &visit{id: a.ID, office: a.Location, start: a.Start, length: a.Length, code: a.Terminkennung}
	if s.Do == book.Enter {
		y.booked(v)
		return true, nil
	}
	y.fill(v, p)
	return true, nil
}

// id draws the id of an appointment from the seed.
func (y *year) id() (id appointment.ID) {
	n := y.rand.Uint64()
	for i := range id {
		id[i] = byte(n >> (8 * i))
	}
	return id
}

// fill has somebody fill the form and answer the mail, or not; then they look again.
func (y *year) fill(v *visit, p *person) {
	again := func(ctx context.Context, tx *sql.Tx) error { return y.look(ctx, tx, p) }
	if y.chance(leaves) {
		y.out.Lapsed++
		y.at(y.now.Add(y.within(15*time.Minute, 24*time.Hour)), again)
		return
	}
	forgets := y.chance(forgets)
	y.at(y.now.Add(y.within(time.Minute, 8*time.Minute)), func(ctx context.Context, tx *sql.Tx) error {
		email, err := book.ParseEmail("erika@example.org")
		if err == nil {
			err = y.step(ctx, tx, v, book.Step{Do: book.Submit, Actor: "citizen", Name: book.NameOf("Erika Mustermann"), Email: email})
		}
		if err != nil || forgets {
			y.out.Lapsed++
			y.at(y.now.Add(y.within(time.Hour, 24*time.Hour)), again)
			return err
		}
		y.at(y.now.Add(y.within(time.Minute, 25*time.Minute)), func(ctx context.Context, tx *sql.Tx) error {
			err := y.step(ctx, tx, v, book.Step{Do: book.Confirm, Actor: "citizen"})
			y.booked(v)
			return err
		})
		return nil
	})
}

// plans has the person do something with the visit, unless something comes between.
func (y *year) plans(v *visit, when time.Time, do func(context.Context, *sql.Tx) error) {
	turn := v.turn
	y.at(when, func(ctx context.Context, tx *sql.Tx) error {
		if v.turn != turn {
			return nil
		}
		return do(ctx, tx)
	})
}

func (y *year) step(ctx context.Context, tx *sql.Tx, v *visit, s book.Step) error {
	s.At = y.now
	y.steps++
	_, err := y.book.AdvanceIn(ctx, tx, v.id, s)
	return err
}

// booked notes an appointment that stands, and decides what becomes of it.
func (y *year) booked(v *visit) {
	y.out.book(y.now, v.start)
	y.visits[v.id] = v
	before := v.start.Sub(y.now)
	switch {
	case before > time.Hour && y.chance(cancels):
		y.plans(v, v.start.Add(-y.soon(before)), func(ctx context.Context, tx *sql.Tx) error {
			delete(y.visits, v.id)
			y.out.Cancelled++
			return y.step(ctx, tx, v, book.Step{Do: book.Cancel, Actor: "citizen"})
		})
		return
	case before > 24*time.Hour && y.chance(moves):
		y.plans(v, v.start.Add(-y.soon(before)), func(ctx context.Context, tx *sql.Tx) error { return y.move(ctx, tx, v) })
		return
	}
	y.expect(v)
}

// soon is how long before the appointment somebody thinks of it: mostly not long.
func (y *year) soon(before time.Duration) time.Duration {
	part := y.rand.Float64()
	return 10*time.Minute + time.Duration(part*part*float64(before-10*time.Minute))
}

// move has somebody come on another day; where nothing is free they come as they said.
func (y *year) move(ctx context.Context, tx *sql.Tx, v *visit) error {
	a, err := book.Get(ctx, tx, v.id)
	if err != nil {
		return err
	}
	s := y.free.services[a.Service]
	inside := !y.online(v.office)
	for d := range reach {
		at := page{v.office, s.Group, calendar.DayOf(v.start, book.Zone()) + 1 + calendar.Day(d)}
		start, ok := y.free.find(at, s, s.Seats*a.Persons, inside, y.now, y.rand)
		if !ok {
			continue
		}
		y.steps++
		moved, err := y.book.MoveIn(ctx, tx, v.id, v.office, start, inside, book.Step{At: y.now, Actor: "citizen"})
		if errors.Is(err, book.ErrGone) {
			y.out.Gone++
			continue
		}
		v.start, v.length = moved.Start, moved.Length
		y.out.Moved++
		y.expect(v)
		return err
	}
	y.expect(v)
	return nil
}

// expect has somebody come to the office, or not.
func (y *year) expect(v *visit) {
	if y.chance(noShow) {
		y.plans(v, later(v.start.Add(v.length+time.Hour), y.now), func(ctx context.Context, tx *sql.Tx) error {
			y.out.miss(v.start)
			delete(y.visits, v.id)
			return y.step(ctx, tx, v, book.Step{Do: book.Miss, Actor: "office"})
		})
		return
	}
	comes := later(v.start.Add(y.within(-14*time.Minute, 3*time.Minute)), y.now)
	if y.counted(calendar.DayOf(v.start, book.Zone())) {
		turn := v.turn
		y.alone(comes, func(ctx context.Context) error {
			if v.turn != turn {
				return nil
			}
			return y.arrives(ctx, v)
		})
		return
	}
	wait := later(v.start, comes).Add(y.within(0, 12*time.Minute))
	y.plans(v, comes, y.does(v, book.Arrive))
	y.plans(v, wait, y.does(v, book.Call))
	y.plans(v, wait.Add(time.Minute), y.does(v, book.Serve))
	y.plans(v, wait.Add(time.Minute+v.length), y.does(v, book.Finish))
}

func (y *year) does(v *visit, do book.Verb) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error {
		if do == book.Finish {
			y.out.serve(v.office, v.start)
			delete(y.visits, v.id)
		}
		return y.step(ctx, tx, v, book.Step{Do: do, Actor: "clerk:anna"})
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
