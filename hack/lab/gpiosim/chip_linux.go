// SPDX-License-Identifier: EUPL-1.2

// Package gpiosim makes GPIO chips through the kernel's gpio-sim, whose outputs
// can be read and whose inputs can be pulled from the other side.
package gpiosim

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const configfs = "/sys/kernel/config/gpio-sim"

// Chip is a live simulated chip.
type Chip struct {
	Path string // of its character device, as /dev/gpiochip0

	config, state string // folders in configfs and in sysfs
	lines         []string
}

// New makes a chip with the label and one line for each name, and returns when
// its character device is there. The module gpio-sim must be loaded. A label
// serves one chip at a time.
func New(label string, lines ...string) (*Chip, error) {
	c := &Chip{config: filepath.Join(configfs, label), lines: lines}
	bank := filepath.Join(c.config, "bank0")
	if err := os.MkdirAll(bank, 0o755); err != nil {
		return nil, fmt.Errorf("the module gpio-sim is not loaded: %w", err)
	}
	files := [][2]string{{bank + "/num_lines", fmt.Sprint(len(lines))}, {bank + "/label", label}}
	for i, name := range lines {
		dir := fmt.Sprintf("%s/line%d", bank, i)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
		files = append(files, [2]string{dir + "/name", name})
	}
	for _, f := range append(files, [2]string{c.config + "/live", "1"}) {
		if err := os.WriteFile(f[0], []byte(f[1]), 0); err != nil {
			return nil, err
		}
	}
	device, err1 := word(c.config + "/dev_name")
	chip, err2 := word(bank + "/chip_name")
	if err1 != nil || err2 != nil {
		return nil, fmt.Errorf("gpio-sim made no chip: %w", os.ErrNotExist)
	}
	c.Path = "/dev/" + chip
	c.state = filepath.Join("/sys/devices/platform", device, chip)
	return c, appear(c.Path)
}

// appear waits until a device file is there, which follows its making by a moment.
func appear(name string) error {
	var err error
	for range 200 {
		if _, err = os.Stat(name); err == nil {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

func word(name string) (string, error) {
	b, err := os.ReadFile(name)
	return strings.TrimSpace(string(b)), err
}

// line is the folder of the line with this name.
func (c *Chip) line(name string) (string, error) {
	for i, l := range c.lines {
		if l == name {
			return fmt.Sprintf("%s/sim_gpio%d", c.state, i), nil
		}
	}
	return "", fmt.Errorf("the chip has no line %q", name)
}

// High tells the level of the line with this name.
func (c *Chip) High(name string) (bool, error) {
	dir, err := c.line(name)
	if err != nil {
		return false, err
	}
	value, err := word(dir + "/value")
	return value == "1", err
}

// Pull pulls an input up or down, as a key or a sensor does.
func (c *Chip) Pull(name string, up bool) error {
	dir, err := c.line(name)
	if err != nil {
		return err
	}
	value := "pull-down"
	if up {
		value = "pull-up"
	}
	return os.WriteFile(dir+"/pull", []byte(value), 0)
}

// Remove takes the chip away, as a USB expander is pulled, and waits until whoever
// asks for its edges has let go of them. Another one with its label can be made then.
func (c *Chip) Remove() error {
	if err := os.WriteFile(c.config+"/live", []byte("0"), 0); err != nil {
		return err
	}
	for i := range c.lines {
		if err := os.Remove(fmt.Sprintf("%s/bank0/line%d", c.config, i)); err != nil {
			return err
		}
	}
	if err := os.Remove(c.config + "/bank0"); err != nil {
		return err
	}
	return os.Remove(c.config)
}
