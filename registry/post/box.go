// SPDX-License-Identifier: EUPL-1.2

package post

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/fotobox-project/fotobox/internal/backoff"
	"github.com/fotobox-project/fotobox/registry/store"
)

const (
	// turn is how long one program sends before another one may.
	turn = time.Minute
	// sending ends before the turn does.
	sending = 50 * time.Second
	// ask is how often each program looks whether something is due: somebody waits for it.
	ask = 2 * time.Second
	// fruitless is after how many letters that were not taken, one after the other, the server is given a pause.
	fruitless = 20
	// limit is after how many refusals for good, over some two hours, a letter to a citizen is given up.
	limit = 8
)

// A Box sends what waits in its lane.
type Box struct {
	lane   lane
	store  *store.Store
	relay  Relay
	writer Writer
	log    *slog.Logger
	wait   backoff.Backoff
	counts map[result]*atomic.Int64
}

// Alerts gives the box of what is told to the technicians: it is tried until it is
// erased, and the log has the server's words.
func Alerts(s *store.Store, relay Relay, writer Writer, log *slog.Logger) *Box {
	return newBox(alerts, s, relay, writer, log)
}

// Letters gives the box of what is told to citizens.
func Letters(s *store.Store, relay Relay, writer Writer, log *slog.Logger) *Box {
	return newBox(letters, s, relay, writer, log)
}

func newBox(l lane, s *store.Store, relay Relay, writer Writer, log *slog.Logger) *Box {
	b := &Box{lane: l, store: s, relay: relay, writer: writer, log: log, wait: backoff.Backoff{Min: time.Minute, Max: time.Hour}, counts: map[result]*atomic.Int64{}}
	for _, r := range results() {
		b.counts[r] = &atomic.Int64{}
	}
	return b
}

// String names the task.
func (b *Box) String() string { return string(b.lane) }

// Run sends what is due, until ctx ends. Of several programs on a database one does.
func (b *Box) Run(ctx context.Context) error {
	for {
		if err := b.Turn(ctx, time.Now()); err != nil && ctx.Err() == nil {
			b.log.Error("mails are late, trying again", "lane", b.lane, "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(ask):
		}
	}
}

// Turn sends what is due, if anything is and no other program does.
func (b *Box) Turn(ctx context.Context, now time.Time) error {
	due, err := b.due(ctx, now)
	if err != nil || len(due) == 0 {
		return err
	}
	mine, err := b.store.Lease(ctx, b.String(), now, now.Add(turn))
	if err != nil || !mine {
		return err
	}
	sending, cancel := context.WithTimeout(ctx, sending)
	defer cancel()
	well, err := b.send(sending, now)
	if err != nil || !well { // the rest of the turn is the server's pause
		return err
	}
	return b.store.Release(context.WithoutCancel(ctx), b.String())
}

// Send sends what is due, until ctx ends or the server is in trouble. The caller
// sees to it that no other program does.
func (b *Box) Send(ctx context.Context, now time.Time) error {
	_, err := b.send(ctx, now)
	return err
}

func (b *Box) send(ctx context.Context, now time.Time) (well bool, err error) {
	r := round{Box: b, now: now}
	defer r.close()
	for {
		list, err := b.due(ctx, now)
		if err != nil || len(list) == 0 {
			return err == nil, err
		}
		for _, m := range list {
			if ctx.Err() != nil {
				return true, nil
			}
			if more, err := r.carry(ctx, m); err != nil || !more {
				return false, err
			}
		}
	}
}

// A round is what is sent one after the other, mostly on one connection.
type round struct {
	*Box
	now       time.Time
	line      *connection // nil before the first letter, and after one that broke it
	fruitless int         // letters one after the other that were not taken
}

// carry brings one message on its way, and says whether another one may follow.
func (r *round) carry(ctx context.Context, m Message) (more bool, err error) {
	l, err := r.writer.Write(ctx, m, r.now)
	if err != nil {
		return true, r.unwritten(ctx, m, err)
	}
	m.tries++
	if r.line == nil {
		if r.line, err = r.relay.dial(ctx); err != nil {
			return false, r.unsent(ctx, m, err)
		}
	}
	if err = r.line.send(l, m.ID, m.Due); err != nil {
		r.fruitless++
		return r.fruitless < fruitless, r.unsent(ctx, m, err)
	}
	r.fruitless = 0
	r.log.Info("mail sent", "message", m.ID, "kind", m.Kind, "tries", m.tries)
	return true, r.end(ctx, m, sent)
}

func (r *round) unwritten(ctx context.Context, m Message, why error) error {
	switch {
	case errors.Is(why, ErrOver):
		return r.end(ctx, m, over)
	case ctx.Err() != nil:
		return nil
	}
	r.log.Error("mail could not be written, it waits", "message", m.ID, "kind", m.Kind, "err", why)
	m.tries++
	return r.put(ctx, m)
}

// unsent has the message wait, and the others not: what one broke is opened anew for the next.
func (r *round) unsent(ctx context.Context, m Message, why error) error {
	refused, ours := errors.AsType[*refusal](why)
	if r.line != nil && (!ours || r.line.reset() != nil) {
		r.line.drop()
		r.line = nil
	}
	if ours && refused.forGood {
		m.refused++
	}
	log := r.log.With("message", m.ID, "kind", m.Kind, "tries", m.tries, "err", r.words(why))
	if r.lane == letters && m.refused >= limit {
		log.Warn("mail is refused for good, given up")
		return r.end(ctx, m, givenUp)
	}
	log.Warn("mail could not be sent, it waits")
	return r.put(ctx, m)
}

// words are what the log may have of an error: of a letter to a citizen none of the
// server's, which may hold the address.
func (r *round) words(why error) string {
	refused, ours := errors.AsType[*refusal](why)
	switch {
	case r.lane == letters:
		return trouble(why)
	case ours && refused.words != "":
		return refused.words
	}
	return why.Error()
}

func (r *round) end(ctx context.Context, m Message, how result) error {
	r.counts[how].Add(1)
	return r.forget(ctx, m)
}

func (r *round) put(ctx context.Context, m Message) error {
	r.counts[failed].Add(1)
	return r.later(ctx, m, r.now.Add(r.wait.Delay(m.tries-1)))
}

func (r *round) close() {
	if r.line != nil {
		r.line.close()
	}
}
