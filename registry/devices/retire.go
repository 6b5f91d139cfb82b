// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"bytes"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/internal/durable"
)

// What was retired keeps its end in its name: office-until-20261106T120000Z.key.
const (
	untilLayout        = "20060102T150405Z"
	sealRetired        = "office"
	appointmentRetired = "appointment"
)

// retiredName is the name of a retired key.
func retiredName(kind string, until time.Time, ending string) string {
	return kind + "-until-" + until.UTC().Format(untilLayout) + ending
}

// parseRetired reads what retiredName has made.
func parseRetired(name string) (kind string, until time.Time, ok bool) {
	kind, rest, ok := strings.Cut(name, "-until-")
	if !ok {
		return "", time.Time{}, false
	}
	stamp, _, ok := strings.Cut(rest, ".")
	until, err := time.Parse(untilLayout, stamp)
	return kind, until, ok && err == nil
}

// retiredNames yields the retired files of a kind, the newest first.
func retiredNames(path, kind string) iter.Seq[string] {
	return func(yield func(string) bool) {
		all, _ := filepath.Glob(filepath.Join(path, kind+"-until-*")) // the pattern is well formed
		slices.Sort(all)
		for _, name := range slices.Backward(all) {
			if k, _, ok := parseRetired(filepath.Base(name)); ok && k == kind && !yield(filepath.Base(name)) {
				return
			}
		}
	}
}

// expire removes the retired keys whose end has come, for good.
func expire(path string, now time.Time) (removed []string, err error) {
	var due []string
	for _, kind := range []string{sealRetired, appointmentRetired} {
		for name := range retiredNames(path, kind) {
			if _, until, _ := parseRetired(name); !now.Before(until) {
				due = append(due, name)
			}
		}
	}
	if len(due) == 0 {
		return nil, nil
	}
	err = change(path, func(d *folderDir) error {
		for _, name := range due {
			if err := d.shred(name); err != nil {
				return err
			}
			removed = append(removed, name)
		}
		return nil
	})
	return removed, err
}

// folderDir is the folder keys while it is changed.
type folderDir struct{ *durable.Dir }

// changeIn changes the folder keys below the office's directory.
func changeIn(dir string, do func(*folderDir) error) error {
	return change(filepath.Join(dir, folder), do)
}

// change holds the folder's lock, so that server and command do not meet, and
// finishes what was interrupted before.
func change(path string, do func(*folderDir) error) error {
	d, err := durable.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	unlock, err := d.Lock()
	if err != nil {
		return err
	}
	defer unlock() // closing releases it in any case
	f := &folderDir{d}
	if err := f.finish(); err != nil {
		return err
	}
	return do(f)
}

// shred overwrites a file before it removes it. What the disk itself keeps of
// old blocks is out of reach.
func (d *folderDir) shred(name string) error {
	if err := d.blank(name); err != nil {
		return fmt.Errorf("remove %s: %w", name, err)
	}
	return d.Remove(name)
}

func (d *folderDir) blank(name string) error {
	f, err := d.Root.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if _, err := f.Write(bytes.Repeat([]byte{0}, int(info.Size()))); err != nil {
		return err
	}
	return f.Sync()
}

// replaced is an old content that has still to be overwritten.
const replaced = "replaced.key"

// replace writes a file's new content and overwrites the old one.
func (d *folderDir) replace(name, content string) error {
	if err := d.Root.Link(name, replaced); err != nil {
		return err
	}
	if err := d.Write(name, strings.NewReader(content)); err != nil {
		return err
	}
	return d.shred(replaced)
}

func (d *folderDir) writeRecipients(list []string) error {
	return d.Write(recipientsFile, strings.NewReader(strings.Join(list, "\n")+"\n"))
}
