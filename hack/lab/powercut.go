// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// roundLength is how many times the power of one pair of disks is cut.
const roundLength = 12

// diskSize holds the captures of a round; the files have holes.
const diskSize = 256 << 20

// blackouts prepares for power cuts and makes them.
func (l lab) blackouts(ctx context.Context, n int, seed uint64) error {
	for _, name := range []string{mkfs, debugfs} {
		if _, err := os.Stat(name); err != nil {
			return fmt.Errorf("%w: %s is missing (Debian's package e2fsprogs)\nskipped: power cuts", errUnavailable, name)
		}
	}
	k, err := l.prepare()
	if errors.Is(err, errUnavailable) {
		return fmt.Errorf("%w\nskipped: power cuts", err)
	}
	if err != nil {
		return err
	}
	return l.powerCuts(ctx, k, n, seed)
}

// powerCuts cuts the power of an office and a station n times while captures flow
// between them, each time at a random moment, and looks at what is left.
func (l lab) powerCuts(ctx context.Context, k kernel, n int, seed uint64) error {
	dir, err := os.MkdirTemp("", "fotobox-lab-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Printf("power cuts: seed %d\n", seed)
	b := &blackout{dir: dir, size: diskSize, rand: rand.New(rand.NewPCG(seed, 0)), verbose: l.verbose, console: filepath.Join(l.cache, "console-blackout.log")}
	if b.machine, err = blackoutMachine(l.root, k, dir); err != nil {
		return err
	}
	began := time.Now()
	for b.cuts < n {
		if err := b.round(ctx, min(roundLength, n-b.cuts)); err != nil {
			return fmt.Errorf("power cut %d (seed %d): %w; the console: %s", b.cuts, seed, err, b.console)
		}
		fmt.Printf("power cuts: %d of %d, %d of them while the programs started; %d captures were stored, each is at the office once; %v; %v\n",
			b.cuts, n, b.early, b.stored, b.loss, time.Since(began).Round(time.Second))
	}
	fmt.Printf("ok   lab  power cuts: %d, %v\n", b.cuts, time.Since(began).Round(time.Second))
	return nil
}

// blackoutMachine builds what boots.
func blackoutMachine(root string, k kernel, dir string) (machine, error) {
	m := machine{
		kernel: k, init: filepath.Join(dir, "init"), argv: []string{filepath.Join(dir, "blackout")}, memory: 768, timeout: 5 * time.Minute,
		drivers: []string{"virtio_pci", "virtio_blk", "crc32c_generic", "ext4"},
		files:   map[string]string{"/lab/bin/registryd": filepath.Join(dir, "registryd")},
	}
	for pkg, out := range map[string]string{"hack/lab/guestinit": m.init, "hack/lab/blackout": m.argv[0], "daemon/registryd": m.files["/lab/bin/registryd"]} {
		if err := build(root, pkg, out, "build"); err != nil {
			return m, err
		}
	}
	return m, nil
}

// Programs that make disks and look into them.
const mkfs, debugfs = "/sbin/mkfs.ext4", "/sbin/debugfs"

func disks() []string { return []string{"station", "office"} }

// round begins with new disks and ends with a look at everything.
func (b *blackout) round(ctx context.Context, cuts int) error {
	for _, d := range disks() {
		if err := b.format(d); err != nil {
			return err
		}
	}
	b.all = map[string]bool{}
	if err := b.whole(ctx, "check", time.Now()); err != nil {
		return fmt.Errorf("the first start: %w", err)
	}
	for range cuts {
		b.cuts++
		if err := b.cutOnce(ctx); err != nil {
			return err
		}
	}
	if err := b.whole(ctx, "check", time.Now()); err != nil {
		return err
	}
	b.stored += len(b.all)
	// 97 hours later nothing is anywhere, also not what the station could not send.
	b.all = map[string]bool{}
	if err := b.whole(ctx, "late", time.Now().Add(97*time.Hour)); err != nil {
		return err
	}
	if len(b.said.held) > 0 {
		return fmt.Errorf("97 hours later the office has %d captures", len(b.said.held))
	}
	return b.search()
}

func (b *blackout) disk(name string) string { return filepath.Join(b.dir, name+".img") }
func (b *blackout) log(name string) string  { return filepath.Join(b.dir, name+".log") }

func (b *blackout) format(name string) error {
	if err := os.RemoveAll(b.disk(name)); err != nil {
		return err
	}
	if err := os.WriteFile(b.disk(name), nil, 0o600); err != nil {
		return err
	}
	if err := os.Truncate(b.disk(name), b.size); err != nil {
		return err
	}
	return tool(mkfs, "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", b.disk(name))
}

func tool(name string, args ...string) error {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}

// whole boots without a cut.
func (b *blackout) whole(ctx context.Context, mode string, clock time.Time) error {
	b.reset()
	if err := b.boot(ctx, mode, clock); err != nil {
		return err
	}
	if !b.said.whole {
		return errors.New("the record was not verified")
	}
	return b.compare()
}

// cutOnce boots, kills QEMU at a random moment, and takes from the disks what was not flushed.
func (b *blackout) cutOnce(ctx context.Context) error {
	for _, d := range disks() {
		if err := tool("cp", "--sparse=always", b.disk(d), b.disk(d)+".before"); err != nil {
			return err
		}
	}
	b.reset()
	stages := b.said.stage
	killed, kill := context.WithCancel(ctx)
	defer kill()
	stage, more, delay := "flow", b.rand.IntN(7), time.Duration(b.rand.Int64N(int64(400*time.Millisecond)))
	if b.rand.IntN(4) == 0 {
		stage, more, delay = "start", 0, delay*5
		b.early++
	}
	defer close(stages)
	go func() {
		for s := range stages {
			if s == stage { // and then so many captures
				stage, more = "stored", more-1
			}
			if stage == "stored" && more < 0 {
				time.Sleep(delay)
				kill()
				return
			}
		}
	}()
	if err := b.boot(killed, "flow", time.Now()); err == nil || killed.Err() == nil {
		return fmt.Errorf("the machine was not killed: %w", err)
	}
	if err := b.faulty(); err != nil {
		return err
	}
	for _, d := range disks() {
		if err := os.Rename(b.disk(d)+".before", b.disk(d)); err != nil {
			return err
		}
		did, err := cut(b.disk(d), b.log(d), b.rand)
		if err != nil {
			return err
		}
		b.loss = b.loss.add(did)
	}
	if !b.said.whole { // the next start will look
		return nil
	}
	return b.compare()
}
