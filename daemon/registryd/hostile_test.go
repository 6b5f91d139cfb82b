// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

var (
	hostile = flag.Int("hostile", 10_000, "hostile requests of TestHostile; on PostgreSQL a fifth of them")
	seed    = flag.Uint64("seed", 1, "of the hostile requests")
)

// TestHostile sends hostile requests of every kind to all doors of the real
// program: none gets in, each is turned away in the way that its kind names,
// what is to be counted is counted, an honest station's deliveries arrive
// meanwhile, and afterwards the program is as it was before.
func TestHostile(t *testing.T) {
	s, honest := besieged(t)
	n := *hostile
	if storetest.Postgres() {
		n /= 5
	}
	s.attack(t, n/10) // opens what the program keeps open
	before := s.settled(t, math.MaxInt)
	entries := s.entries(t) - int(s.audited.Load())
	var good atomic.Int64
	stop := make(chan struct{})
	var beside sync.WaitGroup
	beside.Go(func() { s.deliverUntil(t, honest, stop, &good) })
	beside.Go(func() { s.watchDesk(t, stop) })
	beside.Go(func() { s.looksForTimes(t, stop) })
	began, slow := time.Now(), s.slow(t, &beside)
	told := s.attack(t, n-n/10-slow)
	took := time.Since(began)
	close(stop)
	beside.Wait()
	t.Logf("seed %d: %d hostile requests in %s, %d honest deliveries meanwhile\n%s", *seed, n, took.Round(time.Second), good.Load(), told)
	if good.Load() == 0 {
		t.Error("no honest delivery arrived meanwhile")
	}
	s.nothingChanged(t, entries+int(good.Load()+s.audited.Load()), int(good.Load()))
	after := s.settled(t, before.goroutines+10)
	t.Logf("before %+v, after %+v", before, after)
	if after.files > before.files+8 || after.goroutines > before.goroutines+10 || after.heap > before.heap+16<<20 {
		t.Errorf("before the attack %+v, after it %+v", before, after)
	}
}

// attack sends n requests from eight clients at once and gives a table of what came.
func (s *siege) attack(t *testing.T, n int) string {
	t.Helper()
	order := sequence(n)
	var mu sync.Mutex
	table := map[string]map[string]int{}
	var next atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				k := order[i]
				got := k.try(s, rand.New(rand.NewPCG(*seed, uint64(i))))
				mu.Lock()
				if table[k.name] == nil {
					table[k.name] = map[string]int{}
				}
				if table[k.name][got]++; !slices.Contains(strings.Split(k.want, "|"), got) && table[k.name][got] == 1 {
					t.Errorf("request %d, %s: %s, want %s", i, k.name, got, k.want)
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return written(table)
}

// sequence draws n kinds by their weight, each at least once.
func sequence(n int) (list []kind) {
	r := rand.New(rand.NewPCG(*seed, 1<<63))
	all, sum := kinds(), 0
	for _, k := range all {
		sum += k.weight
	}
	for _, k := range all {
		for range max(1, k.weight*n/sum) {
			list = append(list, k)
		}
	}
	for len(list) < n {
		if k := pick(r, all...); k.weight >= 10 { // the others are dear
			list = append(list, k)
		}
	}
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:n]
}

func written(table map[string]map[string]int) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(table)) {
		total := 0
		var parts []string
		for _, got := range slices.SortedFunc(maps.Keys(table[name]), func(x, y string) int { return cmp.Compare(table[name][y], table[name][x]) }) {
			total += table[name][got]
			parts = append(parts, fmt.Sprintf("%s: %d", got, table[name][got]))
		}
		fmt.Fprintf(&b, "%5d  %-48s %s\n", total, name, strings.Join(parts, ", "))
	}
	return b.String()
}

// deliverUntil is an honest station at work.
func (s *siege) deliverUntil(t *testing.T, c *http.Client, stop <-chan struct{}, good *atomic.Int64) {
	for {
		r := s.honestDelivery(t)
		var receipt envelope.Receipt
		began := time.Now()
		status := do(t, c, r, &receipt)
		s.counted(r, status)
		if took := time.Since(began); status != http.StatusCreated || took > 20*time.Second {
			t.Errorf("an honest delivery is answered %d after %s", status, took)
		}
		good.Add(1)
		select {
		case <-stop:
			return
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// watchDesk is an honest clerk's list, which goes on for longer than a request may take to arrive.
func (s *siege) watchDesk(t *testing.T, stop <-chan struct{}) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	clerk := &http.Client{Jar: s.asClerk.Jar}
	a, err := clerk.Do(must(http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.settings.Desk+"/events", nil)))
	if err != nil {
		t.Error(err)
		return
	}
	defer a.Body.Close()
	over := make(chan error, 1)
	go func() { _, err := io.Copy(io.Discard, a.Body); over <- err }()
	select {
	case err := <-over:
		t.Errorf("an honest clerk's list is over: %v", err)
	case <-stop:
	}
}

// slow starts clients that send a byte a second, at every place where a server
// waits, and gives how many there are. The office hangs up.
func (s *siege) slow(t *testing.T, beside *sync.WaitGroup) (n int) {
	device := func() (io.ReadWriteCloser, error) {
		return tls.Dial("tcp", s.settings.Device, s.theirs.Transport.(*http.Transport).TLSClientConfig)
	}
	plain := func(address string) func() (io.ReadWriteCloser, error) {
		return func() (io.ReadWriteCloser, error) { return net.Dial("tcp", address) }
	}
	const post = " HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\n"
	for name, try := range map[string]struct {
		dial        func() (io.ReadWriteCloser, error)
		first, drop string
	}{
		"handshake":                  {plain(s.settings.Device), "\x16\x03\x01\x02\x00", "\x01"},
		"headers":                    {device, "GET /v1/station HTTP/1.1\r\nHost: x\r\n", "X: y\r\n"},
		"body of an enrolment":       {device, "POST /v1/enrol" + post, "{"},
		"body without a certificate": {device, "POST /v1/visits" + post, "["},
		"body to nowhere":            {device, "POST /nowhere" + post, "x"},
		"headers at the desk":        {plain(s.settings.Desk), "GET / HTTP/1.1\r\nHost: x\r\n", "X: y\r\n"},
		"headers at citizens' pages": {plain(s.settings.Public.Listen), "GET / HTTP/1.1\r\nHost: x\r\n", "X: y\r\n"},
		"form at citizens' pages":    {plain(s.settings.Public.Listen), "POST /hold" + post, "x"},
		"form at the desk":           {plain(s.settings.Desk), "POST /sign-in" + post, "x"},
	} {
		for range 5 {
			n++
			beside.Go(func() {
				if took, err := slowly(try.dial, try.first, try.drop); err != nil || took > 45*time.Second {
					t.Errorf("slow %s: %v after %s", name, err, took)
				}
			})
		}
	}
	return n
}

// nothingChanged looks for what the attack may have left.
func (s *siege) nothingChanged(t *testing.T, entries, honest int) {
	t.Helper()
	s.inside(t, func(o *office) {
		s.nothingBooked(t, o)
		list, err := o.inbox.Of(t.Context(), [8]byte{1})
		if err != nil || len(list) != honest+1 {
			t.Errorf("%d captures, %v, want those of %d honest deliveries and the victim's", len(list), err, honest)
		}
		for _, i := range list {
			if i.ID.String() == s.victimID() && i.State != "arrived" {
				t.Errorf("the victim's capture is %s", i.State)
			}
		}
		if n, err := audit.Verify(t.Context(), o.store); err != nil || n != entries {
			t.Errorf("record of %d entries, %v, want %d", n, err, entries)
		}
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	got := map[string]int{}
	for line := range strings.SplitSeq(s.metrics(t), "\n") {
		if rest, ok := strings.CutPrefix(line, `fotobox_inbox_deliveries_total{status="`); ok {
			status, value, _ := strings.Cut(rest, `"} `)
			got[status], _ = strconv.Atoi(value)
		}
	}
	if diff := gocmp.Diff(s.statuses, got); diff != "" {
		t.Errorf("deliveries by status, as sent and as counted:\n%s", diff)
	}
	for line := range strings.SplitSeq(s.logged.String(), "\n") {
		if strings.Contains(line, "level=ERROR") || strings.Contains(line, "panic") {
			t.Errorf("log: %s", line)
		}
	}
}

func (s *siege) entries(t *testing.T) (n int) {
	t.Helper()
	s.inside(t, func(o *office) { n, _ = audit.Verify(t.Context(), o.store) })
	return n
}

// A size is what a program takes.
type size struct {
	goroutines, files int
	heap, resident    int64
}

// settled is the program's size once it is at rest: the smallest of some seconds,
// with garbage enough that it is collected; of a minute while it has more goroutines.
func (s *siege) settled(t *testing.T, goroutines int) (least size) {
	t.Helper()
	for _, c := range []*http.Client{s.asThief, s.asRevoked, s.asVendor, s.theirs, s.strange, s.asClerk} {
		c.CloseIdleConnections()
	}
	junk := make([]byte, 1<<20)
	for i := 0; i < 10 || i < 150 && least.goroutines > goroutines; i++ {
		for range 30 {
			if got := s.ask(s.asThief, s.put(uuid.Must(uuid.NewV7()).String(), junk)); got != "422 envelope" {
				t.Errorf("junk is answered %s", got)
			}
		}
		s.asThief.CloseIdleConnections()
		time.Sleep(300 * time.Millisecond)
		now := s.size(t)
		if i == 0 {
			least = now
		}
		least = size{min(least.goroutines, now.goroutines), min(least.files, now.files), min(least.heap, now.heap), now.resident}
	}
	return least
}

func (s *siege) size(t *testing.T) (z size) {
	t.Helper()
	files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	z = size{files: len(files), resident: s.resident(t)}
	for line := range strings.SplitSeq(s.metrics(t), "\n") {
		name, value, _ := strings.Cut(line, " ")
		v, _ := strconv.ParseFloat(value, 64)
		switch name {
		case "go_goroutines":
			z.goroutines = int(v)
		case "go_gc_heap_live_bytes":
			z.heap = int64(v)
		}
	}
	return z
}

func (s *siege) metrics(t *testing.T) string {
	t.Helper()
	a, err := http.Get("http://" + s.settings.Metrics + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
