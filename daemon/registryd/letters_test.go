// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/post/posttest"
)

// mails sends by the test's mail server.
func mails(p *posttest.Server) MailSettings {
	return MailSettings{
		Host: posttest.Host, Port: p.Port(), Plain: true, From: "termine@example.org", To: []string{"technik@example.org"}, Reply: "amt@example.org", Remind: 2,
	}
}

// receives has an office be open on every day, in slots of a quarter of an hour.
func receives(t *testing.T, o *office, now time.Time) {
	t.Helper()
	err := errors.Join(
		o.book.PutLocation(t.Context(), "clerk:anna", book.Location{Code: "mitte", Name: "Bürgeramt Mitte", Online: true}, now),
		o.book.PutService(t.Context(), "clerk:anna", book.Service{Code: 102, Name: "Reisepass", Group: "pass", Minutes: 15, Seats: 1, PhotoWanted: true}, now))
	if err == nil {
		_, err = o.book.SetPlan(t.Context(), "clerk:anna", calendar.Plan{Rules: []calendar.Rule{
			{Office: "mitte", Group: "pass", Days: 1<<7 - 1, From: 8 * 60, To: 18 * 60, Minutes: 15, Public: 2},
		}}, now)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// submits makes a booking that waits for the answer to its mail.
func submits(t *testing.T, o *office, now time.Time) book.Appointment {
	t.Helper()
	r := book.Request{Location: "mitte", Service: 102, Persons: 1}
	free, err := o.book.Free(t.Context(), r, now.Add(72*time.Hour), now.Add(30*24*time.Hour), now)
	if err != nil || len(free) == 0 {
		t.Fatalf("%d times are free, %v", len(free), err)
	}
	email, err := book.ParseEmail("canary@example.org")
	if err != nil {
		t.Fatal(err)
	}
	s := book.Step{Do: book.Hold, At: now, Actor: "citizen", Name: book.NameOf("CANARY"), Email: email, Language: "en"}
	a, err := o.book.Take(t.Context(), r, free[0].Start, s)
	if s.Do = book.Submit; err == nil {
		a, err = o.book.Advance(t.Context(), a.ID, s)
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// arrives waits for the server's nth letter.
func arrives(t *testing.T, p *posttest.Server, n int) posttest.Letter {
	t.Helper()
	for len(p.Letters()) < n {
		select {
		case <-t.Context().Done():
			t.Fatal("the letter does not come")
		case <-time.After(20 * time.Millisecond):
		}
	}
	return p.Letters()[n-1]
}

// startedForCitizens runs an office with the citizens' pages at the address, whose mails go to p.
func startedForCitizens(t *testing.T) (o *office, p *posttest.Server, address string, logged *safeBuffer) {
	t.Helper()
	p, address = posttest.New(t), free(t)
	o, logged, _ = startedWith(t, func(s *Settings) {
		s.Mail = mails(p)
		s.Public = PublicSettings{Listen: address, Site: "https://termine.example.org", Stations: []PublicStation{{"mitte", "Foyer"}}}
	})
	return o, p, address, logged
}

// TestFromBookingToMail: a booking is told of at once, the link in the mail opens the
// page that confirms it, and that is told of too; nobody is named on the way.
func TestFromBookingToMail(t *testing.T) {
	o, p, address, logged := startedForCitizens(t)
	now := time.Now()
	receives(t, o, now)
	a := submits(t, o, now)
	asked := arrives(t, p, 1)
	if asked.To[0] != "canary@example.org" || asked.Header.Get("Reply-To") != "<amt@example.org>" || asked.Header.Get("Subject") != "Please confirm your appointment" {
		t.Errorf("to %s: %v", asked.To, asked.Header)
	}
	unfolded := strings.ReplaceAll(string(asked.Raw), "=\r\n", "")
	link := regexp.MustCompile(`https://termine\.example\.org(/confirm/[A-Za-z0-9_-]{44})`).FindStringSubmatch(unfolded)
	if link == nil {
		t.Fatalf("there is no link:\n%s", unfolded)
	}
	for _, step := range [][2]string{{http.MethodGet, "200 OK"}, {http.MethodPost, "303 See Other"}} {
		method, want := step[0], step[1]
		r := request(t, method, "http://"+address+link[1], nil)
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.Status != want {
			t.Errorf("%s: %s:\n%s", method, answer.Status, body)
		}
		if method == http.MethodGet {
			if a, err := o.book.Get(t.Context(), a.ID); err != nil || a.State != book.Preconfirmed {
				t.Errorf("looking at the page made it %s, %v", a.State, err)
			}
		}
	}
	confirmed := arrives(t, p, 2)
	if !strings.HasPrefix(confirmed.Header.Get("Subject"), "Your appointment: ") {
		t.Errorf("subject %q", confirmed.Header.Get("Subject"))
	}
	if said := logged.String(); strings.Contains(said, "canary") || strings.Contains(said, "CANARY") || strings.Contains(said, link[1]) {
		t.Errorf("the log says who:\n%s", said)
	}
}

// TestFromClosureToMail: whom a closure leaves without a seat is told why, once, and
// finds other times by the link.
func TestFromClosureToMail(t *testing.T) {
	o, p, address, _ := startedForCitizens(t)
	now := time.Now()
	receives(t, o, now)
	a := submits(t, o, now)
	if _, err := o.book.Advance(t.Context(), a.ID, book.Step{Do: book.Confirm, At: now, Actor: "citizen"}); err != nil {
		t.Fatal(err)
	}
	old, err := o.book.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	day, closed := calendar.DayOf(a.Start, book.Zone()), old
	closed.Closures = []calendar.Closure{{Office: "mitte", First: day, Last: day, Reason: "Water damage"}}
	if _, err := o.book.ReplacePlan(t.Context(), "clerk:anna", old, closed, true, now); err != nil {
		t.Fatal(err)
	}
	n, l := 0, posttest.Letter{}
	for l.Header.Get("Subject") != "Please choose another time for your appointment" { // others may come before
		n++
		l = arrives(t, p, n)
	}
	if !strings.Contains(string(l.Raw), "Water damage") {
		t.Errorf("the mail does not say why:\n%s", l.Raw)
	}
	answer, err := http.Get("http://" + address + linked(t, l, "move"))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if page, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(string(page), `name="start"`) {
		t.Errorf("its link answers %s, %v", answer.Status, err)
	}
}

// TestNobodyIsToldWithoutAMailServer: the book goes on, and nothing is kept for a mail server that is not there.
func TestNobodyIsToldWithoutAMailServer(t *testing.T) {
	o, logged, _ := startedWith(t, func(s *Settings) {
		s.Public = PublicSettings{Listen: free(t), Site: "https://termine.example.org"}
	})
	now := time.Now()
	receives(t, o, now)
	submits(t, o, now)
	if o.letters != nil || !strings.Contains(logged.String(), "nobody can confirm a booking") {
		t.Errorf("letters %v, the log:\n%s", o.letters, logged)
	}
}
