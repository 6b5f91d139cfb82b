// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/post/posttest"
	"github.com/fotobox-project/fotobox/registry/wishes"
)

// linked is the path of the letter's link for a purpose.
func linked(t *testing.T, l posttest.Letter, purpose string) string {
	t.Helper()
	text := strings.ReplaceAll(string(l.Raw), "=\r\n", "")
	found := regexp.MustCompile(`https://termine\.example\.org(/` + purpose + `/[A-Za-z0-9_-]{44})`).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no link to %s in the letter to %s:\n%s", purpose, l.To, text)
	}
	return found[1]
}

// presses sends the form of the page behind a link.
func presses(t *testing.T, address, path string, form url.Values) {
	t.Helper()
	r := request(t, http.MethodPost, "http://"+address+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK && answer.StatusCode != http.StatusSeeOther {
		t.Errorf("POST %s: %s", path, answer.Status)
	}
}

// TestFromWishToAppointment: a wish is confirmed by the link of its mail, a seat that
// is free again is offered by mail, and accepted by the link in that.
func TestFromWishToAppointment(t *testing.T) {
	o, p, address, _ := startedForCitizens(t)
	now := time.Now()
	receives(t, o, now)
	today := calendar.DayOf(now, book.Zone())
	email, err := book.ParseEmail("canary@example.org")
	if err != nil {
		t.Fatal(err)
	}
	draft := wishes.Wish{Service: 102, Persons: 1, First: today, Last: today + 30, Email: email, Language: "en"}
	if _, err := o.wishes.Leave(t.Context(), draft, now); err != nil {
		t.Fatal(err)
	}
	presses(t, address, linked(t, arrives(t, p, 1), "confirm"), nil)
	linked(t, arrives(t, p, 2), "withdraw")
	held := submits(t, o, now) // its mail is the third
	arrives(t, p, 3)
	if _, err := o.book.Advance(t.Context(), held.ID, book.Step{Do: book.Cancel, At: now, Actor: "citizen"}); err != nil {
		t.Fatal(err)
	}
	offer := arrives(t, p, 4)
	linked(t, offer, "decline")
	presses(t, address, linked(t, offer, "accept"), url.Values{"name": {"CANARY"}})
	list, err := o.book.List(t.Context(), held.Start)
	if err != nil || len(list) != 1 || list[0].Name.Reveal() != "CANARY" || !list[0].Email.Equal(email) {
		t.Errorf("the day has %+v, %v; want the offered appointment", list, err)
	}
}

// TestSweepIsDue: the clockwork of an office with mail sees to wishes, and that of
// one without has none.
func TestSweepIsDue(t *testing.T) {
	o, _, _ := startedWith(t, func(s *Settings) { s.Mail = mails(posttest.New(t)) })
	jobs := o.jobs()
	sweep := jobs[len(jobs)-1]
	within(t, func() bool { // the office's own first look is over
		due, err := sweep.Due(t.Context())
		return err == nil && due.After(time.Now())
	})
	now := time.Now()
	receives(t, o, now)
	due, err := sweep.Due(t.Context())
	if sweep.Name != "wishes" || due.After(now) || err != nil {
		t.Errorf("%s is due %s, %v", sweep.Name, due, err)
	}
	if err := sweep.Do(t.Context(), now); err != nil {
		t.Error(err)
	}
	if due, err := sweep.Due(t.Context()); !due.After(now) || err != nil {
		t.Errorf("done, and due again %s, %v", due, err)
	}
	if without, _, _ := started(t); without.wishes != nil || len(without.jobs()) != len(jobs)-1 {
		t.Error("without mail there is a queue")
	}
}
