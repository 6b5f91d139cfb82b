// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/book/town"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/link"
	"github.com/fotobox-project/fotobox/registry/wishes"
)

// sign is the citizen's link, as a mail or a page has it.
func (m *mortal) sign(l link.Link) string {
	m.Helper()
	links, err := m.beside.links()
	if err != nil {
		m.Fatal(err)
	}
	return links.Sign(l)
}

// cut presses a button and kills the program meanwhile: after that time, or, below
// zero, when it begins to answer. Nobody reads the answer.
func (m *mortal) cut(path string, after time.Duration) (took time.Duration) {
	m.Helper()
	c, err := net.Dial("tcp", m.public)
	if err != nil {
		m.Fatal(err)
	}
	defer c.Close()
	began := time.Now()
	if _, err = fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", path); err == nil && after < 0 {
		_, err = c.Read(make([]byte, 1))
	}
	if err != nil {
		m.Fatal(err)
	}
	time.Sleep(after)
	took = time.Since(began)
	m.kill()
	return took
}

// press presses a button and gives the answer's status.
func (m *mortal) press(path string) int {
	m.Helper()
	answer, err := http.DefaultTransport.RoundTrip(request(m.T, http.MethodPost, "http://"+m.public+path, strings.NewReader("")))
	if err != nil {
		m.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

// TestKilledBeforeItAnswers: somebody confirms a booking, the program is killed when it
// stands and before they know, or at any other moment, and they press the button again.
func TestKilledBeforeItAnswers(t *testing.T) {
	m := newMortal(t)
	now := time.Now()
	receives(t, m.beside, now)
	const rounds = 8
	var submitted []book.Appointment
	for range rounds {
		submitted = append(submitted, submits(t, m.beside, now))
	}
	m.start("")
	m.told()
	lost, usual := 0, time.Minute
	for n, a := range submitted {
		confirm := m.sign(link.Link{Purpose: link.Confirm, ID: a.ID, End: a.Until})
		way := []struct {
			path string
			want int
		}{{"/confirm/", http.StatusSeeOther}, {"/v1/confirmations/", http.StatusOK}}[n%2]
		if n < rounds/2 {
			usual = min(usual, m.cut(way.path+confirm, -1))
		} else {
			m.cut(way.path+confirm, rand.N(2*usual))
		}
		a, err := m.beside.book.Get(t.Context(), a.ID)
		if err != nil || n < rounds/2 && a.State != book.Confirmed {
			t.Fatalf("it answered, and the booking is %s, %v", a.State, err)
		}
		if a.State == book.Confirmed {
			lost++
		}
		m.start("")
		if status := m.press(way.path + confirm); status != way.want {
			t.Errorf("%s once more: %d, want %d", way.path, status, way.want)
		}
	}
	m.told()
	t.Logf("%d of %d were confirmed when the program was killed; it answers within %s", lost, rounds, usual)
	for what, query := range map[string]string{
		"bookings": `SELECT count(*) FROM appointment WHERE state = 'confirmed'`, "appointments": `SELECT count(*) FROM appointment`,
		"seats": `SELECT count(*) FROM seat`, "confirmations in the record": `SELECT count(*) FROM audit WHERE action = 'appointment-confirmed'`,
	} {
		if got := m.count(query); got != rounds {
			t.Errorf("%d %s, want %d", got, what, rounds)
		}
	}
	for _, subject := range []string{"Please confirm your appointment", "Your appointment: "} {
		if got := m.distinct("canary@example.org", subject); got != rounds {
			t.Errorf("%d mails %q, want %d", got, subject, rounds)
		}
	}
	m.whole()
}

// TestKilledBetweenOfferAndMail: a seat is free again and offered, and the program is killed
// before it has sent the mail, before the mail server has answered, or before it has noted that.
func TestKilledBetweenOfferAndMail(t *testing.T) {
	m := newMortal(t)
	now := time.Now()
	first := calendar.DayOf(now, book.Zone()) + 7
	cases := []struct {
		name, dies string
		cancelled  func() // when the answer is there
		most       int    // mails that are taken
	}{
		{"before it is sent", "", func() { m.kill(); m.post.Open(t) }, 1},
		{"before the server has answered", "", m.died, 2},
		{"before it is noted", "mail sent", m.died, 2},
	}
	m.opens(now, first, len(cases))
	var taken []book.Appointment
	for n := range cases {
		day := first + calendar.Day(n)
		taken = append(taken, m.enters(day.At(9*60, book.Zone()), now))
		email, err := book.ParseEmail(fmt.Sprintf("canary%d@example.org", n))
		if err == nil {
			_, err = m.beside.wishes.Enter(t.Context(), "clerk:anna", wishes.Wish{Service: 102, Persons: 1, First: day, Last: day, Email: email, Language: "en"}, now)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	m.start("")
	m.told() // of the wishes
	m.kill()
	for n, c := range cases {
		m.start(c.dies)
		switch n {
		case 0:
			m.post.Close()
		case 1:
			m.post.Taken(func() { _ = m.running.Process.Kill() })
		}
		before := len(m.post.Letters())
		if status := m.press("/cancel/" + m.sign(link.Link{Purpose: link.Cancel, ID: taken[n].ID, End: taken[n].Start})); status != http.StatusSeeOther {
			t.Fatalf("%s: cancelling answers %d", c.name, status)
		}
		c.cancelled()
		m.post.Taken(nil)
		m.exec(`UPDATE leases SET until = 0`)
		if waits := m.count(`SELECT count(*) FROM post WHERE kind = 'offered'`); waits != 1 {
			t.Errorf("%s: %d offers are to be told of, want 1", c.name, waits)
		}
		m.start("")
		m.told()
		m.kill()
		if got := len(m.post.Letters()) - before; got != c.most {
			t.Errorf("%s: the mail came %d times, want %d", c.name, got, c.most)
		}
		if got := m.distinct(fmt.Sprintf("canary%d@example.org", n), "An appointment has become free: "); got != 1 {
			t.Errorf("%s: %d mails, want 1", c.name, got)
		}
	}
	if offers, steps := m.count(`SELECT count(*) FROM wish WHERE state = 'offered'`), m.count(`SELECT count(*) FROM audit WHERE action = 'appointment-offered'`); offers != len(cases) || steps != len(cases) {
		t.Errorf("%d wishes have an offer, %d were made, want %d of both", offers, steps, len(cases))
	}
	m.whole()
}

// TestKilledAtNine: the program was down for a week of releases, catches up when it starts,
// and is killed at any moment of that. In the end each release happened, once.
func TestKilledAtNine(t *testing.T) {
	m := newMortal(t)
	large := town.Duisburg()
	large.Closures = nil
	large.Rules = slices.DeleteFunc(large.Rules, func(r calendar.Rule) bool { return r.Office != "mitte" && r.Office != "hamborn" })
	last := time.Now().Add(-7 * 24 * time.Hour).Truncate(time.Millisecond)
	if _, err := m.beside.book.SetTown(t.Context(), "clerk:anna", large, last); err != nil {
		t.Fatal(err)
	}
	released := func() int { return m.count(`SELECT count(*) FROM audit WHERE action = 'seats-released'`) }
	var usual time.Duration
	killed, rounds := 0, 3
	for round := range rounds {
		m.exec(`UPDATE calendar SET run_at = $1`, last.UnixMilli()) // down again
		before := released()
		for range 2 * min(round, 1) { // in the first round nobody kills it
			m.start("")
			time.Sleep(rand.N(usual))
			m.kill()
			if released() == before {
				killed++
			}
		}
		began := time.Now()
		m.start("")
		m.until("the releases are made good", func() bool { return m.count(`SELECT count(*) FROM calendar WHERE run_at > $1`, last.UnixMilli()) == 1 })
		usual = max(usual, time.Since(began))
		m.kill()
		m.made(last, released()-before)
	}
	t.Logf("%d of %d times it was killed before it had released anything, which takes %s", killed, 2*(rounds-1), usual)
	m.start("")
	m.sellsOut()
	m.whole()
}

// made checks that so many entries are one for each day and kind that was due since last,
// and that the slots are as the rules have them.
func (m *mortal) made(last time.Time, entries int) {
	m.Helper()
	plan, err := m.beside.book.Plan(m.Context())
	if err != nil {
		m.Fatal(err)
	}
	run := time.UnixMilli(int64(m.count(`SELECT run_at FROM calendar`)))
	type release struct {
		day  calendar.Day
		kind calendar.Kind
	}
	due := map[release]bool{}
	for _, r := range plan.Released(last, run) {
		due[release{r.Day, r.Kind}] = true
	}
	if entries != len(due) || len(due) == 0 {
		m.Errorf("%d releases in the record, want %d", entries, len(due))
	}
	if c, err := m.beside.book.TryPlan(m.Context(), plan, run); err != nil || c.Made+c.Changed+c.Withdrawn != 0 {
		m.Errorf("making the slots anew changes %d, %v", c.Made+c.Changed+c.Withdrawn, err)
	}
}

// sellsOut has everybody book one time until nobody can, by the program's own interface.
func (m *mortal) sellsOut() {
	m.Helper()
	now := time.Now()
	from, to := book.Day(now.AddDate(0, 0, 2))
	free, err := m.beside.book.Free(m.Context(), book.Request{Location: "mitte", Service: 102, Persons: 1}, from, to.AddDate(0, 0, 10), now)
	if err != nil || len(free) == 0 {
		m.Fatalf("%d times are free, %v", len(free), err)
	}
	sold, body := 0, `{"service":102,"persons":1,"office":"mitte","start":"`+free[0].Start.Format(time.RFC3339)+`","nonce":"%d"}`
	for status := http.StatusCreated; status == http.StatusCreated; sold++ {
		r := request(m.T, http.MethodPost, "http://"+m.public+"/v1/bookings", strings.NewReader(fmt.Sprintf(body, sold)))
		r.Header.Set("Content-Type", "application/json")
		if status = do(m.T, http.DefaultClient, r, nil); status != http.StatusCreated && status != http.StatusConflict {
			m.Fatalf("booking answers %d", status)
		}
	}
	if sold--; sold != free[0].Times {
		m.Errorf("%d have booked, of %d seats", sold, free[0].Times)
	}
}
