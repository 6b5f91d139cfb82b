// SPDX-License-Identifier: EUPL-1.2

package panel_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/capture/panel"
	"github.com/fotobox-project/fotobox/hack/lab/gpiosim"
)

// The tests of this file run as the only program of a real kernel, with its module gpio-sim.

// needLab skips where there is no such kernel.
func needLab(t *testing.T) {
	t.Helper()
	if os.Getenv("FOTOBOX_LAB") == "" {
		t.Skip("needs the lab: make lab")
	}
}

func labSettings() panel.Settings {
	return panel.Settings{
		Chip: "pinctrl-lab", Power: "GPIO26", Occupied: "GPIO27",
		Lamps: map[string]panel.Wire{"left": {Line: "GPIO5"}, "right": {Line: "GPIO6"}, "background": {Line: "GPIO13"}},
		Keys:  map[string]string{"left": "GPIO22", "middle": "GPIO23", "right": "GPIO24"},
	}
}

// A chip is a simulated chip that a test may pull and plug.
type chip struct {
	*gpiosim.Chip
	label string
	lines []string
}

// newChip plugs in a chip until the test ends; without names it has all lines of labSettings.
func newChip(t *testing.T, label string, lines ...string) *chip {
	t.Helper()
	if lines == nil {
		lines = []string{"GPIO5", "GPIO6", "GPIO13", "GPIO26", "GPIO22", "GPIO23", "GPIO24", "GPIO27"}
	}
	c := &chip{label: label, lines: lines}
	c.plug(t)
	t.Cleanup(func() { c.unplug(t) })
	return c
}

func (c *chip) plug(t *testing.T) {
	t.Helper()
	var err error
	if c.Chip, err = gpiosim.New(c.label, c.lines...); err != nil {
		t.Fatal(err)
	}
}

func (c *chip) unplug(t *testing.T) {
	t.Helper()
	if err := c.Remove(); err != nil {
		t.Fatal(err)
	}
}

// values are the levels of the lamps left, right and background and of the power line.
func (c *chip) values(t *testing.T) string {
	t.Helper()
	var s strings.Builder
	for _, name := range []string{"GPIO5", "GPIO6", "GPIO13", "GPIO26"} {
		high, err := c.High(name)
		if err != nil {
			t.Fatal(err)
		}
		s.WriteString(map[bool]string{true: "1", false: "0"}[high])
	}
	return s.String()
}

// pull gives an input a level.
func (c *chip) pull(t *testing.T, name string, up bool) {
	t.Helper()
	if err := c.Pull(name, up); err != nil {
		t.Fatal(err)
	}
}

func eventually(t *testing.T, what string, ok func() bool) time.Duration {
	t.Helper()
	began := time.Now()
	for time.Since(began) < 20*time.Second {
		if ok() {
			return time.Since(began)
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Fatalf("%s: not within 20 s", what)
	return 0
}

func TestLabLamps(t *testing.T) {
	needLab(t)
	sim := newChip(t, "pinctrl-lab")
	newChip(t, "other") // with lines of the same names
	p := panel.Hardware(labSettings())
	b, err := p.Open()
	if err != nil {
		t.Fatal(err)
	}
	if got := sim.values(t); got != "0001" {
		t.Errorf("opened: lamps and power are %s, want 0001", got)
	}
	for _, tc := range []struct {
		levels panel.Levels
		want   string
	}{
		{panel.Levels{panel.Left: 1}, "1001"},
		{panel.Levels{panel.Right: 0.5, panel.Background: 0.4}, "0101"},
		{panel.Levels{1, 1, 1, 1, 1}, "1111"},
		{panel.Levels{}, "0001"},
	} {
		if err := b.Light(tc.levels); err != nil || sim.values(t) != tc.want {
			t.Errorf("%v: lamps and power are %s, %v, want %s", tc.levels, sim.values(t), err, tc.want)
		}
	}
	if _, err := b.Wait(0); err != nil || sim.values(t) != "0001" {
		t.Errorf("read: %v, and lamps and power are %s, want 0001", err, sim.values(t))
	}
	if _, err := panel.Hardware(labSettings()).Open(); !errors.Is(err, panel.ErrHeld) {
		t.Errorf("second opening: got %v, want %v", err, panel.ErrHeld)
	}
	const switches = 1000
	began := time.Now()
	for i := range switches {
		if err := b.Light(panel.Levels{panel.Left: float64(i % 2)}); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("switching takes %v", time.Since(began)/switches)
	if err := b.Close(); err != nil || sim.values(t) != "0000" {
		t.Errorf("closed: %v, lamps and power are %s", err, sim.values(t))
	}
}

// TestLabNoBlink reads from the kernel's trace what every line was set to: an opening puts no lamp
// on, and each lamp that a scene lights goes on once.
func TestLabNoBlink(t *testing.T) {
	needLab(t)
	newChip(t, "pinctrl-lab")
	tracing := t.TempDir()
	if err := syscall.Mount("tracefs", tracing, "tracefs", 0, ""); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := syscall.Unmount(tracing, 0); err != nil {
			t.Error(err)
		}
	}()
	write := func(file, value string) {
		if err := os.WriteFile(filepath.Join(tracing, file), []byte(value), 0); err != nil {
			t.Fatal(err)
		}
	}
	write("events/gpio/enable", "1")
	defer write("events/gpio/enable", "0")
	switched := func(what string, on, off int) {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(tracing, "trace"))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(string(data), "set 1"); got != on {
			t.Errorf("%s: lines were set high %d times, want %d:\n%s", what, got, on, data)
		}
		if got := strings.Count(string(data), "set 0"); got != off {
			t.Errorf("%s: lines were set low %d times, want %d:\n%s", what, got, off, data)
		}
		write("trace", "")
	}
	b, err := panel.Hardware(labSettings()).Open()
	if err != nil {
		t.Fatal(err)
	}
	switched("opened", 1, 4) // power, after all four were taken low
	if err := b.Light(panel.Levels{panel.Left: 1, panel.Background: 1}); err != nil {
		t.Fatal(err)
	}
	switched("lit", 2, 1)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	switched("closed", 0, 4)
}

func TestLabNames(t *testing.T) {
	needLab(t)
	newChip(t, "pinctrl-lab")
	set := labSettings()
	set.Occupied = "GPIO99"
	if _, err := panel.Hardware(set).Open(); err == nil || !strings.Contains(err.Error(), "GPIO99") {
		t.Errorf("unknown line: got %v", err)
	}
	set = labSettings()
	set.Chip = "pinctrl-away"
	if _, err := panel.Hardware(set).Open(); err == nil || !strings.Contains(err.Error(), `"pinctrl-lab"`) {
		t.Errorf("unknown chip: got %v, want the labels that there are", err)
	}
}

// run lets a panel run until the test ends, and says what it does.
func run(t *testing.T, set panel.Settings, changed func(panel.Input, bool)) *panel.Panel {
	t.Helper()
	p := panel.New(panel.Hardware(set), slog.New(slog.DiscardHandler))
	p.Changed = changed
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	eventually(t, "panel works", func() bool { return p.Health() == nil })
	return p
}

// TestLabKeys: contacts that bounce, on the kernel's edges.
func TestLabKeys(t *testing.T) {
	needLab(t)
	sim := newChip(t, "pinctrl-lab")
	var presses, releases, occupied atomic.Int32
	run(t, labSettings(), func(in panel.Input, on bool) {
		switch {
		case in == panel.Occupied && on:
			occupied.Add(1)
		case in == panel.RightKey && on:
			presses.Add(1)
		case in == panel.RightKey:
			releases.Add(1)
		case in == panel.LeftKey || in == panel.MiddleKey:
			t.Errorf("%v changed to %v", in, on)
		}
	})
	bounce := func(up bool, told *atomic.Int32) time.Duration {
		n := told.Load()
		for i := range 9 {
			sim.pull(t, "GPIO24", (i%2 == 0) == up)
			time.Sleep(time.Millisecond)
		}
		return eventually(t, "a change of the key", func() bool { return told.Load() > n })
	}
	for range 5 {
		t.Logf("pressed: seen after %v", bounce(false, &presses))
		time.Sleep(100 * time.Millisecond)
		bounce(true, &releases)
		time.Sleep(100 * time.Millisecond)
	}
	if presses.Load() != 5 || releases.Load() != 5 {
		t.Errorf("got %d presses and %d releases, want 5 each", presses.Load(), releases.Load())
	}
	sim.pull(t, "GPIO27", true)
	eventually(t, "somebody there", func() bool { return occupied.Load() == 1 })
}

// held is what must not grow: descriptors, threads, goroutines and bytes of heap.
type held struct{ files, threads, goroutines, heap int }

func holding(t *testing.T) held {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return held{len(files), len(threads), runtime.NumGoroutine(), int(m.HeapAlloc)}
}

// TestLabChipGone: the chip goes and comes back with all its lines in use; the lamps are lit again.
func TestLabChipGone(t *testing.T) {
	needLab(t)
	sim := newChip(t, "pinctrl-lab")
	p := run(t, labSettings(), nil)
	light(t, p)
	for range 3 {
		began := time.Now()
		sim.unplug(t) // returns when the lines are let go
		eventually(t, "loss noticed", func() bool { return p.Health() != nil })
		noticed := time.Since(began)
		sim.plug(t)
		back := eventually(t, "lit again", func() bool { return p.Health() == nil && sim.values(t) == "1111" })
		t.Logf("loss noticed after %v, lit again after %v", noticed, back)
	}
}

// TestLabLetGo: whoever sees the chip go lets go of its lines at that moment.
func TestLabLetGo(t *testing.T) {
	needLab(t)
	set := panel.Settings{Chip: "pinctrl-lab", Keys: map[string]string{"left": "GPIO22", "middle": "GPIO23", "right": "GPIO24"}}
	sim := newChip(t, "pinctrl-lab", "GPIO22", "GPIO23", "GPIO24")
	for i := range 20 {
		b, err := panel.Hardware(set).Open()
		if err != nil {
			t.Fatal(err)
		}
		let := make(chan error)
		go func() {
			for err == nil {
				_, err = b.Wait(100 * time.Microsecond)
			}
			time.Sleep(time.Duration(i%5) * time.Millisecond)
			let <- b.Close()
		}()
		time.Sleep(10 * time.Millisecond)
		sim.unplug(t)
		if err := <-let; err != nil {
			t.Error(err)
		}
		sim.plug(t)
	}
}

func light(t *testing.T, p *panel.Panel) {
	t.Helper()
	if err := p.Light(panel.Scene{Name: "all", Levels: panel.Levels{1, 1, 1, 1, 1}}); err != nil {
		t.Fatal(err)
	}
}

// TestLabPlugCycles: a chip that goes and comes back again and again leaves nothing behind, and no
// other file is closed by the library's surplus closing. The chip has one line: this kernel never
// frees the numbers of lines that are in use when their chip goes, and has 512 of them.
func TestLabPlugCycles(t *testing.T) {
	needLab(t)
	cycles := 12
	if n, err := strconv.Atoi(os.Getenv("FOTOBOX_LAB_CYCLES")); err == nil {
		cycles = n
	}
	sim := newChip(t, "pinctrl-lab", "GPIO5")
	newChip(t, "other", "GPIO5")
	input, err := os.Readlink("/proc/self/fd/0")
	if err != nil {
		t.Fatal(err)
	}
	p := run(t, panel.Settings{Chip: "pinctrl-lab", Lamps: map[string]panel.Wire{"left": {Line: "GPIO5"}}}, nil)
	light(t, p)
	stop := disturb(t)
	defer stop()
	var before, after held
	for i := range cycles {
		sim.unplug(t)
		eventually(t, "loss noticed", func() bool { return p.Health() != nil })
		sim.plug(t)
		eventually(t, "lit again", func() bool {
			high, err := sim.High("GPIO5")
			return err == nil && high && p.Health() == nil
		})
		if after = holding(t); i == min(cycles/2, 9) {
			before = after
		}
	}
	t.Logf("%d cycles: %+v, then %+v", cycles, before, after)
	if after.files > before.files+1 || after.threads > before.threads+3 || after.goroutines > before.goroutines || after.heap > before.heap+1<<20 {
		t.Errorf("after %d cycles: %+v, want as after the first ten: %+v", cycles, after, before)
	}
	if now, err := os.Readlink("/proc/self/fd/0"); err != nil || now != input {
		t.Errorf("descriptor 0 is %q, %v, want %q", now, err, input)
	}
}

// disturb opens, writes and closes files all the time, as an outbox does, until stop. A file that
// somebody else closes fails the test.
func disturb(t *testing.T) (stop func()) {
	dir := t.TempDir()
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
			}
			f, err := os.Create(filepath.Join(dir, "file"))
			if err != nil {
				t.Error(err)
				return
			}
			_, werr := f.WriteString("stored")
			if err := errors.Join(werr, f.Close()); err != nil {
				t.Errorf("a file of somebody else: %v", err)
			}
		}
	}()
	return func() { close(done); <-ended }
}

// TestLabDeath: the lamps go out with the program, however it ends.
func TestLabDeath(t *testing.T) {
	needLab(t)
	if os.Getenv("FOTOBOX_LAB_HOLD") != "" {
		hold(t)
	}
	sim := newChip(t, "pinctrl-lab")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(program, "-test.run=TestLabDeath")
	child.Env = append(os.Environ(), "FOTOBOX_LAB_HOLD=1")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "lamps on", func() bool { return sim.values(t) == "1111" })
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // says that it was killed
	took := eventually(t, "lamps off", func() bool { return sim.values(t) == "0000" })
	t.Logf("lamps are off %v after the program's end", took)
}

// hold is the program that dies with its lamps lit.
func hold(t *testing.T) {
	b, err := panel.Hardware(labSettings()).Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Light(panel.Levels{1, 1, 1, 1, 1}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Minute)
}
