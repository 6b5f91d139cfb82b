// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/internal/origin"
)

// A cost is what a request takes from what its address may ask.
type cost string

const (
	free cost = "free" // files that are the same for everybody
	look cost = "look" // a page
	take cost = "take" // a step with an appointment
)

// Limits is how much one address, or one line of IPv6, may ask at once, and how
// many more each minute. Behind one address there may be a whole library.
type Limits struct{ Looks, LooksAMinute, Takes, TakesAMinute int }

// limits are those of an office.
func limits() Limits { return Limits{Looks: 600, LooksAMinute: 300, Takes: 60, TakesAMinute: 12} }

// Mails to one address, whoever asks for them: a hundred forms must not fill
// somebody else's mailbox.
const (
	mails       = 5
	mailsAnHour = 5
)

// meters count by address, and mails by where they go.
type meters struct{ looks, takes, mails *meter }

func newMeters(l Limits) meters {
	if l == (Limits{}) {
		l = limits()
	}
	return meters{
		newMeter(l.Looks, time.Minute/time.Duration(max(l.LooksAMinute, 1))),
		newMeter(l.Takes, time.Minute/time.Duration(max(l.TakesAMinute, 1))),
		newMeter(mails, time.Hour/mailsAnHour),
	}
}

// A meter lets each key do so much at once, and once more after every step of
// time. It keeps when each key is back where it began; those that are, it forgets
// every few minutes.
type meter struct {
	burst int
	step  time.Duration

	mu    sync.Mutex
	full  map[string]time.Time // when the key may do all at once again
	swept time.Time
}

func newMeter(burst int, step time.Duration) *meter {
	return &meter{burst: burst, step: step, full: map[string]time.Time{}}
}

// most is how many keys a meter keeps. When so many have asked within the time
// that counts, all begin anew: the meter must not fill the memory.
const most = 100_000

// sweeping is how long a key is kept at most that is back where it began.
const sweeping = 5 * time.Minute

// allow counts one more of the key, or says how long it has to wait.
func (m *meter) allow(key string, now time.Time) (wait time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.full) >= most || now.Sub(m.swept) >= sweeping {
		m.sweep(now)
	}
	full := m.full[key]
	if full.Before(now) {
		full = now
	}
	full = full.Add(m.step)
	if wait = full.Sub(now) - time.Duration(m.burst)*m.step; wait > 0 {
		return wait
	}
	m.full[key] = full
	return 0
}

func (m *meter) sweep(now time.Time) {
	m.swept = now
	for key, full := range m.full {
		if full.Before(now) {
			delete(m.full, key)
		}
	}
	if len(m.full) >= most {
		clear(m.full)
	}
}

// metered counts the request before it is served.
func (s *site) metered(r route) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, req *http.Request) error {
		if r.cost == free {
			return r.serve(w, req)
		}
		m := s.meters.looks
		if r.cost == take {
			m = s.meters.takes
		}
		if wait := m.allow(origin.Of(req, s.Secure), time.Now()); wait > 0 {
			return tooMany(w, wait)
		}
		return r.serve(w, req)
	}
}

func tooMany(w http.ResponseWriter, wait time.Duration) error {
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	return errMany
}
