// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// largest is the size of a disk that is surely no card, in bytes.
const largest = 256 << 30

// A device is a disk, as the kernel describes it below /sys/block.
type device struct {
	name      string // sdb, mmcblk0
	model     string // what it calls itself; a card has a name only
	size      int64  // bytes
	removable bool
	mounted   []string // where parts of it are in use
}

// readDevice reads a disk's description; sys is /sys and mounts /proc/mounts with swaps.
func readDevice(sys fs.FS, name, mounts string) (device, error) {
	dir := path.Join("block", name)
	read := func(file string) string {
		data, _ := fs.ReadFile(sys, path.Join(dir, file)) // what is not there is empty
		return strings.TrimSpace(string(data))
	}
	if _, err := fs.Stat(sys, dir); err != nil {
		return device{}, fmt.Errorf("%s is no disk: name the whole device, such as /dev/sdb or /dev/mmcblk0", name)
	}
	sectors, err := strconv.ParseInt(read("size"), 10, 64)
	if err != nil {
		return device{}, fmt.Errorf("read size of %s: %w", name, err)
	}
	d := device{name: name, size: sectors * 512, removable: read("removable") == "1" || strings.HasPrefix(name, "mmcblk")}
	for _, file := range []string{"device/model", "device/name"} {
		if d.model == "" {
			d.model = read(file)
		}
	}
	for line := range strings.Lines(mounts) {
		f := strings.Fields(line)
		if len(f) < 2 || !strings.HasPrefix(f[0], "/dev/"+name) {
			continue
		}
		d.mounted = append(d.mounted, f[1])
	}
	held, err := fs.Glob(sys, path.Join(dir, "*", "holders", "*"))
	if len(held) > 0 {
		d.mounted = append(d.mounted, "another disk, built on it")
	}
	return d, err
}

// check refuses every disk that is not surely a card for this purpose.
func (d device) check() error {
	switch {
	case slices.Contains(d.mounted, "/"):
		return fmt.Errorf("/dev/%s holds this machine's system", d.name)
	case len(d.mounted) > 0:
		return fmt.Errorf("/dev/%s is in use (%s); unmount it first", d.name, strings.Join(d.mounted, ", "))
	case !d.removable:
		return fmt.Errorf("/dev/%s cannot be taken out of this machine; only cards and sticks are written", d.name)
	case d.size < diskSize:
		return fmt.Errorf("/dev/%s has %d MB, a station needs %d MB", d.name, d.size/1e6, diskSize/1000000)
	case d.size > largest:
		return fmt.Errorf("/dev/%s has %d GB, which no card has; cards of up to %d GB are written", d.name, d.size/1e9, largest/1000000000)
	case d.label() == "":
		return errors.New("the disk has no name by which you could tell it")
	}
	return nil
}

// label is what a person types to say which disk is meant.
func (d device) label() string {
	if d.model != "" {
		return d.model
	}
	return d.name
}
