// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"
)

// awayFor is how long the station's line rests an address: it goes back to the primary so soon after
// that is there again.
const awayFor = time.Minute

// A line carries requests to the office. It is the one place where the office's address is chosen:
// the first that works, whatever host the request names. Whoever answers has proved to be the
// office before anything is said (timekeeper.tls), so that no list of addresses, right or wrong, can
// lead a request to anybody else.
type line struct {
	http.RoundTripper                 // to one address
	addresses         func() []string // the primary first, host:port
	rest              time.Duration   // how long an address that did not answer is tried last
	log               *slog.Logger

	mu   sync.Mutex
	away map[string]time.Time // until when an address is tried last
	last string               // that answered
}

// RoundTrip sends the request to one address after the other until one answers; of those in trouble,
// too, the last one's answer counts. The office knows a capture that it has by its id and digest, so
// that a request may be sent twice.
func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	var failed error
	order := l.order(time.Now())
	for n, address := range order {
		q, err := to(address, r, n > 0)
		if err != nil {
			return nil, err
		}
		resp, err := l.RoundTripper.RoundTrip(q)
		if errors.Is(err, context.Canceled) { // by the station itself: it says nothing of the address
			return nil, err
		}
		works := err == nil && !inTrouble(resp.StatusCode)
		fresh := l.note(address, works)
		if works || err == nil && n == len(order)-1 {
			return resp, nil
		}
		if err == nil {
			resp.Body.Close()
			err = errors.New("answers " + http.StatusText(resp.StatusCode))
		}
		err = fmt.Errorf("%s: %w", address, explained(err))
		if fresh && n < len(order)-1 { // of the last one the caller tells
			l.log.Warn("office does not answer at one of its addresses", "err", err)
		}
		if failed == nil {
			failed = err
		} else {
			failed = fmt.Errorf("%w; %w", failed, err)
		}
		if r.Context().Err() != nil {
			break
		}
	}
	return nil, failed
}

// inTrouble reports whether another registry may do better. A full disk is everybody's.
func inTrouble(status int) bool {
	return status >= 500 && status != http.StatusInsufficientStorage
}

// CloseIdleConnections has the next request show the newest certificate.
func (l *line) CloseIdleConnections() {
	if c, ok := l.RoundTripper.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// to is the request for that address.
func to(address string, r *http.Request, again bool) (*http.Request, error) {
	q := r.Clone(r.Context())
	q.URL.Host, q.Host = address, address
	if again && r.Body != nil && r.Body != http.NoBody {
		body, err := r.GetBody()
		if err != nil {
			return nil, fmt.Errorf("read the request again: %w", err)
		}
		q.Body = body
	}
	return q, nil
}

// order is the addresses as they are to be tried now.
func (l *line) order(now time.Time) []string {
	list := slices.Clone(l.addresses())
	l.mu.Lock()
	defer l.mu.Unlock()
	rank := func(address string) int {
		if now.Before(l.away[address]) {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b string) int { return rank(a) - rank(b) })
	return list
}

// note remembers how it went at an address, and reports whether that is news of one that does not work.
func (l *line) note(address string, works bool) (fresh bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !works {
		_, known := l.away[address]
		l.away[address] = time.Now().Add(l.rest)
		return !known
	}
	delete(l.away, address)
	if l.last != address && l.last != "" {
		l.log.Info("the office answers at another of its addresses", "address", address, "before", l.last)
	}
	l.last = address
	return false
}

// answered is the address that answered last, or else the one that is asked first.
func (l *line) answered() string {
	l.mu.Lock()
	last := l.last
	l.mu.Unlock()
	if last != "" {
		return last
	}
	return l.order(time.Now())[0]
}
