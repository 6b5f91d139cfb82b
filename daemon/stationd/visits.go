// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/daemon/tally"
	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// visitsDir is the folder of the state directory in which the records of visits wait
// for the office. A name is a day and a random number: it tells no time of day.
const visitsDir = "visits"

const (
	// maxRecords wait at most, a month of a busy station; then the oldest day goes first.
	maxRecords = 1000
	// recordsEvery is how often the station sends what waits: not with the visit itself,
	// so that a delivered capture and its record do not come together.
	recordsEvery = time.Minute
)

// A ledger measures the visits and keeps the records until the office has them.
type ledger struct {
	dir    *durable.Dir
	office *office
	count  func(enrolment.Visit) // the meter's
	log    *slog.Logger
	ended  chan enrolment.Visit
	unsent trouble

	mu    sync.Mutex
	tally tally.Tally
	done  bool // the program stops
}

// newLedger keeps records in the state directory, of days in that time zone.
func newLedger(dir *durable.Dir, o *office, zone string, log *slog.Logger, count func(enrolment.Visit)) (*ledger, error) {
	where, err := time.LoadLocation(zone)
	if err != nil {
		return nil, err
	}
	if err := dir.Mkdir(visitsDir); err != nil {
		return nil, err
	}
	if err := dir.Sweep(visitsDir); err != nil {
		return nil, err
	}
	return &ledger{
		dir: dir, office: o, count: count, log: log, unsent: trouble{log: log, what: "records of visits wait"}, ended: make(chan enrolment.Visit, 16),
		tally: tally.Tally{Zone: where, Software: version()},
	}, nil
}

func (l *ledger) String() string { return "records of visits" }

// Seen takes a step of the session; it does not wait for the disk.
func (l *ledger) Seen(was, is session.State, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done {
		return
	}
	v, ended := l.tally.Step(was, is, at)
	if !ended {
		return
	}
	select {
	case l.ended <- v:
	default:
		l.log.Warn("record of a visit lost: the disk is too slow")
	}
}

// Run keeps and sends records until ctx ends.
func (l *ledger) Run(ctx context.Context) error {
	tick := time.NewTicker(recordsEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			l.stop(time.Now())
			return nil
		case v := <-l.ended:
			l.keep(v)
		case <-tick.C:
			if l.office.reached() == nil { // who does not answer is asked by the office's task alone
				l.unsent.hear(l.send(ctx))
			}
		}
	}
}

// stop keeps what is not kept yet, a visit under way as interrupted.
func (l *ledger) stop(at time.Time) {
	l.mu.Lock()
	l.done = true
	last, open := l.tally.Stop(at)
	l.mu.Unlock()
	for len(l.ended) > 0 {
		l.keep(<-l.ended)
	}
	if open {
		l.keep(last)
	}
}

// keep writes a record. It is a statistic: one that cannot be written is lost, and
// nobody at the station learns of it.
func (l *ledger) keep(v enrolment.Visit) {
	l.count(v)
	if err := l.write(v); err != nil {
		l.log.Warn("record of a visit was not kept", "err", err)
	}
}

func (l *ledger) write(v enrolment.Visit) (err error) {
	names, err := l.names()
	if err != nil {
		return err
	}
	// A code that is held before a station for days must not drive out the visits.
	if v.Refused() && len(names) >= maxRecords/2 {
		return nil
	}
	for ; len(names) >= maxRecords; names = names[1:] {
		if err := l.dir.Remove(names[0]); err != nil {
			return err
		}
	}
	if v.ID, err = uuid.NewRandom(); err != nil {
		return err
	}
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return l.dir.Write(path.Join(visitsDir, v.Day+"-"+v.ID.String()+".json"), bytes.NewReader(data))
}

// names are the records that wait, the oldest day first.
func (l *ledger) names() ([]string, error) {
	names, err := fs.Glob(l.dir.Root.FS(), visitsDir+"/*.json")
	slices.Sort(names)
	return names, err
}

// send delivers what waits and removes what the office has taken.
func (l *ledger) send(ctx context.Context) error {
	names, err := l.names()
	if err != nil {
		return err
	}
	for some := range slices.Chunk(names, enrolment.MaxVisits) {
		err := l.deliver(ctx, some)
		if unfit(err) && len(some) > 1 { // one of them spoils the others
			err = l.deliverEach(ctx, some)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// deliverEach sends one record at a time and gives up those that the office will never take.
func (l *ledger) deliverEach(ctx context.Context, names []string) error {
	for _, name := range names {
		err := l.deliver(ctx, []string{name})
		if unfit(err) {
			l.log.Warn("the office refuses the record of a visit", "err", err)
			err = l.dir.Remove(name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *ledger) deliver(ctx context.Context, names []string) error {
	list := []enrolment.Visit{}
	for _, name := range names {
		var v enrolment.Visit
		data, err := l.dir.Root.ReadFile(name)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(data, &v); err == nil {
			list = append(list, v) // what cannot be read is removed with the others
		}
	}
	if err := l.office.tell(ctx, enrolment.VisitsPath, list); err != nil {
		return fmt.Errorf("send records of visits: %w", err)
	}
	for _, name := range names {
		if err := l.dir.Remove(name); err != nil {
			return err
		}
	}
	return nil
}

// unfit reports that the office refuses the content, and not the station or the question.
func unfit(err error) bool {
	r, ok := errors.AsType[refused](err)
	return ok && slices.Contains([]int{http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity}, r.status)
}
