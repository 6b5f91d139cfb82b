// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

var (
	clients = flag.Int("clients", 200, "how many want a time in TestRush, a multiple of 40")
	rushing = flag.Duration("rushing", time.Second, "within how long they come")
)

// A rush is what became of all who came at once.
type rush struct {
	t    *testing.T
	base string
	http http.Client

	mu      sync.Mutex
	took    []time.Duration
	answers map[int]int
	times   map[string]int // how often each was given, by its appointment
}

// TestRush: more citizens than there are times come at nine. Each looks at the
// free times and tries one; whose is gone tries another of those that the answer
// names, until there are none. All times are given, none twice, and nobody meets
// a fault.
func TestRush(t *testing.T) {
	day := calendar.DayOf(time.Now(), book.Zone()) + 2
	for _, holiday := calendar.NordrheinWestfalen.Holiday(day); holiday; _, holiday = calendar.NordrheinWestfalen.Holiday(day) {
		day++
	}
	o := townWith(t, calendar.Rule{Office: "mitte", Group: "pass", Days: 1<<7 - 1, First: day, Last: day, From: 8 * 60, To: 8*60 + 30*15, Minutes: 15, Public: *clients / 40})
	server := httptest.NewServer(New(Town{
		Name: "Musterstadt", Book: o.book, Links: o.links, Secure: true, Recent: time.Second, Log: slog.New(slog.NewTextHandler(o.log, nil)),
	}))
	t.Cleanup(server.Close)
	r := &rush{t: t, base: server.URL, answers: map[int]int{}, times: map[string]int{}}
	r.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	var wait sync.WaitGroup
	for i := range *clients {
		wait.Go(func() {
			time.Sleep(time.Duration(i) * *rushing / time.Duration(*clients))
			if held := r.comes(i); held != "" {
				a := o.held(t, held)
				r.mu.Lock()
				r.times[a.ID.String()]++
				r.mu.Unlock()
			}
		})
	}
	wait.Wait()
	r.judge(o)
}

// judge compares what was given with what there was.
func (r *rush) judge(o *town) {
	now := time.Now()
	left, err := o.book.Free(r.t.Context(), book.Request{Location: "mitte", Service: passport, Persons: 1}, now, now.AddDate(0, 0, 30), now)
	slices.Sort(r.took)
	r.t.Logf("%d citizens, %d times, %d requests %v, p50 %v, p99 %v", *clients, len(r.times), len(r.took), r.answers, r.took[len(r.took)/2], r.took[len(r.took)*99/100])
	if seats := *clients / 40 * 30; err != nil || len(left) != 0 || len(r.times) != seats {
		r.t.Errorf("%d have a time, %d are left (%v); want %d and none", len(r.times), len(left), err, seats)
	}
	for id, n := range r.times {
		if n != 1 {
			r.t.Errorf("%s was given %d times", id, n)
		}
	}
	for status, n := range r.answers {
		if !slices.Contains([]int{http.StatusOK, http.StatusSeeOther, http.StatusConflict}, status) {
			r.t.Errorf("%d answers are %d", n, status)
		}
	}
}

// comes is one citizen: the address of the form of the time that is held, or "".
func (r *rush) comes(i int) (held string) {
	page := r.ask(i, http.MethodGet, "/times?service=102&persons=1&office=mitte", "")
	for try := i; ; try++ {
		nonce := regexp.MustCompile(`name="nonce" value="(\w+)"`).FindStringSubmatch(page.body)
		all := regexp.MustCompile(`name="start" value="(\d+)"`).FindAllStringSubmatch(page.body, -1)
		if nonce == nil || len(all) == 0 {
			return ""
		}
		page = r.ask(i, http.MethodPost, "/hold", "office=mitte&service=102&persons=1&nonce="+nonce[1]+"&start="+all[try%len(all)][1])
		if page.status == http.StatusSeeOther {
			return page.header.Get("Location")
		}
	}
}

// ask asks as somebody behind the proxy, each with an address of their own.
func (r *rush) ask(i int, method, path, form string) answer {
	q, err := http.NewRequestWithContext(r.t.Context(), method, r.base+path, strings.NewReader(form))
	if err != nil {
		r.t.Error(err)
		return answer{}
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255))
	began := time.Now()
	w, err := r.http.Do(q)
	if err != nil {
		r.t.Error(err)
		return answer{}
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if err != nil {
		r.t.Error(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.took = append(r.took, time.Since(began))
	r.answers[w.StatusCode]++
	return answer{w.StatusCode, w.Header, string(body)}
}
