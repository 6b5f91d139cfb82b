// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/fotobox-project/fotobox/upload/enrolment"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

const (
	// heraldFirst is when a station that was started tells how it stands: the camera
	// is open by then.
	heraldFirst = 10 * time.Second
	// heraldEvery goes with the minute's question.
	heraldEvery = time.Minute
)

// A herald tells the office and the metrics how the station stands.
type herald struct {
	station *station
	started time.Time
	unheard trouble
}

func newHerald(st *station) *herald {
	return &herald{station: st, started: time.Now(), unheard: trouble{log: st.log, what: "the office does not learn how the station stands"}}
}

func (h *herald) String() string { return "herald" }

// Run reports until ctx ends.
func (h *herald) Run(ctx context.Context) error {
	for next := heraldFirst; ; next = heraldEvery {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(next):
		}
		if h.station.office.reached() == nil { // who does not answer is asked by the office's task alone
			h.unheard.hear(h.send(ctx))
		}
	}
}

func (h *herald) send(ctx context.Context) error {
	if err := h.station.office.tell(ctx, enrolment.ReportPath, h.report(time.Now())); err != nil {
		return fmt.Errorf("report to the office: %w", err)
	}
	return nil
}

// report is how the station stands at now. What cannot be found out is left out:
// the report itself is worth more.
func (h *herald) report(now time.Time) enrolment.Report {
	st := h.station
	open, _ := st.operation.open(now)
	r := enrolment.Report{
		Version: enrolment.ReportVersion, Software: version(), At: now.UTC(), Started: h.started.UTC(),
		Mode: st.operation.Mode(), Open: open, Camera: standing(st.camera.Health()), Lamps: st.front.part(), Scene: st.backdrop.part(),
		Display: int(st.displays.Load()), Clock: st.clock.Trusted(), Certificate: st.office.now().cert.Leaf.NotAfter.UTC(),
	}
	h.disk(&r)
	h.outbox(&r)
	return r
}

func (h *herald) disk(r *enrolment.Report) {
	room := h.station.settings.room()
	r.ReadOnly = errors.Is(room.look(), errReadOnly)
	var fs syscall.Statfs_t
	if err := room.statfs(room.path, &fs); err == nil {
		r.DiskFree, r.DiskSize = int64(fs.Bavail)*int64(fs.Bsize), int64(fs.Blocks)*int64(fs.Bsize)
	}
}

// outbox counts by the true time: captures live by it, whatever the machine's clock says.
func (h *herald) outbox(r *enrolment.Report) {
	if pending, err := h.station.box.Pending(); err == nil && len(pending) > 0 {
		r.Waiting = len(pending)
		now, _ := h.station.clock.Now()
		taken := pending[0].Expires().Add(-envelope.Lifetime)
		r.Oldest = max(0, int(now.Sub(taken)/time.Minute))
	}
	if refused, err := h.station.box.Refused(); err == nil {
		r.Refused = len(refused)
	}
}

// part is how the lamps stand; a station without a panel has none.
func (f *front) part() enrolment.Part {
	if f == nil || !f.lamps {
		return enrolment.None
	}
	return standing(f.panel.Health())
}

// standing is how a part stands that there is.
func standing(health error) enrolment.Part {
	if health != nil {
		return enrolment.Away
	}
	return enrolment.Works
}

// part is how the calibration stands.
func (b *backdrop) part() enrolment.Part {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.scene == nil:
		return enrolment.None
	case b.strikes >= fitStrikes:
		return enrolment.Away
	}
	return enrolment.Works
}
