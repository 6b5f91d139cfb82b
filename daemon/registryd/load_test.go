// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/upload/enrolment"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

const (
	crowd   = 50        // stations that send at once
	each    = 4         // captures that each of them sends in one round
	ordered = 2_000_000 // bytes of a capture
)

// A sender is one station with its capture.
type sender struct {
	client *http.Client
	sealed []byte
	digest string
}

// A round is what one server did with the captures of all stations.
type round struct {
	took   time.Duration
	waited []time.Duration // of each capture, until its answer
}

// rate is in captures a second.
func (r round) rate() float64 { return float64(len(r.waited)) / r.took.Seconds() }

// BenchmarkStations has 50 stations send captures of 2 MB at once to the real
// program and, in turn, to a server that only keeps files with the same calls
// to the same disk. An operation is one round of each.
func BenchmarkStations(b *testing.B) {
	h := opened(b, crowd)
	other := free(b)
	start(b, other, fileServer, h.settings.State, other, b.TempDir())
	var senders []sender
	for _, i := range h.invites {
		senders = append(senders, senderOf(b, i))
	}
	send(b, senders, h.settings.Device) // connections, and the first pages of memory
	send(b, senders, other)
	var rounds, files []round
	memory := []int64{h.resident(b)}
	for b.Loop() {
		files = append(files, send(b, senders, other))
		stop := make(chan struct{})
		watched := make(chan []int64)
		go func() { watched <- h.watch(b, stop) }()
		rounds = append(rounds, send(b, senders, h.settings.Device))
		close(stop)
		memory = append(memory, <-watched...)
	}
	reportRounds(b, rounds, files, memory)
	h.inside(b, func(o *office) { whole(b, o, (len(rounds)+1)*crowd*each) })
}

// senderOf enrols a station; its capture is an envelope's beginning and noise,
// which is what an envelope looks like from outside.
func senderOf(b *testing.B, i enrolment.Invite) sender {
	b.Helper()
	c, _ := admitted(b, i)
	c.Timeout = 2 * time.Minute
	data := make([]byte, ordered)
	rand.Read(data[copy(data, "age-encryption.org/v1\n"):])
	return sender{c, data, envelope.Digest(sha256.Sum256(data))}
}

// send has all stations send at once.
func send(b *testing.B, senders []sender, address string) round {
	b.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	var r round
	began := time.Now()
	for _, s := range senders {
		all.Go(func() {
			for range each {
				took, err := s.put(b.Context(), address)
				mu.Lock()
				if r.waited = append(r.waited, took); err != nil {
					b.Error(err)
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	r.took = time.Since(began)
	return r
}

// put delivers the station's content as a new capture.
func (s sender) put(ctx context.Context, address string) (took time.Duration, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPut, "https://"+address+"/v1/captures/"+uuid.Must(uuid.NewV7()).String(), bytes.NewReader(s.sealed))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/age")
	r.Header.Set("Content-Digest", s.digest)
	r.Header.Set("If-None-Match", "*")
	r.Header.Set("Fotobox-Appointment", appointment.ID{1}.String())
	began := time.Now()
	a, err := s.client.Do(r)
	if err != nil {
		return time.Since(began), err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err == nil && a.StatusCode != http.StatusCreated {
		err = fmt.Errorf("delivery answers %d %s", a.StatusCode, text)
	}
	return time.Since(began), err
}

// watch looks at the program's memory ten times a second.
func (p *running) watch(b *testing.B, stop <-chan struct{}) (list []int64) {
	for {
		select {
		case <-stop:
			return list
		case <-time.After(100 * time.Millisecond):
			list = append(list, p.resident(b))
		}
	}
}

// reportRounds gives medians over the rounds, and the memory of the first third and the last.
func reportRounds(b *testing.B, rounds, files []round, memory []int64) {
	b.Helper()
	var ratios, rates, others []float64
	var waited []time.Duration
	for i, r := range rounds {
		ratios, rates, others = append(ratios, r.rate()/files[i].rate()), append(rates, r.rate()), append(others, files[i].rate())
		waited = append(waited, r.waited...)
	}
	slices.Sort(waited)
	third := max(len(memory)/3, 1)
	b.ReportMetric(median(rates), "captures/s")
	b.ReportMetric(median(others), "files/s")
	b.ReportMetric(median(ratios), "ratio")
	b.ReportMetric(waited[len(waited)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(waited[len(waited)*99/100].Seconds()*1000, "p99-ms")
	b.ReportMetric(float64(median(memory[:third]))/1e6, "MB-first")
	b.ReportMetric(float64(median(memory[len(memory)-third:]))/1e6, "MB-last")
}

func median[T int64 | float64](list []T) T {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// whole checks that the office has what it receipted, and that its record is whole.
func whole(b *testing.B, o *office, want int) {
	b.Helper()
	list, err := o.inbox.Of(b.Context(), appointment.ID{1})
	if err != nil || len(list) != want {
		b.Errorf("%d captures, %v, want %d", len(list), err, want)
	}
	if n, err := audit.Verify(b.Context(), o.store); err != nil || n != want+2*crowd { // each station was invited and enrolled
		b.Errorf("record of %d entries, %v", n, err)
	}
}
