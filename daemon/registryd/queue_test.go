// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/queue"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// TestFromTheStationToTheDisplay: a station says over mutual TLS who is there,
// twice; a clerk calls, and the hall sees the number. The name is nowhere on the way.
func TestFromTheStationToTheDisplay(t *testing.T) {
	o, logged, _ := started(t)
	station, _ := enrolled(t, o)
	now := time.Now()
	a, err := o.book.Add(t.Context(), book.Appointment{Name: book.NameOf("CANARY"), Start: now.Truncate(time.Minute), Length: 15 * time.Minute, Persons: 1})
	if err != nil {
		t.Fatal(err)
	}
	code, err := o.book.Code(a)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal([]enrolment.Arrival{{Nonce: "one", Code: code.String(), At: now}})
	if err != nil {
		t.Fatal(err)
	}
	number := 0
	for range 2 {
		var answers []enrolment.Answered
		status := do(t, station, request(t, "POST", "https://"+o.settings.Device+enrolment.ArrivalsPath, bytes.NewReader(body)), &answers)
		if status != http.StatusOK || len(answers) != 1 || answers[0].Answer != "ok" || answers[0].Number == 0 {
			t.Fatalf("%d %+v", status, answers)
		}
		number = answers[0].Number
	}
	nobody := &http.Client{Transport: station.Transport.(*http.Transport).Clone()}
	nobody.Transport.(*http.Transport).TLSClientConfig.Certificates = nil
	if status := do(t, nobody, request(t, "POST", "https://"+o.settings.Device+enrolment.ArrivalsPath, bytes.NewReader(body)), nil); status != http.StatusUnauthorized {
		t.Errorf("without a certificate: %d, want 401", status)
	}
	called, err := o.queue.CallNext(t.Context(), queue.Counter{Name: "Platz 3", Actor: "clerk:anna"}, time.Now())
	if err != nil || int(called.Number) != number {
		t.Fatalf("%+v, %v, want the number %d", called, err, number)
	}
	r, err := http.DefaultClient.Do(request(t, "GET", "http://"+o.settings.Desk+"/display/", nil))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	page, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK || !strings.Contains(string(page), called.Number.String()) || !strings.Contains(string(page), "Platz 3") || !strings.Contains(string(page), "Musterstadt") {
		t.Errorf("%d, %v: %s", r.StatusCode, err, page)
	}
	for what, text := range map[string]string{"display": string(page), "log": logged.String()} {
		if strings.Contains(text, "CANARY") || strings.Contains(text, a.Terminkennung.String()) {
			t.Errorf("the %s has a name or a code: %s", what, text)
		}
	}
}

// TestCodesOfARetiredKey: after the keys were changed, codes of before still check in.
func TestCodesOfARetiredKey(t *testing.T) {
	o, _, _ := started(t)
	now := time.Now()
	a, err := o.book.Add(t.Context(), book.Appointment{Name: book.NameOf("Anna"), Start: now.Truncate(time.Minute), Length: 15 * time.Minute, Persons: 1})
	if err != nil {
		t.Fatal(err)
	}
	code, err := o.book.Code(a)
	if err != nil {
		t.Fatal(err)
	}
	old := o.keys.Appointment.Public().(ed25519.PublicKey)
	_, o.keys.Appointment, err = ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []appointment.Answer{appointment.UnknownKey, appointment.OK} {
		got, err := o.newQueue().CheckIn(t.Context(), queue.Fact{Nonce: queue.NewNonce(), Code: code.String(), At: now, Actor: "clerk:anna"}, now)
		if err != nil || got.Answer != want {
			t.Errorf("%+v, %v, want %s", got, err, want)
		}
		o.keys.Retired = append(o.keys.Retired, old)
	}
}

// TestCapturedByADelivery: a capture and the arrival of its person meet at the office in
// either order; the step is in the record with the station, and what is refused counts as none.
func TestCapturedByADelivery(t *testing.T) {
	o, _, _ := started(t)
	station, settings := enrolled(t, o)
	now := time.Now()
	for _, order := range []string{"pa", "ap", "p-a"} {
		a, err := o.book.Add(t.Context(), book.Appointment{Name: book.NameOf("Anna"), Start: now.Truncate(time.Minute), Length: 15 * time.Minute, Persons: 1, PhotoWanted: true})
		if err != nil {
			t.Fatal(err)
		}
		id, put := delivery(t, o, settings.Recipients, a.ID)
		for _, step := range order {
			var err error
			switch step {
			case 'p':
				if status := do(t, station, put, nil); status != http.StatusCreated {
					t.Fatalf("delivery answers %d", status)
				}
			case '-':
				_, err = o.inbox.Open(t.Context(), "anna", id)
				if err == nil {
					err = o.inbox.Refuse(t.Context(), "anna", id, inbox.Unsuitable)
				}
			case 'a':
				_, err = o.queue.CheckIn(t.Context(), queue.Fact{Nonce: queue.NewNonce(), Code: a.Terminkennung.String(), At: now, Actor: "clerk:anna"}, now)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		want := book.Captured
		if order == "p-a" {
			want = book.Arrived
		}
		if got, err := o.book.Get(t.Context(), a.ID); err != nil || got.State != want {
			t.Errorf("%s: it is %s, %v, want %s", order, got.State, err, want)
		}
	}
	if n := o.recorded(t, "appointment-captured"); n != 2 {
		t.Errorf("the record has %d, want 2", n)
	}
}
