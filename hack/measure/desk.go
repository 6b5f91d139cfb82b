// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/google/uuid"
)

const (
	openings = 200 // of captures, for each row
	stations = 20
)

// desk prints how long a clerk waits for a capture to open: from the request to
// the last byte of the page with its three photos, decrypted, judged and recorded.
func desk(ctx context.Context) error {
	o, err := openOffice(ctx)
	if err != nil {
		return err
	}
	defer o.close()
	fmt.Printf("\n%-46s %8s %8s %8s %8s %10s %10s   %s\n", "opening a capture at the desk (3 photos)", "p50", "p95", "p99", "most", "delivered", "processor", "p95 at most 300 ms; processor: for one opening, delivering included")
	for _, row := range []struct {
		name  string
		pause time.Duration // of a station between two captures; 0: no stations
	}{
		{"nobody at a station", 0},
		{"20 stations, a capture of 2 MB each every 10 s", 10 * time.Second},
		{"20 stations, without a pause", time.Nanosecond},
	} {
		before := processor()
		took, delivered, err := o.row(ctx, row.pause)
		if err != nil {
			return err
		}
		each := ((processor() - before) / openings).Round(100 * time.Microsecond)
		at := func(q float64) time.Duration { return took[int(q*float64(len(took)-1))].Round(100 * time.Microsecond) }
		fmt.Printf("%-46s %8v %8v %8v %8v %10d %10v\n", row.name, at(0.5), at(0.95), at(0.99), at(1), delivered, each)
	}
	return nil
}

// processor is the time that this program worked so far, the clerk's reading included.
func processor() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// row opens captures one after the other while stations deliver, and gives the times in order.
func (o *office) row(ctx context.Context, pause time.Duration) (took []time.Duration, delivered int, err error) {
	clerk, err := o.signIn(ctx)
	if err != nil {
		return nil, 0, err
	}
	ctx, stop := context.WithCancel(ctx)
	var all sync.WaitGroup
	counts := make([]int, stations)
	for i := range stations {
		if pause > 0 {
			all.Go(func() { counts[i] = o.station(ctx, pause) })
		}
	}
	for n := range openings {
		begun := time.Now()
		if err = o.view(ctx, clerk, o.captures[n%len(o.captures)]); err != nil {
			break
		}
		took = append(took, time.Since(begun))
		time.Sleep(20 * time.Millisecond) // a clerk looks at it, much longer than this
	}
	stop()
	all.Wait()
	for _, n := range counts {
		delivered += n
	}
	slices.Sort(took)
	return took, delivered, err
}

// signIn gives a browser that is signed in.
func (o *office) signIn(ctx context.Context) (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	clerk := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	form := url.Values{"name": {clerkName}, "password": {clerkPassword}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, o.address+"/sign-in", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w, err := clerk.Do(r)
	if err != nil {
		return nil, err
	}
	if err := w.Body.Close(); err != nil || w.StatusCode != http.StatusSeeOther {
		return nil, errors.Join(err, fmt.Errorf("desk: sign-in: %s", w.Status))
	}
	return clerk, nil
}

// view opens one capture to its last byte.
func (o *office) view(ctx context.Context, clerk *http.Client, id uuid.UUID) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, o.address+"/captures/"+id.String(), nil)
	if err != nil {
		return err
	}
	w, err := clerk.Do(r)
	if err != nil {
		return err
	}
	defer w.Body.Close()
	n, err := io.Copy(io.Discard, w.Body)
	if err == nil && (w.StatusCode != http.StatusOK || n < 3*photoSize) {
		err = fmt.Errorf("desk: capture: %s, %d bytes", w.Status, n)
	}
	return err
}
