// SPDX-License-Identifier: EUPL-1.2

package courier

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/upload/envelope"
	"github.com/fotobox-project/fotobox/upload/outbox"
)

// TestDelivers gives one answer of every kind and then the true receipt: the capture arrives, not
// before the wait that the answer calls for, and it stays in the box until then.
func TestDelivers(t *testing.T) {
	ok := takes(http.StatusCreated, nil)
	const again = time.Second // the whole of the first backoff
	for _, tt := range []struct {
		name           string
		first          reply
		soonest, later time.Duration // when the second request comes; 0: there is none
	}{
		{"201", ok, 0, 0},
		{"200, the answer had been lost", takes(http.StatusOK, nil), 0, 0},
		{"the answer is lost", unreachable, again / 2, again},
		{"500", answers(500, "oops"), again / 2, again},
		{"507", answers(507, ""), again / 2, again},
		{"503", answers(503, ""), again / 2, again},
		{"503, Retry-After in seconds", busy(503, "120"), 120 * time.Second, 120 * time.Second},
		{"429, Retry-After", busy(429, "7"), 7 * time.Second, 7 * time.Second},
		{"503, Retry-After as a date", busy(503, "Sat, 01 Jan 2000 00:02:00 GMT"), 120 * time.Second, 120 * time.Second},
		{"503, Retry-After of a year", busy(503, "31536000"), time.Hour, time.Hour},
		{"503, Retry-After is nonsense", busy(503, "soon"), again / 2, again},
		{"503, Retry-After in the past", busy(503, "-5"), again / 2, again},
		{"401", answers(401, ""), again / 2, again},
		{"404", answers(404, ""), again / 2, again},
		{"a redirect", redirects, again / 2, again},
		{"204", answers(204, ""), again / 2, again},
		{"garbage", answers(201, "<html>"), again / 2, again},
		{"nothing", answers(201, ""), again / 2, again},
		{"an endless answer", answers(201, strings.Repeat(" ", 1<<20)), again / 2, again},
		{"empty receipt", answers(201, "{}"), again / 2, again},
		{"the clocks differ", answers(422, `{"type":"urn:fotobox:problem:capture-in-future","title":"ahead"}`), again / 2, again},
		{"the office's clock is days ahead", answers(422, `{"type":"urn:fotobox:problem:capture-expired","title":"over"}`), again / 2, again},
		{"forged receipt", takes(201, func(r *envelope.Receipt) { r.Signature[0]++ }), again / 2, again},
		{"receipt of another capture", takes(201, func(r *envelope.Receipt) { r.ID[15]++; *r = r.Sign(officeKey()) }), again / 2, again},
		{"receipt of other bytes", takes(201, func(r *envelope.Receipt) { r.Digest = "sha-256=:AA==:"; *r = r.Sign(officeKey()) }), again / 2, again},
		{"the office hangs", hangs, timeout + again/2, timeout + again},
		{"the answer stalls", stalls, timeout + again/2, timeout + again},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRoute(t, tt.first, ok)
				item := r.put(t, 1)
				defer r.run(t)()
				if tt.later > 0 {
					time.Sleep(tt.soonest - 1)
					synctest.Wait()
					if n := len(r.office.requests()); n != 1 || len(r.pending(t)) != 1 {
						t.Fatalf("before the wait is over: %d requests, %d pending, want 1 and 1", n, len(r.pending(t)))
					}
				}
				time.Sleep(tt.later - tt.soonest + 1)
				synctest.Wait()
				want := 1
				if tt.later > 0 {
					want = 2
				}
				if n := len(r.office.requests()); n != want {
					t.Errorf("%d requests, want %d", n, want)
				}
				r.checkDelivered(t, item)
			})
		})
	}
}

func (r *route) checkDelivered(t *testing.T, item outbox.Item) {
	t.Helper()
	if p := r.pending(t); len(p) != 0 {
		t.Errorf("still pending: %v", p)
	}
	receipt, err := r.Box.Receipt(item)
	if err != nil || !strings.Contains(string(receipt), `"signature"`) {
		t.Errorf("the receipt kept is %q, %v", receipt, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.delivered) != 1 || r.delivered[0] != item.Capture {
		t.Errorf("delivered was called with %v, want once with %v", r.delivered, item.Capture)
	}
}

func TestRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoute(t, takes(201, nil))
		item := r.put(t, 1)
		stop := r.run(t)
		synctest.Wait()
		stop()
		got := r.office.requests()
		want := []request{{0, item, []byte(sealed(1)), http.Header{
			"Content-Type":        {"application/age"},
			"Content-Digest":      {"sha-256=:XUKwy1aQacm/HVOzRYePg1UeqOYHU617Lv+15ZSg0Dk=:"},
			"If-None-Match":       {"*"},
			"Fotobox-Appointment": {"0000000000000001"},
		}}}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(request{})); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
	})
}

func TestRefused(t *testing.T) {
	const problem = `{"type":"about:blank","title":"Conflict of digests","detail":"other\nbytes","status":409}`
	for _, tt := range []struct {
		status     int
		body, want string
	}{
		{409, problem, "409 Conflict: Conflict of digests: other bytes"},
		{413, "", "413 Request Entity Too Large"},
		{422, "<html>", "422 Unprocessable Entity"},
		{422, `{"title":"` + strings.Repeat("ä", 1000) + `"}`, "422 Unprocessable Entity: " + strings.Repeat("ä", 237)},
	} {
		t.Run(tt.want[:3], func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRoute(t, answers(tt.status, tt.body))
				item := r.put(t, 1)
				defer r.run(t)()
				time.Sleep(24 * time.Hour)
				synctest.Wait()
				if n := len(r.office.requests()); n != 1 {
					t.Errorf("%d requests, want 1", n)
				}
				refused, err := r.Box.Refused()
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff([]outbox.Refusal{{Item: item, Reason: tt.want}}, refused); diff != "" {
					t.Errorf("refused (-want +got):\n%s", diff)
				}
				if len(r.delivered) > 0 {
					t.Error("a refused capture was called delivered")
				}
			})
		})
	}
}

// TestBackoff lets the office be away: the waits grow from 1 s to 5 min and stay there, until the
// capture's lifetime ends. Then it is removed, at once and whatever the courier waits for.
func TestBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoute(t, unreachable)
		r.put(t, 1)
		defer r.run(t)()
		time.Sleep(envelope.Lifetime - 1)
		synctest.Wait()
		if len(r.pending(t)) != 1 {
			t.Fatal("the capture is gone before its lifetime has ended")
		}
		seen := r.office.requests()
		for n, whole := 1, time.Second; n < len(seen); n, whole = n+1, min(2*whole, 5*time.Minute) {
			if wait := seen[n].at - seen[n-1].at; wait < whole/2 || wait > whole {
				t.Fatalf("wait %d is %v, want %v to %v", n, wait, whole/2, whole)
			}
		}
		if least := int(envelope.Lifetime / (5 * time.Minute)); len(seen) < least {
			t.Errorf("%d requests in the lifetime, want at least %d", len(seen), least)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if p := r.pending(t); len(p) != 0 {
			t.Errorf("at the end of the lifetime still pending: %v", p)
		}
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if n := len(r.office.requests()); n != len(seen) {
			t.Errorf("%d requests after the end of the lifetime", n-len(seen))
		}
		if !strings.Contains(r.log.String(), "captures expired undelivered") {
			t.Error("the loss was not logged")
		}
	})
}

// TestExpiresWhileHanging ends the lifetime in the middle of a request, and during a Retry-After.
func TestExpiresWhileHanging(t *testing.T) {
	for name, answer := range map[string]reply{"hangs": hangs, "busy": busy(503, "3600")} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRoute(t, answer)
				r.put(t, 1)
				time.Sleep(envelope.Lifetime - 30*time.Second)
				defer r.run(t)()
				time.Sleep(30*time.Second - 1)
				synctest.Wait()
				if n := len(r.office.requests()); n != 1 || len(r.pending(t)) != 1 {
					t.Fatalf("before the end: %d requests, %d pending, want 1 and 1", n, len(r.pending(t)))
				}
				time.Sleep(time.Second) // a request cut by the end is a failure like any other
				synctest.Wait()
				if p := r.pending(t); len(p) != 0 {
					t.Errorf("after the end of the lifetime still pending: %v", p)
				}
			})
		})
	}
}

// TestWithoutTheTime: as long as nobody vouches for the time nothing is sent, and only what has
// surely expired is removed.
func TestWithoutTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoute(t, takes(http.StatusCreated, nil))
		var known atomic.Bool
		const behind = 50 * time.Hour // what has surely passed
		r.Now = func() (time.Time, bool) {
			if known.Load() {
				return time.Now(), true
			}
			return time.Now().Add(-behind), false
		}
		first := r.putAt(t, 1, time.Now().Add(time.Hour-behind-envelope.Lifetime))
		defer r.run(t)()
		time.Sleep(time.Hour - time.Second)
		synctest.Wait()
		if n := len(r.office.requests()); n != 0 || len(r.pending(t)) != 1 {
			t.Fatalf("without the time: %d requests, %d pending, want 0 and 1", n, len(r.pending(t)))
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if p := r.pending(t); len(p) != 0 {
			t.Errorf("%v has surely expired and is still there", first)
		}
		second := r.put(t, 2)
		time.Sleep(time.Hour)
		known.Store(true)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		r.checkDelivered(t, second)
	})
}

// TestWrongClock: the machine's clock is years off, to either side, and the true time is known
// otherwise. A capture lives its 96 hours by the true time, to the second.
func TestWrongClock(t *testing.T) {
	for _, off := range []time.Duration{20 * 365 * 24 * time.Hour, -20 * 365 * 24 * time.Hour, 3 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			r := newRoute(t, unreachable)
			r.Now = func() (time.Time, bool) { return time.Now().Add(off), true }
			r.putAt(t, 1, time.Now().Add(off))
			defer r.run(t)()
			time.Sleep(envelope.Lifetime - time.Second)
			synctest.Wait()
			if len(r.pending(t)) != 1 || len(r.office.requests()) < 1000 {
				t.Fatalf("a second before its end: %d pending, %d requests, want 1, and some every five minutes", len(r.pending(t)), len(r.office.requests()))
			}
			time.Sleep(time.Second)
			synctest.Wait()
			if p := r.pending(t); len(p) != 0 {
				t.Errorf("still there at its end: %v", p)
			}
		})
	}
}

// TestMisdated: what was taken by a clock that was years ahead does not lie there for years.
func TestMisdated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoute(t, answers(422, `{"type":"urn:fotobox:problem:capture-in-future"}`))
		hours := r.putAt(t, 1, time.Now().Add(3*time.Hour))
		r.putAt(t, 2, time.Now().AddDate(9, 0, 0))
		defer r.run(t)()
		synctest.Wait()
		if p := r.pending(t); len(p) != 1 || p[0] != hours {
			t.Errorf("pending is %v, want the one that is ahead by hours", p)
		}
	})
}

func TestWake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoute(t, takes(201, nil))
		defer r.run(t)()
		time.Sleep(time.Minute)
		item := r.put(t, 1)
		r.wake <- struct{}{}
		synctest.Wait()
		if got := r.office.requests(); len(got) != 1 || got[0].at != time.Minute {
			t.Errorf("woken after a minute, the courier's requests are %v", got)
		}
		r.checkDelivered(t, item)
	})
}

// TestWithoutWake finds an item that nobody told it of.
func TestWithoutWake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoute(t, takes(201, nil))
		r.Wake, r.Delivered = nil, nil
		defer r.run(t)()
		time.Sleep(time.Minute)
		r.put(t, 1)
		time.Sleep(look)
		synctest.Wait()
		if p := r.pending(t); len(p) != 0 {
			t.Errorf("still pending: %v", p)
		}
	})
}

// TestWakeKeepsRetryAfter wakes the courier while the office has asked for quiet.
func TestWakeKeepsRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoute(t, busy(503, "600"), takes(201, nil))
		r.put(t, 1)
		defer r.run(t)()
		time.Sleep(time.Minute)
		r.put(t, 2)
		r.wake <- struct{}{}
		time.Sleep(9*time.Minute - 1)
		synctest.Wait()
		if n := len(r.office.requests()); n != 1 {
			t.Errorf("%d requests within the ten minutes that the office asked for, want 1", n)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if p := r.pending(t); len(p) != 0 {
			t.Errorf("after the ten minutes still pending: %v", p)
		}
	})
}

// TestOneBadItem lets the office choke on the oldest item for ever: the others arrive.
func TestOneBadItem(t *testing.T) {
	for name, bad := range map[string]reply{"500": answers(500, ""), "hangs": hangs, "garbage": answers(201, "?")} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRoute(t)
				first := r.put(t, 1)
				r.office.script = []reply{func(req *http.Request, receipt envelope.Receipt) (*http.Response, error) {
					if receipt.ID == first.Capture {
						return bad(req, receipt)
					}
					return takes(201, nil)(req, receipt)
				}}
				r.put(t, 2)
				r.put(t, 3)
				defer r.run(t)()
				time.Sleep(2 * timeout)
				synctest.Wait()
				if p := r.pending(t); len(p) != 1 || p[0] != first {
					t.Errorf("pending is %v, want the first only", p)
				}
			})
		})
	}
}

// TestStops ends the context during a request, during a wait and when idle: Run returns at once.
func TestStops(t *testing.T) {
	for name, answer := range map[string]reply{"request": hangs, "wait": busy(503, "3600"), "idle": takes(201, nil)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRoute(t, answer)
				item := r.put(t, 1)
				stop := r.run(t)
				synctest.Wait()
				before := time.Now()
				stop()
				if took := time.Since(before); took != 0 {
					t.Errorf("stopping took %v", took)
				}
				if name != "idle" && (len(r.pending(t)) != 1 || r.pending(t)[0] != item) {
					t.Error("the capture is no longer pending")
				}
			})
		})
	}
}

func TestString(t *testing.T) {
	if got := new(Courier).String(); got != "courier" {
		t.Errorf("String() = %q", got)
	}
}
