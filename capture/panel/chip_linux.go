// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"periph.io/x/conn/v3/driver"
	"periph.io/x/conn/v3/driver/driverreg"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/gpio/gpioreg"
	"periph.io/x/host/v3/gpioioctl"
)

// periph's driver of the GPIO character device is made to open all chips once and to keep them for
// the life of the program. What a panel that comes back needs is added here, around these traps of
// host v3.8.5:
//
//   - host.Init would bring drivers that write to the memory of a Raspberry Pi 4, also on a 5. Only
//     gpioioctl is imported.
//   - driverreg.Init runs a driver once. The chips are read again by the driver's own Init.
//   - Its second reading renames lines that are registered already. They are taken out of the
//     registry, in which nobody looks them up.
//   - GPIOChip.Close closes its descriptor twice and then descriptor 0; a chip that is not closed is
//     closed twice by the garbage collector. In a program that stores photos meanwhile, the second
//     close would hit somebody else's file. closeChip keeps it away from them.
//   - GPIOLine.Read turns an output into an input, and Out of a first High drives Low before. A
//     LineSet does neither: it is requested as it stays, and all outputs begin Low.
//   - Its errors have lost their number; what they say is compared as text.

// openChip opens the chip with the label. It is not for concurrent use: periph's registry is the
// program's.
func openChip(label string) (*gpioioctl.GPIOChip, error) {
	chips, err := readChips()
	if err != nil {
		return nil, err
	}
	var found *gpioioctl.GPIOChip
	var labels []string
	for _, c := range chips {
		if labels = append(labels, c.Label()); c.Label() == label && found == nil {
			found = c
			continue
		}
		if err := closeChip(c); err != nil {
			return nil, err
		}
	}
	if found == nil {
		return nil, fmt.Errorf("%w as %q; there are %q", errNoChip, label, labels)
	}
	return found, nil
}

// readChips lets the driver open all chips and takes them out of its registry.
func readChips() ([]*gpioioctl.GPIOChip, error) {
	state, err := driverreg.Init()
	if err != nil {
		return nil, fmt.Errorf("periph: %w", err)
	}
	if len(gpioioctl.Chips) == 0 { // not the first time, or none was there
		if d := ioctlDriver(state); d != nil {
			_, _ = d.Init() // says only that there is no chip, which is seen below
		}
	}
	chips := gpioioctl.Chips
	gpioioctl.Chips = nil
	for _, c := range chips {
		for _, l := range c.Lines() {
			_ = gpioreg.Unregister(l.Name()) // not all were registered
		}
	}
	return chips, keepInput()
}

func ioctlDriver(state *driverreg.State) driver.Impl {
	all := slices.Clone(state.Loaded)
	for _, f := range slices.Concat(state.Skipped, state.Failed) {
		all = append(all, f.D)
	}
	for _, d := range all {
		if d.String() == "ioctl-gpio" {
			return d
		}
	}
	return nil
}

// keepInput opens descriptor 0 again if the driver has closed it, as it does with a chip that has
// two names (Raspberry Pi OS links gpiochip4 to gpiochip0). Whoever got it would lose it next time.
func keepInput() error {
	var s syscall.Stat_t
	if syscall.Fstat(0, &s) == nil {
		return nil
	}
	null, err := syscall.Open(os.DevNull, syscall.O_RDONLY, 0)
	if err != nil || null == 0 {
		return os.NewSyscallError("open", err)
	}
	return errors.Join(os.NewSyscallError("dup2", syscall.Dup3(null, 0, 0)), syscall.Close(null))
}

// closeChip closes a chip in a table of descriptors of its own, where periph's surplus closing
// strikes nobody, and then its one descriptor in the program's.
func closeChip(c *gpioioctl.GPIOChip) error {
	fd := int(reflect.ValueOf(c).Elem().FieldByName("fd").Uint())
	done := make(chan error, 1)
	go apart(c.Close, done)
	if err := <-done; err != nil {
		return err
	}
	return os.NewSyscallError("close", syscall.Close(fd))
}

// apart calls f on a thread that has its own table of descriptors and that ends with it. The main
// thread would not end and would keep all files open for ever: it waits for another one.
func apart(f func(), done chan<- error) {
	runtime.LockOSThread()
	if syscall.Gettid() == syscall.Getpid() {
		defer runtime.UnlockOSThread()
		elsewhere := make(chan error, 1)
		go apart(f, elsewhere)
		done <- <-elsewhere
		return
	}
	err := syscall.Unshare(syscall.CLONE_FILES)
	if err == nil {
		f()
	}
	done <- os.NewSyscallError("unshare", err)
}

// nodes names the chips' device files and when they were made; while they are the same, reading
// them again finds nothing new.
func nodes() (list []string) {
	names, _ := filepath.Glob("/dev/gpiochip*") // the pattern is good
	for _, name := range names {
		if info, err := os.Stat(name); err == nil {
			list = append(list, name+info.ModTime().String())
		}
	}
	return list
}

// ioctlLines are the requested lines of a chip.
type ioctlLines struct {
	set  *gpioioctl.LineSet
	chip *gpioioctl.GPIOChip
}

var _ lines = ioctlLines{}

// request takes lines of the chip: first the outputs, which are low then, then the inputs with the
// pull that they need.
func request(label string, outputs []string, ins []input) (lines, error) {
	chip, err := openChip(label)
	if err != nil {
		return nil, err
	}
	config := &gpioioctl.LineSetConfig{DefaultDirection: gpioioctl.LineOutput, DefaultEdge: gpio.NoEdge, DefaultPull: gpio.PullNoChange}
	for _, name := range outputs {
		config.Lines = append(config.Lines, lineName(chip, name))
	}
	for _, in := range ins {
		pull := gpio.PullDown
		if in.low {
			pull = gpio.PullUp
		}
		if err := config.AddOverrides(gpioioctl.LineInput, gpio.BothEdges, pull, lineName(chip, in.line)); err != nil {
			return nil, errors.Join(err, closeChip(chip))
		}
	}
	set, err := chip.LineSetFromConfig(config)
	if err != nil {
		return nil, errors.Join(advised(label, err), closeChip(chip))
	}
	return ioctlLines{set, chip}, nil
}

// advised says what to do about lines that cannot be had.
func advised(label string, err error) error {
	switch {
	case strings.HasSuffix(err.Error(), syscall.EBUSY.Error()):
		return fmt.Errorf("lines of %s: %w: %w", label, ErrHeld, err)
	case strings.Contains(err.Error(), "not found"):
		return fmt.Errorf("lines of %s: %w; gpioinfo lists the names", label, err)
	}
	return fmt.Errorf("lines of %s: %w", label, err)
}

func (l ioctlLines) Out(bits, mask uint64) error {
	return l.set.Out(gpio.GPIOValue(bits), gpio.GPIOValue(mask))
}

// Wait asks for the levels after each wake-up, and so learns that the chip is gone.
func (l ioctlLines) Wait(d time.Duration) (uint64, error) {
	if d > 0 { // periph's 0 is for ever
		if _, _, err := l.set.WaitForEdge(d); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return 0, err
		}
	}
	bits, err := l.set.Read(0)
	return uint64(bits), err
}

func (l ioctlLines) Close() error { return errors.Join(l.set.Close(), closeChip(l.chip)) }

// lineName is the name that periph has given to a line: with the chip's before it when another chip
// has a line of that name too.
func lineName(chip *gpioioctl.GPIOChip, name string) string {
	if double := chip.Name() + "-" + name; chip.ByName(name) == nil && chip.ByName(double) != nil {
		return double
	}
	return name
}
