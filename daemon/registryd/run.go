// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"crypto/tls"
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/sync/errgroup"

	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/internal/systemd"
	"github.com/fotobox-project/fotobox/registry/handover"
	"github.com/fotobox-project/fotobox/ui/desk"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// runOffice serves stations, clerks and citizens until ctx ends.
func runOffice(ctx context.Context, c *command.Call) error {
	fd := passphraseFlag(c)
	return with(ctx, c, func(o *office) error {
		if err := o.unlock(*fd, c.Stderr); err != nil {
			return err
		}
		return o.run(ctx)
	})
}

// A door is one listener with the routes that are compiled into it.
type door struct {
	name, address string
	handler       http.Handler
	tls           *tls.Config
}

func (o *office) doors() ([]door, error) {
	provider, err := o.openID()
	if err != nil {
		return nil, err
	}
	passkeys, err := o.passkeys()
	if err != nil {
		return nil, err
	}
	feeds, err := o.feedKey()
	if err != nil {
		return nil, err
	}
	list := []door{
		{"device", o.settings.Listen, o.deviceRoutes(), o.keys.TLS(o.settings.names())},
		{"desk", o.settings.Desk, o.withDisplay(desk.New(desk.Office{
			Name: o.keys.Name, Clerks: o.clerks, Staff: o.clerks, OpenID: provider, Passkeys: passkeys, Book: o.book, Town: o.book, Letters: o.letters != nil, Inbox: o.inbox, Queue: o.queue, Visits: o.visits, Stations: o.fleet, Officer: o.keeper,
			Calendars: o.book, FeedKey: feeds, Station: o.stationName, Record: handover.Record, Secure: o.settings.Proxied, Log: o.log,
		})), nil},
	}
	if o.settings.Handover.Listen != "" {
		list = append(list, o.handoverDoor())
	}
	if o.settings.Public.Listen != "" {
		citizens, err := o.publicDoor()
		if err != nil {
			return nil, err
		}
		list = append(list, citizens)
	}
	if o.settings.Metrics != "" {
		list = append(list, door{"metrics", o.settings.Metrics, o.figures(), nil})
	}
	return list, nil
}

// deviceRoutes is all that a station reaches.
func (o *office) deviceRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/v1/captures/", o.inbox.Handler(o.devices.Identify))
	mux.Handle(enrolment.VisitsPath, o.visits.Handler(o.devices.Identify))
	mux.Handle(enrolment.ArrivalsPath, o.queue.Handler(o.devices.Identify, o.log))
	mux.Handle(enrolment.ReportPath, o.fleet.Handler(o.devices.Identify))
	mux.Handle("/", o.devices.Handler())
	return mux
}

// registry has all metrics.
func (o *office) registry() *prometheus.Registry {
	liveHeap := collectors.GoRuntimeMetricsRule{Matcher: regexp.MustCompile(`^/gc/heap/live:bytes$`)}
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(collectors.WithGoCollectorRuntimeMetrics(liveHeap)), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})) // leaks show
	free := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "fotobox_database_free_bytes", Help: "Room for the database on its disk; -1 on PostgreSQL, where it is not known.",
	}, func() float64 { return float64(o.free()) })
	r.MustRegister(o.inbox, o.devices, o.fleet, o.keeper, o.clockwork, free)
	if o.alerts != nil {
		r.MustRegister(o.told)
	}
	if o.letters != nil {
		r.MustRegister(o.letters, o.wishes)
	}
	return r
}

func (o *office) figures() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(o.registry(), promhttp.HandlerOpts{}))
	return mux
}

// stationName is the name that a station was enrolled with; the desk shows the
// id of one that is not on the list.
func (o *office) stationName(ctx context.Context, id string) string {
	d, err := o.devices.Get(ctx, id)
	if err != nil || d.Name == "" {
		return id
	}
	return d.Name
}

func (o *office) run(ctx context.Context) error {
	// A database that comes from a copy may hold what is due; nobody sees that.
	if _, err := o.keeper.Pass(ctx, time.Now()); err != nil {
		o.log.Error("not everything was erased, trying again", "err", err)
	}
	group, ctx := errgroup.WithContext(ctx)
	sockets, err := systemd.TakeSockets()
	if err != nil {
		return err
	}
	doors, err := o.doors()
	if err != nil {
		return err
	}
	for _, d := range doors {
		l, err := sockets.Listen(ctx, d.name, d.address)
		if err != nil {
			return err
		}
		o.log.Info("listening", "door", d.name, "address", l.Addr().String())
		group.Go(func() error { return o.serve(ctx, d, l) })
	}
	group.Go(func() error { return o.keeper.Run(ctx) })
	group.Go(func() error { return o.devices.Run(ctx) })
	group.Go(func() error { return o.clockwork.Run(ctx) })
	if o.alerts != nil {
		group.Go(func() error { return o.alerts.Run(ctx) })
	}
	if o.letters != nil {
		group.Go(func() error { return o.letters.Run(ctx) })
	} else if o.settings.Public.Listen != "" {
		o.log.Warn("citizens book, and no mail server is set: nobody can confirm a booking")
	}
	group.Go(func() error { return o.tendKeys(ctx) })
	group.Go(func() error { return o.keepFolder(ctx) })
	group.Go(func() error { return o.tellZMS(ctx) })
	group.Go(func() error { return systemd.Watchdog(ctx, o.alive) })
	o.log.Info("office ready", "office", o.keys.Office.String())
	if err := systemd.Ready(); err != nil {
		o.log.Warn("service manager", "err", err)
	}
	err = group.Wait()
	o.log.Info("stopped")
	return err
}

// serve answers on one listener until ctx ends, and lets deliveries under way end.
func (o *office) serve(ctx context.Context, d door, l net.Listener) error {
	if d.tls != nil {
		l = tls.NewListener(l, d.tls)
	}
	// A page that waits for news ends with ctx, a delivery may finish.
	srv := &http.Server{
		Handler: guard(d), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 16 << 10, DisableGeneralOptionsHandler: true,
		BaseContext: func(net.Listener) context.Context { return base(ctx, d.name) },
		ErrorLog:    quiet(o.log),
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve %s: %w", d.name, err)
	case <-ctx.Done():
	}
	_ = systemd.Stopping() // a manager that is away needs no news
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 1500*time.Millisecond)
	defer cancel()
	if srv.Shutdown(late) != nil {
		_ = srv.Close() // a station asks again, and the store keeps whole transactions only
	}
	return nil
}

// base lets a delivery outlive the signal to stop; everything else ends with it.
func base(ctx context.Context, name string) context.Context {
	if name == "device" {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// alive succeeds when the store answers.
func (o *office) alive(ctx context.Context) error {
	return o.store.Read(ctx, func(tx *sql.Tx) error {
		var n int
		return tx.QueryRowContext(ctx, `SELECT count(*) FROM devices`).Scan(&n)
	})
}
