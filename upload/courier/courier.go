// SPDX-License-Identifier: EUPL-1.2

// Package courier carries sealed envelopes from the outbox to the office.
//
// It asks again until the office has answered with a receipt that verifies, and it never gives up
// before a capture's lifetime has ended; then it removes the capture, whatever happens.
package courier

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/internal/backoff"
	"github.com/fotobox-project/fotobox/upload/outbox"
)

const (
	// timeout is for one request, envelope and answer: 4 MB in a minute need 0.5 Mbit/s.
	timeout = time.Minute
	// look is how long an idle courier waits before it looks into the outbox without being woken.
	look = 5 * time.Minute
	// longestRetryAfter bounds what the office may ask for: a slip there must not cost the 96 h.
	longestRetryAfter = time.Hour
)

// A Courier delivers what is in the box. Its fields are set before Run.
type Courier struct {
	Box *outbox.Outbox
	// Client holds the station's certificate. Redirects are not followed.
	Client *http.Client
	// Office is the address of the office's device listener.
	Office *url.URL
	// ReceiptKey gives the key that verifies the office's receipts now.
	ReceiptKey func() ed25519.PublicKey
	Log        *slog.Logger
	// Delivered, when set, is told of every capture whose receipt has been verified and kept.
	Delivered func(capture uuid.UUID)
	// Now gives the true time, whatever the machine's clock says; nil is time.Now. As long as it
	// is not known, now is a time that has surely passed: nothing is sent then, and nothing is
	// removed but what has expired by it.
	Now func() (now time.Time, known bool)
	// Wake, when set, says that the box has a new item.
	Wake <-chan struct{}
}

// String names the task.
func (c *Courier) String() string { return "courier" }

// Run delivers until ctx ends and then returns nil.
func (c *Courier) Run(ctx context.Context) error {
	pace := backoff.Backoff{Min: time.Second, Max: 5 * time.Minute}
	for failures := 0; ctx.Err() == nil; {
		now, known := c.now()
		c.expire(now, known)
		if !known {
			pause(ctx, time.Second, nil)
			continue
		}
		sent, err := c.round(ctx)
		if err == nil {
			failures = 0
			c.rest(ctx, look, c.Wake)
			continue
		}
		if sent > 0 {
			failures = 0
		}
		delay, wake := pace.Delay(failures), c.Wake
		if busy, ok := errors.AsType[*busyError](err); ok && busy.retryAfter > delay {
			delay, wake = busy.retryAfter, nil // the office's wish counts also for a new item
		}
		failures++
		c.rest(ctx, delay, wake)
	}
	return nil
}

func (c *Courier) now() (now time.Time, known bool) {
	if c.Now == nil {
		return time.Now(), true
	}
	return c.Now()
}

// rest waits for the delay, for wake, for the next expiry or for the end of ctx, whichever is first.
func (c *Courier) rest(ctx context.Context, delay time.Duration, wake <-chan struct{}) {
	at, ok, err := c.Box.NextExpiry()
	if err != nil {
		c.Log.Error("outbox cannot be read", "error", err)
	}
	// An expired file that cannot be removed is tried again with every round, not at once.
	now, _ := c.now()
	if left := at.Sub(now); ok && left > 0 {
		delay = min(delay, left)
	}
	pause(ctx, delay, wake)
}

func pause(ctx context.Context, delay time.Duration, wake <-chan struct{}) {
	t := time.NewTimer(delay)
	defer t.Stop()
	select {
	case <-t.C:
	case <-wake:
	case <-ctx.Done():
	}
}

// expire keeps the law's promise before anything else is done.
func (c *Courier) expire(now time.Time, known bool) {
	lost, err := c.Box.Expire(now)
	if lost > 0 {
		c.Log.Warn("captures expired undelivered and were removed", "captures", lost)
	}
	if known {
		misdated, failed := c.Box.Misdated(now)
		if err = errors.Join(err, failed); misdated > 0 {
			c.Log.Error("captures of a clock that was days ahead were removed: look what keeps the clock", "captures", misdated)
		}
	}
	if err != nil {
		c.Log.Error("expired captures cannot be removed", "error", err)
	}
}

// round offers every pending item once, oldest first, and returns how many the office has settled
// and the last failure. An item that fails does not keep the others from being tried, whatever the
// reason; only when the office says that it cannot take anything does the round end early.
func (c *Courier) round(ctx context.Context) (sent int, failure error) {
	items, err := c.Box.Pending()
	if err != nil {
		c.Log.Error("outbox cannot be read", "error", err)
		return 0, err
	}
	for _, item := range items {
		if now, known := c.now(); !item.Expires().After(now) {
			c.expire(now, known) // a round can take long
			continue
		}
		err := c.deliver(ctx, item)
		if ctx.Err() != nil {
			return sent, ctx.Err()
		}
		if err == nil {
			sent++
			continue
		}
		c.Log.Warn("capture not delivered yet", "capture", item.Capture, "error", err)
		failure = err
		if _, down := errors.AsType[*busyError](err); down {
			break
		}
	}
	return sent, failure
}

// deliver settles one item: delivered or refused is nil, anything else is to be tried again.
func (c *Courier) deliver(ctx context.Context, item outbox.Item) error {
	now, _ := c.now()
	ctx, cancel := context.WithTimeout(ctx, min(timeout, item.Expires().Sub(now)))
	defer cancel()
	answer, err := c.put(ctx, item)
	if err != nil {
		return err
	}
	if answer.refusal != "" {
		c.Log.Error("office refused a capture", "capture", item.Capture, "reason", answer.refusal)
		return c.Box.Refuse(item, answer.refusal)
	}
	if err := c.Box.Sent(item, answer.receipt); err != nil {
		return fmt.Errorf("the office has it, but the receipt cannot be kept: %w", err)
	}
	c.Log.Info("capture delivered", "capture", item.Capture)
	if c.Delivered != nil {
		c.Delivered(item.Capture)
	}
	return nil
}
