// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// planted is what the photos of hack/lab/blackout are full of.
const planted = "PLANTED PLAIN PHOTO"

// A blackout is the machine whose power is cut, and what it said.
type blackout struct {
	machine      machine
	size         int64 // of a disk
	dir, console string
	rand         *rand.Rand
	verbose      bool

	cuts, early, stored int
	loss                loss

	mu   sync.Mutex
	said boot
	all  map[string]bool // captures of the round whose screen said stored
}

// A boot is what one start of the machine said.
type boot struct {
	stage  chan string       // "start" and "flow"
	held   map[string]string // appointment by capture
	before map[string]bool   // captures that were stored before it
	whole  bool
	faults []string
}

// arguments are QEMU's for disks of which every write is logged; the machine sees a write cache.
func (b *blackout) arguments() (args []string, err error) {
	for _, d := range disks() {
		if err := os.WriteFile(b.log(d), nil, 0o600); err != nil {
			return nil, err
		}
		args = append(args,
			"-blockdev", fmt.Sprintf(`{"driver":"file","node-name":"file-%s","filename":%q}`, d, b.disk(d)),
			"-blockdev", fmt.Sprintf(`{"driver":"file","node-name":"log-%s","filename":%q}`, d, b.log(d)),
			"-blockdev", fmt.Sprintf(`{"driver":"blklogwrites","node-name":%q,"file":"file-%s","log":"log-%s","log-super-update-interval":1}`, d, d, d),
			"-device", "virtio-blk-pci,write-cache=on,drive="+d)
	}
	return args, nil
}

// boot starts the machine, with the clock at that time, until it ends or ctx does.
func (b *blackout) boot(ctx context.Context, mode string, clock time.Time) (err error) {
	m := b.machine
	if m.disks, err = b.arguments(); err != nil {
		return err
	}
	m.env = []string{"BLACKOUT_MODE=" + mode, fmt.Sprintf("BLACKOUT_CLOCK=%d", clock.UnixMilli()), "BLACKOUT_PHOTO=" + planted}
	r, err := m.run(ctx, b.dir, b.console, b)
	if err == nil && r.status != 0 {
		err = fmt.Errorf("exit status %d", r.status)
	}
	return cmp.Or(b.faulty(), err)
}

// faulty is what the machine said was wrong.
func (b *blackout) faulty() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.said.faults) == 0 {
		return nil
	}
	return fmt.Errorf("the machine says: %s", strings.Join(b.said.faults, "; "))
}

// reset forgets what the boot before said, but for what it stored.
func (b *blackout) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.said = boot{stage: make(chan string, 1000), held: map[string]string{}, before: maps.Clone(b.all)}
}

var _ io.Writer = (*blackout)(nil)

// Write takes in what the machine says, a line at a time.
func (b *blackout) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.verbose {
		os.Stdout.Write(p)
	}
	words := strings.Fields(string(p))
	if len(words) == 0 {
		return len(p), nil
	}
	switch words[0] {
	case "start", "flow":
		b.said.stage <- words[0]
	case "stored":
		b.said.stage <- words[0]
		b.all[words[1]] = true
	case "held":
		if b.said.held[words[1]] != "" {
			b.said.faults = append(b.said.faults, "capture "+words[1]+" is there twice")
		}
		b.said.held[words[1]] = words[2]
	case "whole":
		b.said.whole = true
	case "fault:":
		b.said.faults = append(b.said.faults, strings.Join(words[1:], " "))
	}
	return len(p), nil
}

// compare says whether everything that was stored before this start is at the office, once.
func (b *blackout) compare() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id := range b.said.before {
		if b.said.held[id] == "" {
			return fmt.Errorf("capture %s was stored and is lost", id)
		}
	}
	visits := slices.Sorted(maps.Values(b.said.held))
	if n := len(slices.Compact(slices.Clone(visits))); n != len(visits) {
		return fmt.Errorf("%d captures are of %d visits", len(visits), n)
	}
	return nil
}

// search looks for photos in clear on the disks, and then shows that it would
// have found one.
func (b *blackout) search() error {
	for _, d := range disks() {
		found, err := contains(b.disk(d), planted)
		if err != nil {
			return err
		}
		if found {
			return fmt.Errorf("disk %s has a photo in clear", d)
		}
		photo := filepath.Join(b.dir, "photo.jpg")
		if err := os.WriteFile(photo, bytes.Repeat([]byte(planted+"\n"), 100), 0o600); err != nil {
			return err
		}
		if err := tool(debugfs, "-w", "-R", "write "+photo+" photo.jpg", b.disk(d)); err != nil {
			return err
		}
		if found, err = contains(b.disk(d), planted); err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("a photo that was put on disk %s is not found: the search proves nothing", d)
		}
	}
	return nil
}

// contains searches a file piece by piece.
func contains(name, text string) (bool, error) {
	f, err := os.Open(name)
	if err != nil {
		return false, err
	}
	defer f.Close()
	piece, have := make([]byte, 1<<20), 0
	for {
		n, err := f.Read(piece[have:])
		if have += n; bytes.Contains(piece[:have], []byte(text)) {
			return true, nil
		}
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		have = copy(piece, piece[max(0, have-len(text)):have])
	}
}
