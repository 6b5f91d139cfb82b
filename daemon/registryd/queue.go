// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"crypto/ed25519"
	"net/http"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/clockwork"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/queue"
	"github.com/fotobox-project/fotobox/ui/waiting"
)

// newQueue is the waiting list, which knows the codes of every key that still holds.
func (o *office) newQueue() *queue.Queue {
	public := func(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }
	keys := append([]ed25519.PublicKey{public(o.keys.Appointment), public(o.keys.Next)}, o.keys.Retired...)
	q := queue.New(o.store, o.book, appointment.Checker{Office: o.keys.Office, Keys: keys})
	q.Photo = inbox.Has
	return q
}

// missed notes who did not come.
func (o *office) missed() clockwork.Job {
	return clockwork.Job{
		Name: "missed",
		Due:  func(ctx context.Context) (time.Time, error) { return o.queue.MissDue(ctx, time.Now()) },
		Do: func(ctx context.Context, now time.Time) error {
			_, err := o.queue.Miss(ctx, now)
			return err
		},
	}
}

// withDisplay puts the hall's display beside a door's pages: numbers and counters, for everybody.
func (o *office) withDisplay(pages http.Handler) http.Handler {
	display := waiting.New(o.queue, o.keys.Name, o.log)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, waiting.Path) {
			display.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r) // which decides about every other path itself
	})
}
