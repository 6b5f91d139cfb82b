// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// pwmClass is where the kernel shows its PWM chips (Documentation/driver-api/pwm.rst).
const pwmClass = "/sys/class/pwm"

// pwmPeriod is 20 kHz: far above what is seen (IEEE 1789 asks for 3 kHz), and a rolling shutter
// that reads a line in 10 to 30 us shows no bands.
const pwmPeriod = 50 * time.Microsecond

// A channel dims one lamp. It is the kernel's and not ours: it goes on when the program dies, which
// is why such lamps hang on a power line too.
type channel struct{ dir string }

// openChannel takes a channel of the chip that belongs to the device. Chips are found so, and not
// by their number, which moved between kernels 6.6 and 6.12 on a Raspberry Pi 5.
func openChannel(class, device string, number int) (*channel, error) {
	chip, err := pwmChip(class, device)
	if err != nil {
		return nil, err
	}
	c := &channel{filepath.Join(chip, "pwm"+strconv.Itoa(number))}
	if _, err := os.Stat(c.dir); errors.Is(err, fs.ErrNotExist) { // else it is ours from before a crash
		if err := put(filepath.Join(chip, "export"), number); err != nil {
			return nil, fmt.Errorf("PWM channel %d of %s: %w", number, device, err)
		}
	}
	period, err := os.ReadFile(filepath.Join(c.dir, "period"))
	if err != nil {
		return nil, fmt.Errorf("PWM channel %d of %s: %w", number, device, err)
	}
	for _, w := range startChannel(strings.TrimSpace(string(period))) {
		if err := put(filepath.Join(c.dir, w.file), w.value); err != nil {
			return nil, fmt.Errorf("PWM channel %d of %s: %w", number, device, err)
		}
	}
	return c, nil
}

// A setting is a number for a channel's file.
type setting struct {
	file  string
	value int
}

// startChannel lists what makes a channel dark and runs it. The kernel refuses a period that is
// shorter than the duty, which a program before us may have left, and any duty while there is no
// period, as in a channel that is new.
func startChannel(period string) (list []setting) {
	if period != "0" {
		list = append(list, setting{"duty_cycle", 0})
	}
	return append(list, setting{"period", int(pwmPeriod)}, setting{"duty_cycle", 0}, setting{"enable", 1})
}

func pwmChip(class, device string) (string, error) {
	chips, err := filepath.Glob(filepath.Join(class, "pwmchip*"))
	if err != nil {
		return "", err
	}
	var there []string
	for _, chip := range chips {
		to, err := os.Readlink(filepath.Join(chip, "device"))
		if err != nil {
			continue
		}
		if filepath.Base(to) == device {
			return chip, nil
		}
		there = append(there, filepath.Base(to))
	}
	return "", fmt.Errorf("no PWM chip belongs to %s; there are %q; switch PWM on with dtoverlay=pwm-2chan", device, there)
}

// set dims to a level from 0 to 1.
func (c *channel) set(level float64) error {
	ns := math.Round(min(max(level, 0), 1) * float64(pwmPeriod))
	return put(filepath.Join(c.dir, "duty_cycle"), int(ns))
}

// close puts the lamp out. The channel stays exported: another program's taking of it would be a
// mistake that ought to fail.
func (c *channel) close() error {
	return errors.Join(c.set(0), put(filepath.Join(c.dir, "enable"), 0))
}

// put writes one number; sysfs takes it in one write.
func put(file string, value int) error {
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(strconv.Itoa(value))
	return errors.Join(err, f.Close())
}
