// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The layout that gok gives a disk, in bytes.
const (
	mib       = 1 << 20
	bootStart = 4 * mib
	bootSize  = 100 * mib
	rootStart = bootStart + bootSize
	rootSize  = 500 * mib
	permStart = rootStart + 2*rootSize
	tableEnd  = 17 << 10 // the second partition table, at the end of the disk
)

// diskSize is of every image: smaller than any card that is sold, and with room
// for four days of captures (100 a day of 3 MB) when nobody takes them in.
const diskSize = 4 << 30

// A file is put onto the data partition.
type file struct {
	name string // slash-separated, below /perm
	mode os.FileMode
	data []byte
}

// A stamp makes file systems that differ from one another, or on purpose not.
type stamp struct {
	uuid string
	date time.Time
}

// fresh is the stamp of a card.
func fresh() stamp {
	b := make([]byte, 16)
	rand.Read(b) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return stamp{fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), time.Now()}
}

// fixed is the stamp of an image: two builds of one commit must be the same.
func fixed(v release) stamp { return stamp{"6a0e44b2-30f7-4b43-9d0c-7f9a51c2a9f4", v.date} }

// formatPerm makes the data partition in a disk image and puts the files onto it.
// The file system can encrypt folders. Its tables are written now, since the
// kernel would otherwise do so in an idle hour of the appliance. Where it finds damage
// the kernel stops writing, so that the station says that it can store nothing.
func (r repository) formatPerm(ctx context.Context, image string, size int64, s stamp, files []file) error {
	env := []string{"E2FSPROGS_FAKE_TIME=" + fmt.Sprint(s.date.Unix()), "PATH=" + os.Getenv("PATH") + ":/usr/sbin:/sbin"}
	kib := fmt.Sprint((size - permStart - tableEnd) >> 10)
	options := fmt.Sprintf("offset=%d,lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0,hash_seed=%s", permStart, s.uuid)
	if err := r.quiet(ctx, env, "env", "mkfs.ext4", "-q", "-F", "-O", "encrypt", "-L", "perm", "-m", "1", "-e", "remount-ro", "-J", "size=16", "-i", "65536",
		"-U", s.uuid, "-E", options, image, kib); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "fotobox-perm")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	script, err := stage(dir, files)
	if err != nil {
		return err
	}
	commands := filepath.Join(dir, "commands")
	if err := os.WriteFile(commands, []byte(script), 0o600); err != nil {
		return err
	}
	return r.quiet(ctx, env, "env", "debugfs", "-w", "-f", commands, fmt.Sprintf("%s?offset=%d", image, permStart))
}

// stage writes the files' contents below dir and returns what debugfs must do to
// have them, owned by root, in the file system.
func stage(dir string, files []file) (string, error) {
	var script strings.Builder
	var folders []string
	for i, f := range files {
		for d := path.Dir(f.name); d != "."; d = path.Dir(d) {
			if !slices.Contains(folders, d) {
				folders = append(folders, d)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), f.data, 0o600); err != nil {
			return "", err
		}
	}
	slices.Sort(folders) // a folder before what is in it
	for _, d := range folders {
		fmt.Fprintf(&script, "mkdir /%s\nsif /%s mode 040700\n", d, d)
	}
	for i, f := range files {
		fmt.Fprintf(&script, "write %s /%s\nsif /%s mode 0100%o\nsif /%s uid 0\nsif /%s gid 0\n",
			filepath.Join(dir, fmt.Sprint(i)), f.name, f.name, f.mode, f.name, f.name)
	}
	return script.String(), nil
}
