// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/fotobox-project/fotobox/internal/systemd"
)

const (
	// healthAddress is where guardd, the appliance's guard, asks how the station is.
	healthAddress = "127.0.0.1:9099"
	// kioskAddress is where the appliance shows why it cannot read its settings.
	kioskAddress = ":80"
	// retryEvery is how soon a station that cannot open tries again.
	retryEvery = 10 * time.Second
)

// A vestibule stands before a station that is not open yet. On the appliance
// nobody sees what a program says before it ends: there the reason is shown
// where the kiosk page will be, and told to guardd, until the station can open.
type vestibule struct {
	settings atomic.Pointer[Settings] // once they are known
	reason   atomic.Pointer[error]
	file     string        // of the settings
	again    chan struct{} // they were changed on the maintenance page
}

// errOpening is the reason before another one is known.
var errOpening = errors.New("the station is starting")

// await calls open. On the appliance it does so until open succeeds or ctx ends,
// and shows why it does not.
func (v *vestibule) await(ctx context.Context, log *slog.Logger, open func(context.Context) error) error {
	if !onAppliance() {
		return open(ctx)
	}
	for {
		v.say(errOpening)
		err := v.open(ctx, log, open)
		if err == nil || ctx.Err() != nil {
			return err
		}
		log.Error("the station cannot open", "err", err)
		v.say(err)
		pause, done := context.WithTimeout(ctx, retryEvery)
		group, pause := errgroup.WithContext(pause)
		group.Go(func() error { return v.serve(pause) })
		group.Go(func() error { return v.help(pause, log) })
		group.Go(func() error {
			select {
			case <-pause.Done():
			case <-v.again:
				done()
			}
			return nil
		})
		err = group.Wait()
		done()
		if err != nil {
			return err
		}
	}
}

// enter opens a station whose settings are known. A station that nobody has
// enrolled waits here until somebody has.
func (v *vestibule) enter(ctx context.Context, s Settings, log *slog.Logger) (*station, error) {
	v.settings.Store(&s)
	if err := s.sealState(log); err != nil {
		return nil, err
	}
	if s.isFresh() {
		v.say(errNotEnrolled)
	}
	if err := v.wait(ctx, s, log); err != nil && s.isFresh() {
		return nil, err
	}
	return open(s, log)
}

// wait enrols the station with the card's code, or, on the appliance, lets a
// technician do it.
func (v *vestibule) wait(ctx context.Context, s Settings, log *slog.Logger) error {
	if !onAppliance() {
		return enrolInvited(ctx, s, log)
	}
	ctx, enrolled := context.WithCancel(ctx)
	defer enrolled()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return enrolInvited(ctx, s, log) })
	group.Go(func() error { return v.help(ctx, log) })
	group.Go(func() error {
		defer enrolled()
		return s.awaitEnrolment(ctx)
	})
	group.Go(func() error {
		select {
		case <-ctx.Done():
			return nil
		case <-v.again:
			return errAgain
		}
	})
	return group.Wait()
}

func (v *vestibule) say(err error) { v.reason.Store(&err) }

// open calls f while the reason is shown.
func (v *vestibule) open(ctx context.Context, log *slog.Logger, f func(context.Context) error) error {
	serving, done := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- v.serve(serving) }()
	err := f(ctx)
	done()
	if err := <-ended; err != nil {
		log.Warn("the reason cannot be shown", "err", err)
	}
	return err
}

// serve shows the reason where the kiosk page will be, until ctx ends.
func (v *vestibule) serve(ctx context.Context) error {
	listen := kioskAddress
	if known := v.settings.Load(); known != nil {
		listen = known.Listen
	}
	return servePages(ctx, map[string]http.Handler{listen: http.HandlerFunc(v.page), healthAddress: http.HandlerFunc(v.health)})
}

// help shows the reason on the station's own screen until ctx ends, and has the
// maintenance page, on which the station can be enrolled and its settings put right:
// when those cannot be read it is where a card has it. A page that cannot be served
// is no reason to end.
func (v *vestibule) help(ctx context.Context, log *slog.Logger) error {
	s := Settings{Listen: kioskAddress, Maintenance: ":8081", MaintenancePassword: "file:/perm/gokr-pw.txt", Zone: "Europe/Berlin", file: v.file}
	if known := v.settings.Load(); known != nil {
		s = *known
	}
	screen := &firstScreen{settings: s, log: log, reason: func() error { return *v.reason.Load() }}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return screen.Run(ctx) })
	if s.Maintenance != "" {
		group.Go(func() error {
			if err := servePages(ctx, map[string]http.Handler{s.Maintenance: entrance(s, log, func() { nudge(v.again) })}); err != nil {
				log.Warn("no maintenance page", "err", err)
			}
			return nil
		})
	}
	return group.Wait()
}

func servePages(ctx context.Context, pages map[string]http.Handler) error {
	handlers := map[net.Listener]http.Handler{}
	for address, handler := range pages {
		l, err := systemd.Sockets{}.Listen(ctx, "vestibule", address)
		if err != nil {
			return errors.Join(err, closeAll(handlers))
		}
		handlers[l] = handler
	}
	return serveAll(ctx, handlers)
}

// health tells guardd that the program works but the station does not, which a
// restart would not change. One that waits to be enrolled does what it can.
func (v *vestibule) health(w http.ResponseWriter, _ *http.Request) {
	if err := *v.reason.Load(); !errors.Is(err, errNotEnrolled) {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
}

var vestibulePage = template.Must(template.New("").Parse(`<!doctype html>
<html lang="de"><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>Fotobox</title>
<h1>Außer Betrieb</h1><p>Bitte gehen Sie an den Schalter.</p>
<h1 lang="en">Out of order</h1><p lang="en">Please go to the counter.</p>
<p lang="en"><small>{{.}}</small></p></html>
`))

func (v *vestibule) page(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
	_ = vestibulePage.Execute(w, (*v.reason.Load()).Error()) // a browser that has gone needs no page
}

// health tells guardd whether the session answers. If it does not within four
// seconds, only a restart helps.
func (st *station) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 4*time.Second)
	defer cancel()
	if err := st.alive(ctx); err != nil {
		http.Error(w, "the session does not answer: "+err.Error(), http.StatusInternalServerError)
	}
}

// healthListen is where guardd asks; it is on the appliance alone.
func healthListen() string {
	if onAppliance() {
		return healthAddress
	}
	return ""
}
