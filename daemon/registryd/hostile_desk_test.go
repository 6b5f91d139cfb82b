// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// deskKinds are what a hostile page, a neighbour in the network and a clerk who tries things send.
func deskKinds() []kind {
	return []kind{
		{"form from a foreign page", 60, "403 page", func(s *siege, r *rand.Rand) string {
			q := s.form(pick(r, "/sign-in", "/sign-out", "/language", "/find", "/waiting/next", "/waiting/check-in", "/waiting/tickets", "/captures/"+s.victimID()+"/take-over", "/captures/"+s.victimID()+"/refuse"), "photo=1")
			if r.IntN(2) == 0 {
				q.Header.Set("Sec-Fetch-Site", pick(r, "cross-site", "same-site"))
			} else {
				q.Header.Set("Origin", pick(r, "https://evil.example", "null", "http://"+s.settings.Desk+".evil.example", "http://127.0.0.1:1", "https://"+s.settings.Desk+"@evil.example"))
			}
			return s.page(pick(r, s.asClerk, s.strange), q)
		}},
		{"form without a session", 60, "303 /sign-in", func(s *siege, r *rand.Rand) string {
			return s.page(s.strange, s.form(pick(r, "/find", "/waiting/next", "/waiting/check-in", "/waiting/tickets", "/captures/"+s.victimID()+"/take-over", "/captures/"+s.victimID()+"/refuse", "/captures/"+s.victimID()+"/reopen"), "photo=1"))
		}},
		{"page with a forged cookie", 60, "303 /sign-in", func(s *siege, r *rand.Rand) string {
			q := s.desk("GET", pick(r, "/", "/events", "/waiting", "/waiting/events", "/figures", "/stations", "/figures.json", "/captures/"+s.victimID(), "/captures/"+s.victimID()+"/photos/1", "/captures/"+s.victimID()+"/photo.jpg"), "")
			q.Header.Set("Cookie", pick(r, "fotobox=", "fotobox=admin", "fotobox=' OR 1=1 --", "__Host-fotobox=x", "fotobox="+strings.Repeat("A", 43), "fotobox=a; fotobox=b", "; ;=;\"", fmt.Sprintf("fotobox=%x", noise(r, 32)), strings.Repeat("a=b; ", 500)))
			return s.page(s.strange, q)
		}},
		{"password that is guessed", 2, "403 page|429 page", func(s *siege, r *rand.Rand) string {
			return s.page(s.strange, s.form("/sign-in", url.Values{"name": {pick(r, "root", "admin", "' OR 1=1 --", "\x00", "berta")}, "password": {pick(r, "", "x", "lusab-babad-gutih-tugae", strings.Repeat("x", 9000))}}.Encode()))
		}},
		{"a clerk's password that is guessed", 1, "403 page|429 page", func(s *siege, r *rand.Rand) string {
			got := s.page(s.strange, s.form("/sign-in", url.Values{"name": {"anna"}, "password": {string(noise(r, 20))}}.Encode()))
			if got == "403 page" {
				s.audited.Add(1)
			}
			return got
		}},
		{"damaged form", 30, "400 page|413 page|303 /", func(s *siege, r *rand.Rand) string {
			q := s.form("/language", pick(r, "language=%zz", strings.Repeat("a=b&", 20000)))
			if r.IntN(3) == 0 {
				q.Header.Set("Content-Type", pick(r, "text/html;", "/", "x y"))
			}
			return s.page(s.strange, q)
		}},
		{"forged code in a clerk's scanner", 30, "422 page|404 page|200 page", func(s *siege, r *rand.Rand) string {
			q := s.form("/find", url.Values{"q": {pick(r, "FB1:", "FB1:"+strings.Repeat("A", 135), "FB1:\x00", "ABC-DEF-GHJ", strings.Repeat("Z", 9), "<script>", "' OR 1=1", string(noise(r, 90)))}, "day": {pick(r, "", "2026-12-01")}}.Encode())
			return s.page(s.asClerk, q)
		}},
		{"trick in the desk's path", 60, "404 page|303 /sign-in|404 static|redirect within", func(s *siege, r *rand.Rand) string {
			return s.page(s.strange, s.desk(pick(r, "GET", "POST", "DELETE", "TRACE", "BREW", "OPTIONS"), pick(r, "/../", "/static/../../desk.go", "/static/%2e%2e/%2e%2e/", "/kern/..%2f..%2f", "//evil.example/", "/captures/..%2f", "/captures/%00", "/debug/pprof/", "/metrics", "/v1/station", "/"+strings.Repeat("x", 9000), "/static//etc/passwd", "/.git/config"), ""))
		}},
	}
}

func (s *siege) desk(method, path, body string) *http.Request {
	return requestTo("http://"+s.settings.Desk, method, path, []byte(body))
}

func (s *siege) form(path, body string) *http.Request {
	r := s.desk("POST", path, body)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// page asks the desk and says what came: the status with "page" for one of its
// own pages, or where it leads.
func (s *siege) page(c *http.Client, r *http.Request) string {
	a, err := c.Do(r)
	if err != nil {
		return err.Error()
	}
	defer a.Body.Close()
	text, err := io.ReadAll(io.LimitReader(a.Body, 1<<20))
	if err != nil {
		return err.Error()
	}
	to, lead := a.Header.Get("Location"), strings.HasPrefix(a.Header.Get("Location"), "/") && !strings.HasPrefix(a.Header.Get("Location"), "//")
	switch {
	case a.StatusCode == http.StatusSeeOther && lead:
		path, _, _ := strings.Cut(to, "?")
		return "303 " + path
	case a.StatusCode/100 == 3 && lead:
		return "redirect within"
	case strings.Contains(string(text), "<html") && a.Header.Get("Content-Security-Policy") != "":
		return fmt.Sprint(a.StatusCode, " page")
	case a.StatusCode == http.StatusNotFound && a.Header.Get("Content-Security-Policy") != "":
		return "404 static"
	}
	return fmt.Sprintf("%d to %q: %.80q", a.StatusCode, to, text)
}

// slowly sends a byte a second and says how long it took the office to hang up.
func slowly(dial func() (io.ReadWriteCloser, error), first, drop string) (time.Duration, error) {
	c, err := dial()
	if err != nil {
		return 0, err
	}
	defer c.Close()
	began := time.Now()
	if _, err := io.WriteString(c, first); err != nil {
		return 0, err
	}
	gone := make(chan struct{})
	go func() { io.Copy(io.Discard, c); close(gone) }()
	for {
		select {
		case <-gone:
			return time.Since(began), nil
		case <-time.After(time.Second):
			io.WriteString(c, drop)
		}
		if time.Since(began) > time.Minute {
			return time.Since(began), fmt.Errorf("it is let go on")
		}
	}
}
