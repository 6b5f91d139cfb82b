// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"database/sql"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
)

// A prey is an appointment of a citizen whose links somebody came by.
type prey struct {
	cancel, view string // as long as they hold
	ended        link.Link
	stale        link.Link // of before a move
	sign         func(link.Link) string
}

// books makes the prey: without an address, so that nobody is told of it.
func (s *siege) books(t *testing.T, o *office) {
	t.Helper()
	now := time.Now()
	receives(t, o, now)
	r := book.Request{Location: "mitte", Service: 102, Persons: 1}
	free, err := o.book.Free(t.Context(), r, now.Add(72*time.Hour), now.Add(30*24*time.Hour), now)
	if err != nil || len(free) == 0 {
		t.Fatalf("%d times are free, %v", len(free), err)
	}
	a, err := o.book.Take(t.Context(), r, free[0].Start, book.Step{Do: book.Enter, At: now, Actor: "clerk:anna", Name: book.NameOf("Anna")})
	if err != nil {
		t.Fatal(err)
	}
	links := must(o.links())
	s.prey = prey{
		cancel: links.Sign(link.Link{Purpose: link.Cancel, ID: a.ID, End: a.Start}), view: links.Sign(link.Link{Purpose: link.View, ID: a.ID, End: a.End()}),
		ended: link.Link{ID: a.ID, End: now.Add(-time.Minute)}, stale: link.Link{ID: a.ID, Number: 7, End: a.Start}, sign: links.Sign,
	}
}

// publicKinds are what somebody in the internet sends to the citizens' listener.
func publicKinds() []kind { return append(linkKinds(), citizensKinds()...) }

// linkKinds try links that are forged, stolen or over.
func linkKinds() []kind {
	return []kind{
		{"forged link", 60, "404 page|400 page", func(s *siege, r *rand.Rand) string {
			return s.page(s.strange, s.atPublic(r, pick(r, "GET", "POST"), "/"+purposes(r)+"/"+s.forgedLink(r), ""))
		}},
		{"link for another purpose", 60, "404 page|400 page", func(s *siege, r *rand.Rand) string {
			at := pick(r, "confirm", "move", "held", "accept", "decline", "withdraw")
			return s.page(s.strange, s.atPublic(r, pick(r, "GET", "POST"), "/"+at+"/"+pick(r, s.prey.view, s.prey.cancel), ""))
		}},
		{"link that has ended", 30, "410 page", func(s *siege, r *rand.Rand) string {
			l := s.prey.ended
			l.Purpose = pick(r, link.View, link.Cancel, link.Move)
			return s.page(s.strange, s.atPublic(r, "GET", "/"+l.Purpose.String()+"/"+s.prey.sign(l), ""))
		}},
		{"link of before a move", 30, "409 page", func(s *siege, r *rand.Rand) string {
			l := s.prey.stale
			l.Purpose = pick(r, link.Cancel, link.Move)
			return s.page(s.strange, s.atPublic(r, pick(r, "GET", "POST"), "/"+l.Purpose.String()+"/"+s.prey.sign(l), "office=mitte&start="+fmt.Sprint(time.Now().Unix())))
		}},
		{"true link, pressed by a foreign page", 60, "403 page", func(s *siege, r *rand.Rand) string {
			q := s.atPublic(r, "POST", pick(r, "/cancel/"+s.prey.cancel, "/hold", "/wish", "/language", "/confirm/x"), "language=de")
			q.Header.Set("Origin", pick(r, "https://evil.example", "null", "https://termine.example.org.evil.example"))
			if r.IntN(2) == 0 {
				q.Header.Set("Sec-Fetch-Site", pick(r, "cross-site", "same-site"))
			}
			return s.page(s.strange, q)
		}},
		{"forged link of a program", 60, "404 forged|422 invalid", func(s *siege, r *rand.Rand) string {
			way := pick(r, [2]string{"GET", "bookings"}, [2]string{"PUT", "bookings"}, [2]string{"DELETE", "bookings"}, [2]string{"POST", "confirmations"}, [2]string{"GET", "appointments"}, [2]string{"POST", "moves"}, [2]string{"POST", "cancellations"})
			return s.ask(s.strange, s.json(r, way[0], "/v1/"+way[1]+"/"+strings.ReplaceAll(s.forgedLink(r), "/", "_"), pick(r, "{}", `{"name":"x","email":"a@b.c","language":"de"}`)))
		}},
		{"who tries many links from one address", 60, "404 page|429 page", func(s *siege, r *rand.Rand) string {
			q := s.atPublic(r, "POST", "/cancel/"+s.forgedLink(r), "")
			q.Header.Set("X-Forwarded-For", pick(r, "", "198.51.100.1, ")+"203.0.113.9") // what the client itself wrote is before what the proxy writes
			return s.page(s.strange, q)
		}},
	}
}

// citizensKinds are forms, questions and addresses that no page of ours makes.
func citizensKinds() []kind {
	return []kind{
		{"time that cannot be held", 60, "400 page|404 page|409 page|413 page", func(s *siege, r *rand.Rand) string {
			start := pick(r, "", "x", "-1", "99999999999999999999", fmt.Sprint(time.Now().Unix()/60*60+7))
			return s.page(s.strange, s.atPublic(r, "POST", "/hold", pick(r, "%zz", "a=b", strings.Repeat("a=b&", 20000),
				"service=102&persons=1&office=mitte&nonce=n&start="+start, "service=102&persons=-99&office=mitte&nonce=&start="+start, "service=102&office='%20OR%201=1&nonce=n&start="+start, "service=65536&office=mitte&nonce=n&start="+start)))
		}},
		{"wish that cannot be", 60, "400 page|413 page|422 page", func(s *siege, r *rand.Rand) string {
			mailbox := pick(r, "", "x", "a@b", "a@b.c%0d%0aBcc:d@e.f", "%00@example.org", strings.Repeat("a", 400)+"@example.org")
			return s.page(s.strange, s.atPublic(r, "POST", "/wish", pick(r, "service=7", "%zz", strings.Repeat("a=b&", 20000),
				"service=102&persons=1&days=mon&first=2026-01-01&last=2999-01-01&language=de&anyway=1&email="+mailbox, "service=102&days=%00&offices=%22%3E&hours=never&language=xx&anyway=1&email="+mailbox)))
		}},
		{"question of a citizen that makes no sense", 60, "200 page|303 /|303 /offices|404 page|422 page", func(s *siege, r *rand.Rand) string {
			return s.page(s.strange, s.atPublic(r, "GET", pick(r, "/", "/offices", "/times", "/wish")+pick(r, "?service=-1", "?service=102&persons=99999999999999999999&office=mitte", "?service=102&office=%00", "?service=102&office=mitte&from=9999-12-31",
				"?service=102&office=mitte&from=0001-01-01", "?service=%27%20OR%201=1", "?%zz", "?a="+strings.Repeat("x", 6000), "?service=102&instead="+s.forgedLink(r), "?lang=%3Cscript%3E"), ""))
		}},
		{"program that asks for nonsense", 60, "409 gone|422 invalid|404 offline|413 form|415 media-type", func(s *siege, r *rand.Rand) string {
			q := s.json(r, "POST", "/v1/bookings", pick(r, "", "[", "null", `{"service":"102"}`, `{"service":102,"persons":1,"office":"mitte","start":"2026-13-01T00:00:00Z","nonce":"n"}`, `{"service":102,"persons":1,"office":"mitte","start":"2020-01-01T00:00:00Z","nonce":"n"}`,
				`{"service":102,"persons":255,"office":"mitte","nonce":"n"}`, `{"service":102,"persons":1,"office":"' OR 1=1 --","nonce":"n"}`, `{"service":999,"persons":1,"office":"mitte","nonce":"n"}`, `{"nonce":"n","admin":true}`,
				strings.Repeat("[", 9000), strings.Repeat(" ", 20<<10), string(noise(r, 300))))
			if r.IntN(4) == 0 {
				q.Header.Set("Content-Type", pick(r, "", "text/plain", "application/x-www-form-urlencoded", "application/json, text/html", "multipart/form-data; boundary=x"))
			}
			return s.ask(s.strange, q)
		}},
		{"trick in the citizens' path", 60, "404 page|redirect within|404 static|404 not-found", func(s *siege, r *rand.Rand) string {
			q := s.atPublic(r, pick(r, "GET", "POST", "DELETE", "TRACE", "BREW", "OPTIONS"), pick(r, "/../", "/static/../../public.go", "/static/%2e%2e/%2e%2e/", "/kern/..%2f..%2f", "//evil.example/", "/confirm/", "/debug/pprof/", "/metrics", "/waiting", "/sign-in", "/town",
				"/captures/"+s.victimID()+"/photo.jpg", "/appointments/0000000000000000", "/v1/station", "/v1/captures/"+s.victimID(), "/v1/arrivals", "/v1/handovers", "/v1/bookings/a/b", "/"+strings.Repeat("x", 9000), "/.git/config"), "")
			if strings.HasPrefix(q.URL.Path, "/v1/") {
				return s.ask(s.strange, q)
			}
			return s.page(s.strange, q)
		}},
		{"trick at the hall's display", 60, "404 display|400 display", func(s *siege, r *rand.Rand) string {
			q := s.atPublic(r, pick(r, "GET", "POST", "DELETE", "BREW"), "/display/"+pick(r, "office/rathaus", "office/%00", "office/..%2f..%2fsign-in", "office/mitte/x", "office/'%20OR%201=1", "static/..%2fboard.html", "x", "%2e%2e/waiting", "office/"+strings.Repeat("x", 9000), "office/rathaus/events"), "")
			return s.shown(q)
		}},
		{"malformed request at the citizens' door", 20, "turned away", func(s *siege, r *rand.Rand) string {
			return s.plain(s.settings.Public.Listen, []byte(pick(r, "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", "G\x7fT / HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
				"GET / HTTP/1.1\r\nHost: x\r\nX: \x00\r\n\r\n", "POST /hold HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 9\r\n\r\na=b&", "POST /hold HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
				"POST /hold HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nX: "+strings.Repeat("a", 30000)+"\r\n\r\n", "\x16\x03\x01\x00\x40"+string(noise(r, 64)))))
		}},
	}
}

func purposes(r *rand.Rand) string {
	return pick(r, "confirm", "appointment", "move", "cancel", "held", "accept", "decline", "withdraw")
}

// forgedLink is one that this office has not made.
func (s *siege) forgedLink(r *rand.Rand) string {
	damaged := []byte(s.prey.cancel)
	damaged[r.IntN(len(damaged))] ^= 1
	return pick(r, base64.RawURLEncoding.EncodeToString(noise(r, 33)), string(damaged), s.prey.cancel[:43], s.prey.cancel+"A", strings.Repeat("A", 44), strings.Repeat("A", 5000), "x", "%00", "..%2f..%2fetc%2fpasswd", "'%20OR%201=1")
}

// atPublic is a request to the citizens' pages, which stand behind a proxy, from
// another address each time.
func (s *siege) atPublic(r *rand.Rand, method, path, form string) *http.Request {
	q := requestTo("http://"+s.settings.Public.Listen, method, path, []byte(form))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", r.IntN(256), r.IntN(256), r.IntN(256)))
	return q
}

func (s *siege) json(r *rand.Rand, method, path, body string) *http.Request {
	q := s.atPublic(r, method, path, body)
	q.Header.Set("Content-Type", "application/json")
	return q
}

// shown asks the display, whose refusals are short texts.
func (s *siege) shown(q *http.Request) string {
	a, err := s.strange.Do(q)
	if err != nil {
		return err.Error()
	}
	defer a.Body.Close()
	text, err := io.ReadAll(io.LimitReader(a.Body, 1<<20))
	if err != nil || len(text) > 80 {
		return fmt.Sprintf("%d, %v: %.80q", a.StatusCode, err, text)
	}
	return fmt.Sprint(a.StatusCode, " display")
}

// looksForTimes is an honest citizen at the same time.
func (s *siege) looksForTimes(t *testing.T, stop <-chan struct{}) {
	for {
		began := time.Now()
		q := requestTo("http://"+s.settings.Public.Listen, "GET", "/times?service=102&persons=1&office=mitte", nil)
		q.Header.Set("X-Forwarded-For", "192.0.2.1")
		if got, took := s.page(&http.Client{CheckRedirect: stay}, q), time.Since(began); got != "200 page" || took > 20*time.Second {
			t.Errorf("an honest citizen is answered %s after %s", got, took)
		}
		select {
		case <-stop:
			return
		case <-time.After(300 * time.Millisecond):
		}
	}
}

// nothingBooked: the prey stands, nobody else has anything, and nobody was told anything.
func (s *siege) nothingBooked(t *testing.T, o *office) {
	t.Helper()
	for want, query := range map[string]string{
		"1 appointment":                `SELECT count(*) FROM appointment WHERE state = 'confirmed' AND revision = 0`,
		"1 appointment in any state":   `SELECT count(*) FROM appointment`,
		"0 wishes":                     `SELECT count(*) FROM wish`,
		"0 mails to citizens":          `SELECT count(*) FROM post WHERE lane = 'letters'`,
		"0 people in the waiting list": `SELECT count(*) FROM arrival`,
	} {
		var n int
		err := o.store.Read(t.Context(), func(tx *sql.Tx) error { return tx.QueryRow(query).Scan(&n) })
		if err != nil || !strings.HasPrefix(want, fmt.Sprint(n, " ")) {
			t.Errorf("%d, %v, want %s", n, err, want)
		}
	}
}
