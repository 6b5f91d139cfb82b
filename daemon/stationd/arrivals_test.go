// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/queue"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// A hall is a station that notes arrivals, and the real registries that learn of them.
// The day is yesterday: an arrival is judged by when somebody was there.
type hall struct {
	*registries
	*arrivals
	carrier *carrier
	noon    time.Time // of the office's yesterday
	at      time.Time // what the station's clock says
	answers []session.Told
}

func newHall(t *testing.T) *hall {
	t.Helper()
	r := newRegistries(t)
	h := &hall{registries: r, carrier: r.carrier()}
	y, m, d := time.Now().In(book.Zone()).Date()
	h.noon = time.Date(y, m, d-1, 12, 0, 0, 0, book.Zone())
	h.at = h.noon
	h.restart()
	return h
}

// restart is the program after it was killed.
func (h *hall) restart() {
	h.t.Helper()
	clock := func() (time.Time, bool) { return h.at, true }
	var err error
	h.arrivals, err = newArrivals(h.carrier.office.dir, h.carrier.office, clock, slog.New(slog.DiscardHandler))
	if err != nil {
		h.t.Fatal(err)
	}
	h.told = func(told session.Told) { h.answers = append(h.answers, told) }
}

// of makes an appointment that many minutes after noon, in that registry's book.
func (h *hall) of(minutes int) appointment.Code {
	h.t.Helper()
	a, err := h.book.Add(h.t.Context(), book.Appointment{
		Name: book.NameOf("CANARY"), Start: h.noon.Add(time.Duration(minutes) * time.Minute), Length: 15 * time.Minute, Persons: 1,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	code, err := h.book.Code(a)
	if err != nil {
		h.t.Fatal(err)
	}
	return code
}

// shows has somebody show the code that many minutes after noon.
func (h *hall) shows(code appointment.Code, minutes int) {
	h.t.Helper()
	h.at = h.noon.Add(time.Duration(minutes) * time.Minute)
	at, err := h.note(1, code)
	if err != nil || !at.Equal(h.at) {
		h.t.Fatalf("noted at %v, %v; want %v", at, err, h.at)
	}
}

// waits gives who waits, in the order in which the office calls them, by the place in codes.
func (h *hall) waits(codes []appointment.Code) (order []int) {
	h.t.Helper()
	list, err := h.queue.Today(h.t.Context(), "", h.noon.Add(4*time.Hour))
	if err != nil {
		h.t.Fatal(err)
	}
	for _, w := range list {
		order = append(order, slices.IndexFunc(codes, func(c appointment.Code) bool { return c.ID == w.ID }))
	}
	return order
}

// left is how many arrivals are on the station's disk.
func (h *hall) left() int {
	h.t.Helper()
	list, err := h.waiting()
	if err != nil {
		h.t.Fatal(err)
	}
	return len(list)
}

// TestArrivals: seven people come within three hours. Whether the office learns of each at once, or
// of all afterwards, it calls them in the same order.
func TestArrivals(t *testing.T) {
	slots := []int{60, 30, 45, 0, 60, 165, 45}
	comes := []int{50, 35, 70, 15, 46, 170, 71} // minutes after noon
	var orders [2][]int
	for n, online := range []bool{true, false} {
		h := newHall(t)
		var codes []appointment.Code
		for _, minutes := range slots {
			codes = append(codes, h.of(minutes))
		}
		order := []int{3, 1, 4, 0, 2, 6, 5}
		if !online {
			slices.Reverse(order) // in whatever order the files are read
		}
		for _, i := range order {
			h.shows(codes[i], comes[i])
			if online {
				if err := h.send(t.Context()); err != nil || h.left() != 0 {
					t.Fatalf("%d left, %v", h.left(), err)
				}
			}
		}
		if err := h.send(t.Context()); err != nil || h.left() != 0 {
			t.Fatalf("%d left, %v", h.left(), err)
		}
		if orders[n] = h.waits(codes); len(orders[n]) != len(slots) {
			t.Fatalf("%v wait, want all", orders[n])
		}
		if last := h.answers[len(h.answers)-1]; last.Visit != 1 || last.Answer != appointment.OK || last.Number == 0 {
			t.Errorf("the screen hears %+v", last)
		}
	}
	if diff := cmp.Diff(orders[0], orders[1]); diff != "" {
		t.Errorf("offline they are called in another order (-online +offline):\n%s", diff)
	}
}

// TestArrivalOnce: killed between writing and telling, and between telling and the answer; the
// person shows the code once more meanwhile. It is one arrival.
func TestArrivalOnce(t *testing.T) {
	h := newHall(t)
	code := h.of(10)
	h.shows(code, 2)
	h.at = h.at.Add(5 * time.Minute)
	if at, err := h.note(2, code); err != nil || !at.Equal(h.noon.Add(2*time.Minute)) {
		t.Errorf("once more: noted at %v, %v; want when it was noted first", at, err)
	}
	h.restart()
	h.cut.Store(true)
	h.server[1].Close()
	if err := h.send(t.Context()); err == nil || h.left() != 1 {
		t.Fatalf("the answer is lost: %v, %d left; want an error and the arrival", err, h.left())
	}
	h.restart()
	h.cut.Store(false)
	if err := h.send(t.Context()); err != nil || h.left() != 0 {
		t.Fatalf("%v, %d left", err, h.left())
	}
	facts, err := h.queue.Facts(t.Context(), time.Time{})
	if err != nil || len(facts) != 1 || facts[0].Answer != appointment.OK || !facts[0].At.Equal(h.noon.Add(2*time.Minute)) {
		t.Errorf("%+v, %v, want one fact", facts, err)
	}
	if len(h.answers) != 0 {
		t.Errorf("a screen of after the restart hears %+v", h.answers)
	}
}

// TestArrivalRefused: what was cancelled while the station was offline is told so.
func TestArrivalRefused(t *testing.T) {
	h := newHall(t)
	code := h.of(10)
	h.shows(code, 2)
	err := h.store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := h.book.AdvanceIn(t.Context(), tx, code.ID, book.Step{Do: book.Cancel, At: h.noon, Actor: "clerk:anna"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.send(t.Context()); err != nil || h.left() != 0 {
		t.Fatalf("%v, %d left", err, h.left())
	}
	if want := []session.Told{{Visit: 1, Answer: appointment.Cancelled}}; !slices.Equal(h.answers, want) {
		t.Errorf("the screen hears %+v, want %+v", h.answers, want)
	}
}

// TestArrivalEnds: after 96 hours nobody needs it any more; what is damaged nobody can use.
func TestArrivalEnds(t *testing.T) {
	h := newHall(t)
	h.shows(h.of(10), 0)
	if err := h.carrier.office.dir.Write(arrivalsDir+"/damaged.json", strings.NewReader("{")); err != nil {
		t.Fatal(err)
	}
	h.at = h.noon.Add(session.Lifetime - time.Second)
	if n := h.left(); n != 1 {
		t.Fatalf("%d left, want one", n)
	}
	h.at = h.at.Add(time.Second)
	if n := h.left(); n != 0 {
		t.Errorf("%d left after 96 hours", n)
	}
}

// TestArrivalPowerCut cuts the power before each change of the disk: an arrival that was noted is
// there afterwards, and one that was not is there in whole or not at all.
func TestArrivalPowerCut(t *testing.T) {
	cut := errors.New("power cut")
	for n, noted := 0, false; !noted; n++ {
		dir, err := durable.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		clock := func() (time.Time, bool) { return time.Now(), true }
		open := func() *arrivals {
			a, err := newArrivals(dir, nil, clock, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		a, steps := open(), 0
		dir.Step = func(string) error {
			if steps++; steps > n {
				return cut
			}
			return nil
		}
		_, err = a.note(1, appointment.Code{Start: time.Unix(0, 0), ValidUntil: time.Unix(0, 0)})
		dir.Step = nil
		noted = err == nil
		list, failed := open().waiting()
		if failed != nil || noted && len(list) != 1 || !noted && !errors.Is(err, cut) {
			t.Errorf("cut before change %d: noted %v (%v), %d are there, %v", n+1, noted, err, len(list), failed)
		}
		if n > 20 {
			t.Fatal("it is never noted")
		}
	}
}

// TestArrivalsAreTold: the task tells what was noted before the program was killed.
func TestArrivalsAreTold(t *testing.T) {
	h := newHall(t)
	h.shows(h.of(10), 0)
	told := make(chan session.Told, 1)
	h.told = func(is session.Told) { told <- is }
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	if is := <-told; is.Answer != appointment.OK || queue.Number(is.Number) == 0 {
		t.Errorf("%+v", is)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestChecksIn: a station checks in once the office says where it stands.
func TestChecksIn(t *testing.T) {
	for _, place := range []string{"", "mitte"} {
		r, err := registerOf(enrolment.Settings{Office: "05112000", Place: place})
		if err != nil || r.ChecksIn != (place != "") {
			t.Errorf("at %q: checks in %v, %v", place, r.ChecksIn, err)
		}
	}
}
