// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// noise are bytes that differ from one seed to another.
func noise(seed uint64, n int) []byte {
	b := make([]byte, n)
	for r, i := rand.New(rand.NewPCG(seed, 0)), 0; i < n; i++ {
		b[i] = byte(r.Uint32())
	}
	return b
}

// writeDisk writes a disk as an update leaves it: boot code, a partition table that stays, and a
// boot partition of four blocks, of which the last is empty.
func writeDisk(t *testing.T, d disk, seed uint64) (whole, boot []byte) {
	t.Helper()
	whole = append(noise(seed, codeSize), bytes.Repeat([]byte{7}, 66)...)
	boot = append(noise(seed, 3*block-5000), make([]byte, block+5000)...)
	for name, data := range map[string][]byte{d.whole: whole, d.boot: boot} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return whole, boot
}

func same(t *testing.T, name string, want []byte) {
	t.Helper()
	if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what it was (%v)", filepath.Base(name), err)
	}
}

// TestBootComesBack: the boot partition and the boot code of the version before.
func TestBootComesBack(t *testing.T) {
	record, dir := t.TempDir(), t.TempDir()
	d := disk{filepath.Join(dir, "disk"), filepath.Join(dir, "boot")}
	first, second := version{2, "v1"}, version{3, "v2"}
	whole, boot := writeDisk(t, d, 1)
	if err := d.remember(record, first); err != nil {
		t.Fatal(err)
	}
	newWhole, newBoot := writeDisk(t, d, 2)
	if err := d.remember(record, second); err != nil {
		t.Fatal(err)
	}
	if err := d.restore(record, first); err != nil {
		t.Fatal(err)
	}
	same(t, d.boot, boot)
	same(t, d.whole, whole)
	if err := d.remember(record, second); err != nil { // its copy is made once, and not of the other's
		t.Fatal(err)
	}
	if err := d.restore(record, second); err != nil {
		t.Fatal(err)
	}
	same(t, d.boot, newBoot)
	same(t, d.whole, newWhole)
}

// TestBootStays: without a copy that is whole and of the right version nothing is written.
func TestBootStays(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, record string){
		"another version": func(t *testing.T, record string) {
			if err := os.Rename(filepath.Join(record, "boot-2.json"), filepath.Join(record, "boot-3.json")); err != nil {
				t.Fatal(err)
			}
		},
		"damaged": func(t *testing.T, record string) {
			f, err := os.OpenFile(filepath.Join(record, "boot-2.img"), os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.WriteAt([]byte("damaged"), block); err != nil {
				t.Fatal(err)
			}
		},
		"cut off": func(t *testing.T, record string) {
			if err := os.Truncate(filepath.Join(record, "boot-2.img"), block); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			record, dir := t.TempDir(), t.TempDir()
			d := disk{filepath.Join(dir, "disk"), filepath.Join(dir, "boot")}
			writeDisk(t, d, 1)
			if err := d.remember(record, version{2, "v1"}); err != nil {
				t.Fatal(err)
			}
			spoil(t, record)
			whole, boot := writeDisk(t, d, 2)
			if err := d.restore(record, version{2, "v1"}); err == nil {
				t.Error("restored, want an error")
			}
			same(t, d.boot, boot)
			same(t, d.whole, whole)
		})
	}
}

// TestDiskOf finds the first partition, also of a card, whose partitions have a p before their number.
func TestDiskOf(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mmcblk0")
	for name, number := range map[string]string{"mmcblk0p1": "1\n", "mmcblk0p2": "2\n", "queue": ""} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if number == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name, "partition"), []byte(number), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if d, err := diskOf(dir); err != nil || d != (disk{"/dev/mmcblk0", "/dev/mmcblk0p1"}) {
		t.Errorf("disk %+v, %v", d, err)
	}
	if _, err := diskOf(t.TempDir()); err == nil {
		t.Error("a folder without partitions is taken for a disk")
	}
}
