// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/capture/reader"
	"github.com/fotobox-project/fotobox/daemon/conductor"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/internal/clock"
	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/internal/settings"
	"github.com/fotobox-project/fotobox/internal/systemd"
	"github.com/fotobox-project/fotobox/upload/courier"
	"github.com/fotobox-project/fotobox/upload/outbox"
)

// readEvery is how often an idle station looks for a QR code in its camera.
const readEvery = 300 * time.Millisecond

// runStation is the station until ctx ends.
func runStation(ctx context.Context, c *command.Call) error {
	device := c.Flags.String("camera", "", `as in the settings, which it overrides`)
	if err := c.Parse(); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(c.Stderr, nil))
	v := vestibule{file: c.Config, again: make(chan struct{}, 1)}
	var st *station
	err := v.await(ctx, log, func(ctx context.Context) (err error) {
		s, err := chosen(c, *device)
		if err == nil {
			st, err = v.enter(ctx, s, log)
		}
		return err
	})
	if err != nil {
		return err
	}
	defer st.close()
	return st.run(ctx)
}

// chosen reads the settings; a camera that was named in the call overrides theirs.
func chosen(c *command.Call, camera string) (Settings, error) {
	s, err := settings.Read(c.Config, parseSettings)
	s.file = c.Config
	if err == nil && camera != "" {
		s.Camera = camera
		err = s.check()
	}
	return s, err
}

// A task runs until its context ends.
type task interface {
	Run(ctx context.Context) error
	String() string
}

// A station is all parts of the program.
type station struct {
	settings  Settings
	log       *slog.Logger
	dir       *durable.Dir
	unlock    func() error
	box       *outbox.Outbox
	clock     *clock.Clock
	office    *office
	gate      conductor.Gate
	operation *operation
	herald    *herald
	camera    *camera.Camera
	hand      *conductor.Hand
	conductor *conductor.Conductor
	watch     conductor.Watch
	meter     *meter
	ledger    *ledger
	arrivals  *arrivals
	courier   *courier.Courier
	backdrop  *backdrop
	front     *front          // nil: no panel
	scanner   *reader.Scanner // nil: none
	again     chan struct{}   // the settings were changed
	displays  atomic.Int64    // pages that show the kiosk at this moment
}

// open makes the parts; none of them runs yet.
func open(s Settings, log *slog.Logger) (_ *station, err error) {
	st := &station{settings: s, log: log, again: make(chan struct{}, 1), clock: s.clock()}
	defer func() {
		if err != nil {
			st.close() // the appliance tries again in the same process
		}
	}()
	if st.dir, err = durable.Open(s.State); err != nil {
		return nil, err
	}
	if st.unlock, err = st.dir.Lock(); err != nil {
		return nil, fmt.Errorf("%w; is stationd running already?", err)
	}
	if err := st.dir.Sweep("."); err != nil {
		return nil, err
	}
	if st.office, err = openOffice(st.dir, s, &st.gate, st.clock, log); err != nil {
		return nil, err
	}
	if st.box, err = outbox.Open(filepath.Join(s.State, "outbox")); err != nil {
		return nil, err
	}
	if err := s.countFrom(st.box, st.clock); err != nil {
		return nil, err
	}
	finder, err := face.New()
	if err != nil {
		return nil, err
	}
	device, err := s.device()
	if err != nil {
		return nil, err
	}
	st.camera = camera.New(device, log)
	st.meter = newMeter(st)
	if st.ledger, err = newLedger(st.dir, st.office, s.Zone, log, st.meter.visited); err != nil {
		return nil, err
	}
	if st.arrivals, err = newArrivals(st.dir, st.office, st.clock.Now, log); err != nil {
		return nil, err
	}
	return st, st.equip(finder)
}

// equip makes the parts that say how the station works and how it stands, around
// those that do the work.
func (st *station) equip(finder *face.Finder) (err error) {
	if st.operation, err = newOperation(st.office, st.settings, st.clock, st.Tell); err != nil {
		return err
	}
	if err := st.connect(finder); err != nil {
		return err
	}
	st.herald = newHerald(st)
	return st.meter.registry.Register(st.herald)
}

// connect ties the parts together.
func (st *station) connect(finder *face.Finder) error {
	wake := make(chan struct{}, 1)
	by := st.settings.CapturedBy
	if by == "" {
		by = "device " + st.office.now().Device
	}
	hash, err := programHash()
	if err != nil {
		return err
	}
	st.hand = &conductor.Hand{
		Studio: conductor.Studio{Lens: st.camera, Finder: finder, Burst: st.settings.Burst},
		Safe: conductor.Safe{
			Box: st.box, Recipients: st.office.Recipients, By: by, Mode: st.operation.Mode,
			Software: version(), Hash: hash, Stored: func() { nudge(wake) },
		},
		Note: st.arrivals.note,
		Log:  st.log,
	}
	st.conductor = conductor.New(st.hand, st.log)
	st.conductor.Seen = st.ledger.Seen
	st.backdrop = &backdrop{
		stage: func() session.Stage { return st.conductor.State().Stage }, frames: st.camera, finder: finder,
		log: st.log, looked: st.meter.fit, every: fitEvery,
	}
	st.backdrop.load(st.dir)
	if st.front = st.newFront(); st.front != nil {
		st.backdrop.lit = st.front.lit
	}
	st.hand.Studio.Empty = st.backdrop.Empty
	st.watch = conductor.Watch{Conductor: st.conductor, Finder: st.camera, Face: finder, Light: st.camera}
	st.courier = &courier.Courier{
		Box: st.box, Client: st.office.client, Office: st.office.base(), ReceiptKey: st.office.ReceiptKey, Log: st.log, Wake: wake,
		Now: st.clock.Now,
	}
	return nil
}

// nudge wakes whoever reads c; one nudge is as good as many.
func nudge(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// close closes what is open. There is nobody left to tell of an error.
func (st *station) close() {
	if st.box != nil {
		_ = st.box.Close()
	}
	if st.unlock != nil {
		_ = st.unlock()
	}
	if st.dir != nil {
		_ = st.dir.Close()
	}
}

// run serves until ctx ends. A part that fails ends the program, and the
// service manager starts it again.
func (st *station) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	st.courier.Delivered = func(capture uuid.UUID) { st.delivered(ctx, capture) }
	st.arrivals.told = func(ev session.Told) { _ = st.conductor.Tell(ctx, ev) } // the only error is that the program ends
	for _, t := range append(st.attached(ctx), st.camera, st.conductor, st.watch, st.office, st.courier, st.meter, st.ledger, st.arrivals, st.backdrop, st.operation, st.herald, st.firstScreen()) {
		group.Go(func() error {
			if err := t.Run(ctx); err != nil && ctx.Err() == nil {
				return fmt.Errorf("%s: %w", t, err)
			}
			return nil
		})
	}
	group.Go(func() error { return st.conductor.Health(ctx, session.Camera, st.camera.Changes(ctx)) })
	group.Go(func() error { return st.conductor.Health(ctx, session.Clock, st.clock.Changes(ctx)) })
	group.Go(func() error { return st.conductor.Health(ctx, session.Disk, st.settings.room().Changes(ctx)) })
	group.Go(func() error { return st.readCodes(ctx) })
	group.Go(func() error { return st.serve(ctx) })
	group.Go(func() error { return systemd.Watchdog(ctx, st.alive) })
	group.Go(func() error {
		select {
		case <-ctx.Done():
			return nil
		case <-st.again:
			return errAgain
		}
	})
	err := group.Wait()
	st.log.Info("stopped")
	return err
}

// attached are the parts that only some stations have.
func (st *station) attached(ctx context.Context) (tasks []task) {
	if st.front != nil {
		tasks = append(tasks, st.front)
	}
	if st.scanner = st.newScanner(ctx); st.scanner != nil {
		st.countScanners()
		tasks = append(tasks, st.scanner)
	}
	return tasks
}

// delivered tells the screen that its capture is at the office.
func (st *station) delivered(ctx context.Context, capture uuid.UUID) {
	st.meter.delivered.Inc()
	if ev, ok := st.hand.Delivered(capture); ok {
		_ = st.conductor.Tell(ctx, ev) // the only error is that the program ends
	}
}

// readCodes looks for QR codes in front of the camera while the station is idle.
func (st *station) readCodes(ctx context.Context) error {
	found := func(code string) { _ = st.Scan(ctx, code) } // a pause concerns typed codes only
	if err := reader.Watch(ctx, st.watch.Idle, readEvery, reader.QR(), found); err != nil && ctx.Err() == nil {
		return fmt.Errorf("code reader: %w", err)
	}
	return nil
}

// alive succeeds when the session answers.
func (st *station) alive(ctx context.Context) error { return st.conductor.Tell(ctx, session.Tick{}) }
