// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"slices"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/internal/backoff"
	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// arrivalsDir is the folder of the state directory in which arrivals wait for the
// office. A name is the fact's nonce.
const arrivalsDir = "arrivals"

// arrivals notes who was there, and tells the office until it has answered.
type arrivals struct {
	dir    *durable.Dir
	office *office
	now    func() (now time.Time, known bool) // the true time
	told   func(session.Told)                 // hears the office's answer to the newest visit's arrival
	log    *slog.Logger
	wake   chan struct{}
	untold trouble

	mu    sync.Mutex // a fact is looked up and removed in whole
	nonce string     // of the newest visit's arrival
	visit uint64
}

// newArrivals keeps them in the state directory.
func newArrivals(dir *durable.Dir, o *office, now func() (time.Time, bool), log *slog.Logger) (*arrivals, error) {
	if err := errors.Join(dir.Mkdir(arrivalsDir), dir.Sweep(arrivalsDir)); err != nil {
		return nil, err
	}
	return &arrivals{
		dir: dir, office: o, now: now, told: func(session.Told) {}, log: log, wake: make(chan struct{}, 1),
		untold: trouble{log: log, what: "arrivals wait for the office"},
	}, nil
}

func (a *arrivals) String() string { return "arrivals" }

// note keeps durably that the person with the code is there, and gives when that was:
// who showed the same code before, and of whom the office has not heard yet, was there then.
func (a *arrivals) note(visit uint64, code appointment.Code) (at time.Time, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	fact, err := a.fact(code.String())
	if err != nil {
		return time.Time{}, fmt.Errorf("note arrival: %w", err)
	}
	a.nonce, a.visit = fact.Nonce, visit
	nudge(a.wake)
	return fact.At, nil
}

// fact is what waits for that code, or a new one.
func (a *arrivals) fact(code string) (f enrolment.Arrival, err error) {
	waiting, err := a.waiting()
	if err != nil {
		return f, err
	}
	if i := slices.IndexFunc(waiting, func(f enrolment.Arrival) bool { return f.Code == code }); i >= 0 {
		return waiting[i], nil
	}
	now, known := a.now()
	if !known { // the machine's is believed, or the station would be out of order
		now = time.Now()
	}
	f = enrolment.Arrival{Nonce: rand.Text(), Code: code, At: now.UTC().Truncate(time.Millisecond)}
	data, err := json.Marshal(f)
	if err != nil {
		return f, err
	}
	return f, a.dir.Write(fileOf(f.Nonce), bytes.NewReader(data))
}

func fileOf(nonce string) string { return path.Join(arrivalsDir, nonce+".json") }

// names are the files of the arrivals that wait.
func (a *arrivals) names() ([]string, error) {
	return fs.Glob(a.dir.Root.FS(), arrivalsDir+"/*.json")
}

// waiting are the arrivals that the office has not answered, the earliest first. What
// cannot be read, or is older than a photo may be, nobody will ever learn of: it is removed.
func (a *arrivals) waiting() (list []enrolment.Arrival, err error) {
	names, err := a.names()
	if err != nil {
		return nil, err
	}
	now, _ := a.now()
	for _, name := range names {
		data, err := a.dir.Root.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var f enrolment.Arrival
		if json.Unmarshal(data, &f) != nil || fileOf(f.Nonce) != name || now.Sub(f.At) >= session.Lifetime {
			a.log.Warn("an arrival was removed that the office did not learn of")
			if err := a.dir.Remove(name); err != nil {
				return nil, err
			}
			continue
		}
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b enrolment.Arrival) int { return a.At.Compare(b.At) })
	return list, nil
}

// Run tells the office until ctx ends: at once when somebody arrives, and again
// and again while it does not answer.
func (a *arrivals) Run(ctx context.Context) error {
	pace := backoff.Backoff{Min: 2 * time.Second, Max: time.Minute}
	for failures := 0; ; {
		err := a.send(ctx)
		a.untold.hear(err)
		var again <-chan time.Time // never
		if err != nil {
			again = time.After(pace.Delay(failures))
			failures++
		} else {
			failures = 0
		}
		select {
		case <-ctx.Done():
			return nil
		case <-a.wake:
		case <-again:
		}
	}
}

// send tells of all that wait.
func (a *arrivals) send(ctx context.Context) error {
	a.mu.Lock()
	list, err := a.waiting()
	a.mu.Unlock()
	if err != nil {
		return err
	}
	for some := range slices.Chunk(list, enrolment.MaxArrivals) {
		if err := a.deliver(ctx, some); err != nil {
			return fmt.Errorf("tell of arrivals: %w", err)
		}
	}
	return nil
}

// deliver tells of some and removes what the office has answered.
func (a *arrivals) deliver(ctx context.Context, list []enrolment.Arrival) error {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	var answers []enrolment.Answered
	err := post(ctx, a.office.client, a.office.base().JoinPath(enrolment.ArrivalsPath).String(), list, &answers)
	if err != nil {
		return err
	}
	for _, f := range list {
		i := slices.IndexFunc(answers, func(to enrolment.Answered) bool { return to.Nonce == f.Nonce })
		if i < 0 {
			return errors.New("the office left one out")
		}
		if err := a.settle(answers[i]); err != nil {
			return err
		}
	}
	return nil
}

// settle removes an arrival that was answered, and shows the answer to whom it is about.
func (a *arrivals) settle(is enrolment.Answered) error {
	a.mu.Lock()
	err := a.dir.Remove(fileOf(is.Nonce))
	newest, visit := is.Nonce == a.nonce, a.visit
	a.mu.Unlock()
	if newest {
		a.told(session.Told{Visit: visit, Answer: appointment.Answer(is.Answer), Number: is.Number, Photo: is.Photo})
	}
	return err
}
