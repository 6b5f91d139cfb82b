// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/capture/reader"
	"github.com/fotobox-project/fotobox/daemon/conductor"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/internal/systemd"
	"github.com/fotobox-project/fotobox/ui/kiosk"
	"github.com/fotobox-project/fotobox/ui/text"
)

var (
	_ kiosk.Station  = (*station)(nil)
	_ kiosk.Pictures = (*station)(nil)
)

// States yields the session's states for the screen.
func (st *station) States(ctx context.Context) iter.Seq[session.State] {
	return st.conductor.States(ctx)
}

// Tell hands what a person did to the session.
func (st *station) Tell(ctx context.Context, ev session.Event) error {
	return st.conductor.Tell(ctx, ev)
}

// Scan checks a code that was typed or scanned. Outside the hours it begins no visit,
// also while the screen still shows how the last one ended.
func (st *station) Scan(ctx context.Context, code string) error {
	if open, _ := st.operation.open(time.Now()); !open {
		return nil
	}
	ev := st.gate.Check(reader.Typed(code), time.Now())
	st.meter.scanned(ev.Answer)
	if ev.Answer == conductor.Paused {
		return kiosk.ErrPause
	}
	if ev.Answer != appointment.OK {
		st.log.Info("code refused", "answer", string(ev.Answer))
	}
	return st.conductor.Tell(ctx, ev)
}

// Preview is the newest camera frame as JPEG.
func (st *station) Preview(ctx context.Context, after uint64) ([]byte, uint64, time.Time, error) {
	return st.watch.Preview(ctx, after)
}

// Photo is a photo of the visit's review.
func (st *station) Photo(visit uint64, n int) ([]byte, bool) { return st.hand.Photo(visit, n) }

// serve shows the kiosk page, and the metrics where they are wanted.
func (st *station) serve(ctx context.Context) error {
	sockets, err := systemd.TakeSockets()
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(st.settings.Zone)
	if err != nil {
		return err
	}
	is := st.office.now()
	language, _ := text.Parse(st.settings.Language, text.Languages())
	page := kiosk.New(st, st, kiosk.Settings{Office: is.OfficeName, Language: language, Mode: st.operation.Mode, ChecksIn: func() bool { return st.office.now().Place != "" }, Zone: zone, Log: st.log, Displays: &st.displays})
	l, err := sockets.Listen(ctx, "kiosk", st.settings.Listen)
	if err != nil {
		return err
	}
	servers := map[net.Listener]http.Handler{l: page}
	for _, more := range []struct {
		name, address string
		handler       http.Handler
	}{
		{"metrics", st.settings.Metrics, st.meter.handler()},
		{"maintenance", st.settings.Maintenance, st.workbench()},
		{"health", healthListen(), http.HandlerFunc(st.health)},
	} {
		if more.address == "" {
			continue
		}
		m, err := sockets.Listen(ctx, more.name, more.address)
		if err != nil {
			return errors.Join(err, closeAll(servers))
		}
		servers[m] = more.handler
	}
	st.log.Info("station ready", "kiosk", "http://"+l.Addr().String(), "camera", st.camera.String(), "device", is.Device)
	if err := systemd.Ready(); err != nil {
		st.log.Warn("service manager", "err", err)
	}
	return serveAll(ctx, servers)
}

func closeAll(servers map[net.Listener]http.Handler) (err error) {
	for l := range servers {
		err = errors.Join(err, l.Close())
	}
	return err
}

// serveAll serves until ctx ends; open streams end with it.
func serveAll(ctx context.Context, handlers map[net.Listener]http.Handler) error {
	failed := make(chan error, len(handlers))
	var servers []*http.Server
	for l, h := range handlers {
		srv := &http.Server{
			Handler: h, ReadHeaderTimeout: 10 * time.Second,
			BaseContext: func(net.Listener) context.Context { return ctx },
			ConnContext: noticeLoss,
		}
		servers = append(servers, srv)
		go func() { failed <- srv.Serve(l) }()
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	_ = systemd.Stopping() // a manager that is away needs no news
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	for _, srv := range servers {
		if srv.Shutdown(late) != nil {
			_ = srv.Close() // what is still open after a second is a browser that does not let go
		}
	}
	if err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}
