// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/fotobox-project/fotobox/internal/durable"
)

// There are two roots but one boot partition, which an update overwrites: without a copy of it,
// the way back would end at the new kernel, which does not load the old root's modules.

// A disk is what the machine starts from.
type disk struct {
	whole string // device; its first bytes are boot code
	boot  string // device of the first partition
}

// codeSize is of the boot code. What follows it in the first sector is the partition table.
const codeSize = 446

// block is how much is compared and written at once, in bytes.
const block = 1 << 20

// A bootCopy says what a copy of the boot partition is.
type bootCopy struct {
	Release string `json:"release"` // that was started with it
	Code    []byte `json:"code"`
	Size    int64  `json:"size"` // bytes; the partition's end, which is empty, is left out
	Sum     []byte `json:"sum"`  // SHA-256
}

// copyFiles are the names of the copy that belongs to a root.
func copyFiles(root int) (data, about string) {
	return fmt.Sprintf("boot-%d.img", root), fmt.Sprintf("boot-%d.json", root)
}

// findDisk finds it by the partition that is mounted as root.
func findDisk() (disk, error) {
	var root syscall.Stat_t
	if err := syscall.Stat("/", &root); err != nil {
		return disk{}, fmt.Errorf("find disk: %w", err)
	}
	partition, err := filepath.EvalSymlinks(fmt.Sprintf("/sys/dev/block/%d:%d", unix.Major(root.Dev), unix.Minor(root.Dev)))
	if err != nil {
		return disk{}, fmt.Errorf("find disk: %w", err)
	}
	return diskOf(filepath.Dir(partition))
}

// diskOf is the disk of a directory in /sys, which has one for each partition.
func diskOf(dir string) (disk, error) {
	numbers, err := filepath.Glob(filepath.Join(dir, "*", "partition"))
	if err != nil {
		return disk{}, err
	}
	for _, name := range numbers {
		if n, err := os.ReadFile(name); err == nil && strings.TrimSpace(string(n)) == "1" {
			return disk{filepath.Join("/dev", filepath.Base(dir)), filepath.Join("/dev", filepath.Base(filepath.Dir(name)))}, nil
		}
	}
	return disk{}, fmt.Errorf("find disk: %s has no first partition", dir)
}

// remember copies what the running version was started with, once. It comes right after the start,
// before an update can have changed it.
func (d disk) remember(path string, v version) error {
	dir, err := durable.Open(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	data, about := copyFiles(v.Root)
	was, err := readCopy(dir, about)
	if err == nil && was.Release == v.Release {
		return nil
	}
	c := bootCopy{Release: v.Release}
	if c.Code, err = readCode(d.whole); err != nil {
		return err
	}
	boot, err := os.Open(d.boot)
	if err != nil {
		return err
	}
	defer boot.Close()
	if c.Size, err = used(boot); err != nil {
		return err
	}
	sum := sha256.New()
	if err := dir.Write(data, io.TeeReader(io.NewSectionReader(boot, 0, c.Size), sum)); err != nil {
		return err
	}
	c.Sum = sum.Sum(nil)
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return dir.Write(about, bytes.NewReader(text)) // makes it count
}

func readCopy(dir *durable.Dir, about string) (bootCopy, error) {
	var c bootCopy
	text, err := dir.Root.ReadFile(about)
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	return c, err
}

func readCode(device string) ([]byte, error) {
	f, err := os.Open(device)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	code := make([]byte, codeSize)
	_, err = io.ReadFull(f, code)
	return code, err
}

// used is where the last block ends that holds anything but zeros.
func used(r io.Reader) (int64, error) {
	empty, b := make([]byte, block), make([]byte, block)
	for at, end := int64(0), int64(0); ; {
		n, err := io.ReadFull(r, b)
		if at += int64(n); !bytes.Equal(b[:n], empty[:n]) {
			end = at
		}
		switch {
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			return end, nil
		case err != nil:
			return 0, err
		}
	}
}

// restore writes back what the version was started with. What is the same already stays untouched:
// with the same kernel that is nearly everything, and a power cut has little to damage.
func (d disk) restore(path string, v version) error {
	dir, err := durable.Open(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	data, about := copyFiles(v.Root)
	c, err := readCopy(dir, about)
	if errors.Is(err, fs.ErrNotExist) || err == nil && c.Release != v.Release {
		return fmt.Errorf("there is no copy of the boot partition of %s", v.Release)
	}
	if err != nil {
		return err
	}
	f, err := dir.Root.Open(data)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return err
	}
	if !bytes.Equal(sum.Sum(nil), c.Sum) {
		return fmt.Errorf("the copy of the boot partition of %s is damaged", v.Release)
	}
	if err := rewrite(d.boot, io.NewSectionReader(f, 0, c.Size)); err != nil {
		return err
	}
	return rewrite(d.whole, bytes.NewReader(c.Code))
}

// rewrite gives a device the content of r from its beginning on.
func rewrite(device string, r io.Reader) (err error) {
	f, err := os.OpenFile(device, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	want, is := make([]byte, block), make([]byte, block)
	for at := int64(0); ; at += block {
		n, err := io.ReadFull(r, want)
		if n > 0 {
			if _, err := f.ReadAt(is[:n], at); err != nil {
				return err
			}
			if !bytes.Equal(is[:n], want[:n]) {
				if _, err := f.WriteAt(want[:n], at); err != nil {
					return err
				}
			}
		}
		switch {
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			return f.Sync()
		case err != nil:
			return err
		}
	}
}
