// SPDX-License-Identifier: EUPL-1.2

package order

import (
	"strings"
	"testing"
	"time"
)

func zone(t *testing.T) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

var noon = time.Date(2026, time.November, 30, 11, 0, 0, 0, time.UTC) // on the office's clocks, a Monday

// late is Tuesday at ten.
var late = noon.Add(22 * time.Hour)

func rules(t *testing.T) Rules {
	t.Helper()
	return Rules{Zone: zone(t), Answer: 48 * time.Hour, Lead: 2 * time.Hour, Least: 2 * time.Hour, Refusals: 2, Soon: time.Minute}
}

func wish(id string, change ...func(*Wish)) Wish {
	w := Wish{ID: id, Group: "pass", Minutes: 15, Seats: 1, First: "2026-11-30", Last: "2026-12-31"}
	for _, c := range change {
		c(&w)
	}
	return w
}

// offer is of one seat on Tuesday at ten.
func offer(id, wish string, change ...func(*Offer)) Offer {
	o := Offer{ID: id, Wish: wish, Until: late.Add(-2 * time.Hour), Length: 15 * time.Minute, Seats: []Seat{{"mitte", "pass", late, 0}}}
	for _, c := range change {
		c(&o)
	}
	return o
}

func free(c *Checker, at time.Time, n int) {
	c.Freed(at, Seat{"mitte", "pass", late, n}, 15*time.Minute)
}

// A story is what a checker is told of a town.
type story struct {
	name string
	play func(c *Checker)
	want string // part of the one fault, "" for none
}

func tell(t *testing.T, stories []story) {
	t.Helper()
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			c := New(rules(t))
			s.play(c)
			c.Close(noon.Add(24 * time.Hour))
			got := strings.Join(c.Faults(), "\n")
			if (s.want == "") != (got == "") || !strings.Contains(got, s.want) || len(c.Faults()) > 1 {
				t.Errorf("faults %q, want %q", got, s.want)
			}
		})
	}
}

func afternoons(w *Wish) {
	for day := range w.Hours {
		w.Hours[day][14] = true
	}
}

// half is two slots.
func half(o *Offer) {
	o.Length = 30 * time.Minute
	o.Seats = append(o.Seats, Seat{"mitte", "pass", late.Add(15 * time.Minute), 0})
}

func number(n int) func(*Offer) { return func(o *Offer) { o.Seats[0].Number = n } }

// TestOrder: nobody is overtaken by who came later and is content with the same.
func TestOrder(t *testing.T) {
	tell(t, []story{
		{"the first wish is served", func(c *Checker) {
			c.Entered(noon, wish("a"))
			c.Entered(noon, wish("b"))
			free(c, noon, 1)
			c.Offered(noon, offer("1", "a"))
		}, ""},
		{"the second is served before it", func(c *Checker) {
			c.Entered(noon, wish("a"))
			c.Entered(noon, wish("b"))
			c.Offered(noon, offer("1", "b"))
		}, "wish a, number 1, is overtaken by b"},
		{"the second is served, the first wants another time", func(c *Checker) {
			c.Entered(noon, wish("a", afternoons))
			c.Entered(noon, wish("b"))
			c.Offered(noon, offer("1", "b"))
		}, ""},
		{"the second is served, the first wants another office", func(c *Checker) {
			c.Entered(noon, wish("a", func(w *Wish) { w.Offices = []string{"sued"} }))
			c.Entered(noon, wish("b"))
			c.Offered(noon, offer("1", "b"))
		}, ""},
		{"the second is served, the first needs more", func(c *Checker) {
			c.Entered(noon, wish("a", func(w *Wish) { w.Seats = 2 }))
			c.Entered(noon, wish("b", func(w *Wish) { w.Minutes = 10 }))
			c.Offered(noon, offer("1", "b"))
		}, ""},
		{"the second is served, the first wants later days", func(c *Checker) {
			c.Entered(noon, wish("a", func(w *Wish) { w.First = "2026-12-02" }))
			c.Entered(noon, wish("b"))
			c.Offered(noon, offer("1", "b"))
		}, ""},
		{"a long one takes what an earlier short one wants", func(c *Checker) {
			c.Entered(noon, wish("a", func(w *Wish) { w.First = "2026-12-01" }, func(w *Wish) { w.Hours[1][10] = true }))
			c.Entered(noon, wish("b", func(w *Wish) { w.Minutes = 30 }))
			c.Offered(noon, offer("1", "b", half))
		}, "overtaken"},
		{"another one waits for its answer", func(c *Checker) {
			c.Entered(noon, wish("a"))
			c.Entered(noon, wish("b"))
			c.Offered(noon, offer("1", "a"))
			c.Offered(noon, offer("2", "b", number(1)))
		}, ""},
	})
}

// TestSeats: a seat is kept for one, and a wish has one offer.
func TestSeats(t *testing.T) {
	tell(t, []story{
		{"one seat for two", func(c *Checker) {
			c.Entered(noon, wish("a"))
			c.Entered(noon, wish("b"))
			c.Offered(noon, offer("1", "a"))
			c.Offered(noon, offer("2", "b"))
		}, "is in two offers"},
		{"one seat for two, when the first has accepted", func(c *Checker) {
			c.Entered(noon, wish("a"))
			c.Entered(noon, wish("b"))
			c.Offered(noon, offer("1", "a"))
			c.Accepted(noon, "1")
			c.Offered(noon, offer("2", "b"))
		}, "is in two offers"},
		{"one seat for the next, when the first has cancelled", func(c *Checker) {
			c.Entered(noon, wish("a"))
			c.Entered(noon, wish("b"))
			c.Offered(noon, offer("1", "a"))
			c.Accepted(noon, "1")
			c.Gone(noon, "1")
			c.Offered(noon, offer("2", "b"))
		}, ""},
		{"two offers for one", func(c *Checker) {
			c.Entered(noon, wish("a"))
			c.Offered(noon, offer("1", "a"))
			c.Offered(noon, offer("2", "a", number(1)))
		}, "has two offers"},
	})
}

// TestAnswers: what was refused is not offered again, and a wish ends.
func TestAnswers(t *testing.T) {
	tell(t, []story{
		{"declined, and for the next", func(c *Checker) {
			c.Entered(noon, wish("a"))
			c.Entered(noon, wish("b"))
			c.Offered(noon, offer("1", "a"))
			c.Refused(noon, "1", false, false)
			free(c, noon, 1)
			c.Offered(noon, offer("2", "b"))
		}, ""},
		{"declined, and for the same again", func(c *Checker) {
			c.Entered(noon, wish("a"))
			c.Offered(noon, offer("1", "a"))
			c.Refused(noon, "1", false, false)
			c.Offered(noon, offer("2", "a"))
		}, "has refused it"},
		{"declined too often", func(c *Checker) {
			c.Entered(noon, wish("a"))
			for i, id := range []string{"1", "2", "3"} {
				c.Offered(noon, offer(id, "a", func(o *Offer) { o.Seats[0].Start = late.Add(time.Duration(i) * 15 * time.Minute) },
					func(o *Offer) { o.Until = o.Seats[0].Start.Add(-2 * time.Hour) }))
				if i < 2 {
					c.Refused(noon, id, false, false)
				}
			}
		}, "has refused 2 times"},
		{"it lapses at its end", func(c *Checker) {
			c.Entered(noon, wish("a"))
			c.Offered(noon, offer("1", "a"))
			c.Refused(late.Add(-2*time.Hour), "1", true, false)
		}, ""},
		{"it lapses before", func(c *Checker) {
			c.Entered(noon, wish("a"))
			c.Offered(noon, offer("1", "a"))
			c.Refused(noon.Add(time.Hour), "1", true, false)
		}, "lapses before its time"},
		{"it is accepted too late", func(c *Checker) {
			c.Entered(noon, wish("a"))
			c.Offered(noon, offer("1", "a"))
			c.Accepted(late.Add(-2*time.Hour), "1")
		}, "it ended at"},
		{"an answer to nothing", func(c *Checker) { c.Accepted(noon, "1") }, "does not wait"},
	})
}

// TestQueue: who is in the queue gets what was wished for.
func TestQueue(t *testing.T) {
	tell(t, []story{
		{"an offer to nobody", func(c *Checker) { c.Offered(noon, offer("1", "a")) }, "not in the queue"},
		{"an offer to who has left", func(c *Checker) {
			c.Entered(noon, wish("a"))
			c.Ended(noon, "a")
			c.Offered(noon, offer("1", "a"))
		}, "not in the queue"},
		{"it ends twice", func(c *Checker) {
			c.Entered(noon, wish("a"))
			c.Ended(noon, "a")
			c.Ended(noon, "a")
		}, "has ended twice"},
		{"two places for one", func(c *Checker) {
			c.Entered(noon, wish("a"))
			c.Entered(noon, wish("a"))
		}, "two places"},
		{"not what was wished", func(c *Checker) {
			c.Entered(noon, wish("a", afternoons))
			c.Offered(noon, offer("1", "a"))
		}, "did not wish for"},
		{"too short", func(c *Checker) {
			c.Entered(noon, wish("a", func(w *Wish) { w.Minutes = 30 }))
			c.Offered(noon, offer("1", "a"))
		}, "needs 30 minutes"},
		{"too long to answer", func(c *Checker) {
			c.Entered(noon, wish("a"))
			c.Offered(noon, offer("1", "a", func(o *Offer) { o.Until = late }))
		}, "ends at"},
	})
}

// TestFreed: what is free is offered soon.
func TestFreed(t *testing.T) {
	tell(t, []story{
		{"too little time to answer", func(c *Checker) {
			c.Entered(noon, wish("a"))
			c.Offered(late.Add(-3*time.Hour), offer("1", "a"))
		}, "leaves 1h0m0s"},
		{"free and offered to nobody", func(c *Checker) {
			c.Entered(noon, wish("a"))
			free(c, noon, 1)
		}, "not offered to a"},
		{"free, and fits nobody", func(c *Checker) {
			c.Entered(noon, wish("a", afternoons))
			free(c, noon, 1)
		}, ""},
		{"free before anybody came", func(c *Checker) {
			free(c, noon, 1)
			c.Entered(noon, wish("a"))
		}, ""},
		{"two are free and one is offered", func(c *Checker) {
			c.Entered(noon, wish("a"))
			c.Entered(noon, wish("b"))
			free(c, noon, 2)
			c.Offered(noon, offer("1", "a"))
		}, "not offered to b"},
		{"free when nobody could answer any more", func(c *Checker) {
			c.Entered(noon, wish("a"))
			free(c, late.Add(-time.Hour), 1)
		}, ""},
	})
}

// TestHoursOfTheOffice: by the office's clocks, on days when they change, too.
func TestHoursOfTheOffice(t *testing.T) {
	for start, want := range map[string]bool{
		"2026-03-29T00:30:00Z": false, // 1:30
		"2026-03-29T01:30:00Z": true,  // 3:30, two was left out
		"2026-10-25T00:30:00Z": false, // 2:30, for the first time
		"2026-10-25T01:30:00Z": false, // 2:30 again
		"2026-10-25T02:30:00Z": true,  // 3:30
		"2028-02-29T02:30:00Z": true,
	} {
		at, err := time.Parse(time.RFC3339, start)
		if err != nil {
			t.Fatal(err)
		}
		w := asked{Wish: wish("a", func(w *Wish) { w.First, w.Last = "2026-01-01", "2028-02-29" })}
		w.Hours[6][3], w.Hours[1][3] = true, true
		if got := w.wants("mitte", "pass", at, zone(t)); got != want {
			t.Errorf("%s: %t, want %t", start, got, want)
		}
	}
}
