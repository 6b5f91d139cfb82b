// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/hack/visitor"
	"github.com/fotobox-project/fotobox/ui/text"
)

//lab:program daemon/stationd
//lab:program daemon/registryd
//lab:memory 1536
//lab:timeout 15m

func needLab(t *testing.T) {
	t.Helper()
	if os.Getenv("FOTOBOX_LAB") == "" {
		t.Skip("needs the lab: make lab")
	}
}

// A boothTown is a town whose station stands in a booth.
type boothTown struct {
	*town
	*booth
	*visitor.Visitor
	t *testing.T
}

// newBoothTown raises a town with the shipped programs, which use the kernel's drivers.
func newBoothTown(t *testing.T) boothTown {
	t.Helper()
	b := newBooth(t)
	w := &town{dir: t.TempDir(), bin: "/lab/bin", camera: "usb:1209:0001", burst: 1, extra: boothSettings, log: newLedger(t)}
	if err := w.freeAddresses(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	if err := w.raise(t.Context()); err != nil {
		t.Fatal(err)
	}
	return boothTown{w, b, &visitor.Visitor{Base: "http://" + w.kiosk, Patience: time.Minute, Rest: 300 * time.Millisecond}, t}
}

// sees waits until the screen is at the stage.
func (w boothTown) sees(stage string) {
	w.t.Helper()
	began := time.Now()
	ctx, cancel := context.WithTimeout(w.t.Context(), 2*time.Minute)
	defer cancel()
	if err := w.Await(ctx, stage); err != nil {
		w.t.Fatal(err)
	}
	w.t.Logf("%-12s after %.1f s", w.Now.Stage, time.Since(began).Seconds())
}

// scan scans a code until the station greets the citizen, as people do.
func (w boothTown) scan(code string) {
	w.t.Helper()
	for range 6 {
		w.scanner.Scan(code, 15*time.Millisecond) // quicker than this, an emulated kernel's queue runs over
		ctx, cancel := context.WithTimeout(w.t.Context(), 10*time.Second)
		err := w.Await(ctx, "welcome")
		cancel()
		if err == nil {
			return
		}
		w.t.Logf("scanned: %v", err)
	}
	w.t.Fatal("the code is not taken")
}

// walk presses the right key until the visit is at a stage or has ended, also past a camera
// that is away for a moment. It tells in which stages the lamps were seen as the settings say.
func (w boothTown) walk(to string) map[string]bool {
	w.t.Helper()
	lamps := map[string]string{"welcome": "100", "position": "111", "review": "010", "consent": "111"}
	lit := map[string]bool{}
	for until := time.Now().Add(4 * time.Minute); w.Now.Stage != to && w.Now.Stage != "done"; {
		if time.Now().After(until) {
			w.t.Fatalf("the visit stays at %q", w.Now.Stage)
		}
		if want, waits := lamps[w.Now.Stage]; waits {
			time.Sleep(time.Second) // keys rest
			if w.lamps() == want {
				lit[w.Now.Stage] = true
			}
			w.booth.press("KEY3")
		}
		time.Sleep(w.Rest)
		was := w.Now.Stage
		if err := w.See(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
		if w.Now.Stage != was {
			w.t.Logf("%s, lamps %s", w.Now.Stage, w.lamps())
		}
	}
	return lit
}

// figure reads one of the station's metrics.
func (w boothTown) figure(name string) float64 {
	w.t.Helper()
	line := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` (\S+)$`).FindStringSubmatch(fetch(w.t, "http://"+w.metrics[0]+"/metrics"))
	if line == nil {
		w.t.Fatalf("the station has no figure %s", name)
	}
	v, err := strconv.ParseFloat(line[1], 64)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

// becomes waits until a figure has a value.
func (w boothTown) becomes(name string, want float64) {
	w.t.Helper()
	got := 0.0
	for range 50 {
		if got = w.figure(name); got == want {
			return
		}
		time.Sleep(w.Rest)
	}
	w.t.Errorf("%s is %v, want %v", name, got, want)
}

// visit goes a citizen's whole way before the USB camera: every step by the keys, the
// lamps beside it, an acceptable photo, the envelope at the office.
func (w boothTown) visit(identify func(code string)) {
	w.t.Helper()
	person, err := visitor.Sitting()
	if err != nil {
		w.t.Fatal(err)
	}
	for range 3 { // an emulated station is slow: with others beside it, it sends people to the counter
		b, err := w.book(w.t.Context(), "CANARY", soon())
		if err != nil {
			w.t.Fatal(err)
		}
		w.sees("idle")
		w.lit("001")
		identify(b.code)
		w.scene.Store(person)
		lit := w.walk("review")
		good := len(w.Now.Photos) > 0 && w.Now.Photos[0].Good
		maps.Copy(lit, w.walk("done"))
		if good && lit["welcome"] && lit["review"] && lit["consent"] {
			w.awaitCaptures(w.t, 1)
			time.Sleep(time.Second) // keys rest
			w.booth.press("KEY3")   // finish
			w.sees("idle")
			w.lit("001")
			return
		}
		w.t.Logf("the visit ended early, with a good photo %v: %s", good, w.Now.Title)
	}
	w.t.Error("no visit came to its end")
}

// TestLabVisit begins with the USB scanner.
func TestLabVisit(t *testing.T) {
	needLab(t)
	w := newBoothTown(t)
	w.visit(w.scan)
}

// TestLabPaper begins with a sheet before the camera.
func TestLabPaper(t *testing.T) {
	needLab(t)
	w := newBoothTown(t)
	w.visit(func(code string) {
		w.shows(visitor.Paper(code))
		w.sees("welcome")
	})
}

// TestLabPulled pulls and plugs each part of the booth, again and again: the screen
// tells what is missing, the same process goes on, and nothing piles up in it.
func TestLabPulled(t *testing.T) {
	needLab(t)
	w := newBoothTown(t)
	w.sees("idle")
	titles := map[string]string{"camera": "kiosk.out-of-order.title", "panel": "kiosk.out-of-order.lamps.title"}
	round := func() {
		for part, title := range titles {
			w.pull(part)
			w.sees("out-of-order")
			if want := text.Language("de").Text(title); w.Now.Title != want {
				t.Errorf("without the %s the screen says %q, want %q", part, w.Now.Title, want)
			}
			w.plug(part)
			w.sees("idle")
		}
		w.pull("scanner")
		w.becomes("fotobox_station_scanners", 0)
		w.plug("scanner")
		w.becomes("fotobox_station_scanners", 1)
	}
	for range 2 {
		round()
	}
	before := w.usage()
	const rounds = 5
	for range rounds {
		round()
	}
	after := w.usage()
	t.Logf("after %d more rounds: %s, was %s", rounds, after, before)
	if after.goroutines > before.goroutines+2 || after.files > before.files+1 {
		t.Errorf("after %d rounds %s, want what it was: %s", rounds, after, before)
	}
	select {
	case <-w.station.ended:
		t.Error("the station has ended")
	default:
	}
	b, err := w.book(t.Context(), "Bruno Muster", soon())
	if err != nil {
		t.Fatal(err)
	}
	w.scan(b.code)
	w.lit("100")
}

// A usage is what the station's process holds.
type usage struct{ goroutines, files, megabytes float64 }

func (u usage) String() string {
	return fmt.Sprintf("%v goroutines, %v files, %.0f MB", u.goroutines, u.files, u.megabytes)
}

// usage is taken when what ended has been cleaned up.
func (w boothTown) usage() usage {
	w.t.Helper()
	time.Sleep(3 * time.Second)
	return usage{w.figure("go_goroutines"), w.figure("process_open_fds"), w.figure("process_resident_memory_bytes") / 1e6}
}
