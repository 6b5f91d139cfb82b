// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// The benchmark's town: 7 offices with 3 groups of 10 services each, where so many
// wait.
const (
	benchOffices, benchGroups = 7, 3
	benchWaiting              = 50_000
)

// A crowd is a town in which many wait.
type crowd struct {
	*Wishes
	book *book.Book
	now  time.Time
	rand *rand.Rand
	n    int
}

// newCrowd makes a town and has so many enter their wishes, in a year's pattern:
// two of three name offices, three of four hours.
func newCrowd(b *testing.B, waiting int) *crowd {
	s := storetest.Open(b)
	c := &crowd{now: at(b, "2026-03-02 06:00"), rand: rand.New(rand.NewPCG(1, 2))}
	c.book = newBook(b, s)
	c.Wishes = New(s, c.book, &letterbox{}, Defaults())
	c.book.Follow(c.Wishes)
	var p calendar.Plan
	for i := range benchOffices {
		l := book.Location{Code: fmt.Sprintf("office%d", i), Name: "Bürger-Service", Online: true}
		if err := c.book.PutLocation(b.Context(), "clerk:anna", l, c.now); err != nil {
			b.Fatal(err)
		}
		for j := range benchGroups {
			p.Rules = append(p.Rules, calendar.Rule{
				Office: l.Code, Group: fmt.Sprintf("group%d", j), Days: calendar.Workdays, From: 8 * 60, To: 16 * 60, Minutes: 15, Public: 2, Cooling: 10,
				Releases: []calendar.Release{{Kind: calendar.Public, Ahead: 21, At: 9 * 60}},
			})
		}
	}
	for i := range 30 {
		err := c.book.PutService(b.Context(), "clerk:anna", book.Service{Code: uint16(i + 1), Name: "Reisepass", Group: fmt.Sprintf("group%d", i%benchGroups), Minutes: 15 + i/15*15, Seats: 1}, c.now)
		if err != nil {
			b.Fatal(err)
		}
	}
	if _, err := c.book.SetPlan(b.Context(), "clerk:anna", p, c.now); err != nil {
		b.Fatal(err)
	}
	err := s.Write(b.Context(), func(tx *sql.Tx) error {
		for range waiting {
			if _, err := c.take(b.Context(), tx, c.draft(), Step{Do: Enter, At: c.now, Actor: "office"}); err != nil {
				return err
			}
		}
		if storetest.Postgres() { // which does it by itself in a minute
			_, err := tx.Exec(`ANALYZE`)
			return err
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func (c *crowd) draft() Wish {
	c.n++
	today := calendar.DayOf(c.now, book.Zone())
	address, _ := book.ParseEmail(fmt.Sprintf("who%d@example.org", c.n))
	w := Wish{Service: uint16(c.rand.IntN(30) + 1), Persons: 1, First: today + calendar.Day(c.rand.IntN(10)), Email: address, Language: "de"}
	w.Last = w.First + calendar.Day(3+c.rand.IntN(60))
	if c.rand.IntN(10) == 0 {
		w.Persons = 2
	}
	for i := range benchOffices {
		if c.n%3 > 0 && c.rand.IntN(3) == 0 {
			w.Offices = append(w.Offices, fmt.Sprintf("office%d", i))
		}
	}
	for day := range 5 {
		if c.n%4 > 0 && c.rand.IntN(2) == 0 {
			w.Windows[day] = [...]Hours{Between(8, 12), Between(14, 16), Between(8, 9), Between(15, 16)}[c.rand.IntN(4)]
		}
	}
	return w
}

// BenchmarkCrowd asks a queue in which tens of thousands wait.
//
//	go test ./registry/wishes -run '^$' -bench Crowd -benchtime 300x
func BenchmarkCrowd(b *testing.B) {
	c := newCrowd(b, benchWaiting)
	first := func(b *testing.B, room func(i int) book.Room, fits bool) {
		err := c.store.Read(b.Context(), func(tx *sql.Tx) error {
			for i := 0; b.Loop(); i++ {
				r := room(i)
				o := book.Opening{Location: fmt.Sprintf("office%d", i%benchOffices), Group: fmt.Sprintf("group%d", i%benchGroups)}
				got, err := c.first(b.Context(), tx, o, r, everybody, r.Start, c.now)
				if err != nil || (got.place != 0) != fits {
					return errors.Join(err, fmt.Errorf("at %s place %d", r.Start, got.place))
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	one := []book.Run{{Length: 15 * time.Minute, Seats: 1}}
	b.Run("the first that a seat fits", func(b *testing.B) {
		first(b, func(i int) book.Room {
			return book.Room{Start: at(b, "2026-03-16 08:00").Add(time.Duration(i%28) * 15 * time.Minute), Runs: one}
		}, true)
	})
	b.Run("a seat that fits nobody", func(b *testing.B) {
		first(b, func(int) book.Room {
			return book.Room{Start: at(b, "2026-07-15 10:00"), Runs: one}
		}, false)
	})
	b.Run("enter", func(b *testing.B) {
		for b.Loop() {
			if _, err := c.Enter(b.Context(), "office", c.draft(), c.now); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("turnover", c.turnover)
	b.Run("a sweep with nothing to do", func(b *testing.B) {
		if _, err := c.Sweep(b.Context(), c.now); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if n, err := c.Sweep(b.Context(), c.now); n != 0 || err != nil {
				b.Fatal(n, err)
			}
		}
	})
}

// turnover has seats go from one wish to the next: who holds an offer declines it.
func (c *crowd) turnover(b *testing.B) {
	for c.now = at(b, "2026-03-09 09:00"); c.now.Before(at(b, "2026-03-09 11:01")); c.now = c.now.Add(2 * time.Hour) {
		if _, err := c.book.Release(b.Context(), c.now); err != nil {
			b.Fatal(err)
		}
	}
	began := time.Now()
	n, err := c.Sweep(b.Context(), c.now)
	if err != nil || n == 0 {
		b.Fatal(n, err)
	}
	b.Logf("the sweep of 21 days makes %d offers in %s", n, time.Since(began))
	b.Run("decline, and offer to the next", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			w, err := some(b, c)
			if err == nil {
				_, err = c.Decline(b.Context(), w.Offer, c.now)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("accept", func(b *testing.B) {
		for b.Loop() {
			w, err := some(b, c)
			if err == nil {
				_, err = c.Accept(b.Context(), w.Offer, book.NameOf("Anna"), c.now)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

// some gives a wish with an offer.
func some(b *testing.B, c *crowd) (w Wish, err error) {
	err = c.store.Read(b.Context(), func(tx *sql.Tx) error {
		w, err = scan(tx.QueryRowContext(b.Context(), `SELECT `+columns+` FROM wish WHERE offer IS NOT NULL LIMIT 1`))
		return err
	})
	return w, err
}
