// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A moduleSet finds modules with all that they need, in the order of loading.
// Debian's package has no modules.dep, which is written when it is installed, so
// the dependencies are read from the modules themselves.
type moduleSet struct {
	files   map[string]string // by name with underscores
	builtin map[string]bool
	data    map[string][]byte
	order   []string
}

// newModuleSet looks at the modules of a kernel.
func newModuleSet(k kernel) (*moduleSet, error) {
	s := &moduleSet{files: map[string]string{}, builtin: map[string]bool{}, data: map[string][]byte{}}
	for _, dir := range []string{k.modules, k.extra} {
		err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
			if name, ok := moduleName(file); ok && err == nil && d.Type().IsRegular() {
				s.files[name] = file
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	list, err := os.ReadFile(filepath.Join(k.modules, "modules.builtin"))
	for line := range strings.FieldsSeq(string(list)) {
		if name, ok := moduleName(line); ok {
			s.builtin[name] = true
		}
	}
	return s, err
}

// moduleName is a module's name as the kernel writes it.
func moduleName(file string) (string, bool) {
	name := filepath.Base(file)
	for _, ending := range []string{".ko", ".ko.xz"} {
		if cut, ok := strings.CutSuffix(name, ending); ok {
			return strings.ReplaceAll(cut, "-", "_"), true
		}
	}
	return "", false
}

// add puts a module behind what it needs.
func (s *moduleSet) add(name string) error {
	name = strings.ReplaceAll(name, "-", "_")
	if s.data[name] != nil || s.builtin[name] {
		return nil
	}
	b, err := s.read(name)
	if err != nil {
		return err
	}
	s.data[name] = b
	needs, err := moduleNeeds(b)
	if err != nil {
		return fmt.Errorf("module %s: %w", name, err)
	}
	for _, n := range needs {
		if err := s.add(n); err != nil {
			return err
		}
	}
	s.order = append(s.order, name)
	return nil
}

func (s *moduleSet) read(name string) ([]byte, error) {
	file := s.files[name]
	switch {
	case file == "":
		return nil, fmt.Errorf("the kernel has no module %q", name)
	case filepath.Ext(file) == ".xz":
		return exec.Command("xz", "-dc", file).Output()
	}
	return os.ReadFile(file)
}

// moduleNeeds reads which other modules must be loaded first.
func moduleNeeds(module []byte) ([]string, error) {
	f, err := elf.NewFile(bytes.NewReader(module))
	if err != nil {
		return nil, err
	}
	section := f.Section(".modinfo")
	if section == nil {
		return nil, errors.New("it has no section .modinfo")
	}
	info, err := section.Data()
	if err != nil {
		return nil, err
	}
	for line := range bytes.SplitSeq(info, []byte{0}) {
		if list, ok := bytes.CutPrefix(line, []byte("depends=")); ok && len(list) > 0 {
			return strings.Split(string(list), ","), nil
		}
	}
	return nil, nil
}
