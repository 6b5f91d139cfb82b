// SPDX-License-Identifier: EUPL-1.2

// Package kmod loads kernel modules where no modprobe does it: on the appliance, which has neither
// udev nor a shell.
package kmod

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Load loads the named module and, before it, what it depends on. A module that is loaded already
// or built into the kernel is none of its business. The error wraps fs.ErrNotExist when the kernel
// has no such module, and fs.ErrPermission when the program may not load any: that takes root.
func Load(name string) error {
	release, err := running()
	if err != nil {
		return fmt.Errorf("load module %s: %w", name, err)
	}
	t := tree{modules: filepath.Join("/lib/modules", release), sys: "/sys/module", insert: insert}
	if err := t.load(name); err != nil {
		return fmt.Errorf("load module %s: %w", name, err)
	}
	return nil
}

// A tree is where modules lie and how one is put into the kernel.
type tree struct {
	modules string // holds modules.dep and modules.builtin
	sys     string // has a directory for each module that is there
	insert  func(file string) error
}

func (t tree) load(name string) error {
	if t.there(name) {
		return nil
	}
	files, err := t.needed(name)
	if err != nil {
		return err
	}
	for _, file := range files {
		if t.there(moduleName(file)) {
			continue
		}
		if err := t.insert(filepath.Join(t.modules, file)); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

// there tells whether the module works already. A built-in one without parameters
// has no directory; modules.builtin lists it.
func (t tree) there(name string) bool {
	if _, err := os.Stat(filepath.Join(t.sys, moduleName(name))); err == nil {
		return true
	}
	builtin := false
	_ = t.lines("modules.builtin", func(line string) bool {
		builtin = moduleName(line) == moduleName(name)
		return !builtin
	})
	return builtin
}

// needed lists the files to insert, in order. modules.dep names each file and, after a colon, all
// that it depends on, the last of them to be inserted first.
func (t tree) needed(name string) (files []string, err error) {
	err = t.lines("modules.dep", func(line string) bool {
		file, on, ok := strings.Cut(line, ":")
		if !ok || moduleName(file) != moduleName(name) {
			return true
		}
		for f := range strings.FieldsSeq(on) {
			files = append([]string{f}, files...)
		}
		files = append(files, file)
		return false
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s does not list it: %w", filepath.Join(t.modules, "modules.dep"), fs.ErrNotExist)
	}
	return files, err
}

// lines hands each line of a file to f until f has had enough.
func (t tree) lines(name string, f func(line string) bool) (err error) {
	file, err := os.Open(filepath.Join(t.modules, name))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	scanner := bufio.NewScanner(file)
	for scanner.Scan() && f(scanner.Text()) {
	}
	return scanner.Err()
}

// moduleName is what the kernel calls the module of a file: "kernel/x/snd-pcm.ko.xz" is snd_pcm.
func moduleName(file string) string {
	name, _, _ := strings.Cut(path.Base(strings.TrimSpace(file)), ".")
	return strings.ReplaceAll(name, "-", "_")
}
