// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A suite is the tests of one package that need a real kernel: those in its
// lab_test.go and lab_*_test.go. Lines there ask for more than other suites get:
//
//	//lab:program daemon/stationd   built too, as /lab/bin/stationd
//	//lab:memory 1536               of the machine, MiB
//	//lab:timeout 10m               of all tests together
type suite struct {
	dir      string // below the module's root, with slashes
	tests    []string
	programs []string // folders
	memory   int
	timeout  time.Duration
}

func (s suite) String() string { return s.dir }

// suites finds all of them below root, in the order of their folders.
func suites(root string) ([]suite, error) {
	var list []suite
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && file != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules") {
			return filepath.SkipDir
		}
		if name != "lab_test.go" && !(strings.HasPrefix(name, "lab_") && strings.HasSuffix(name, "_test.go")) {
			return nil
		}
		dir, err := filepath.Rel(root, filepath.Dir(file))
		if err != nil {
			return err
		}
		if dir = filepath.ToSlash(dir); len(list) == 0 || list[len(list)-1].dir != dir {
			list = append(list, suite{dir: dir, memory: 768, timeout: 5 * time.Minute})
		}
		return list[len(list)-1].read(file)
	})
	return list, err
}

// read adds a file's tests and wishes.
func (s *suite) read(file string) error {
	tests, err := testNames(file)
	if err != nil {
		return err
	}
	s.tests = append(s.tests, tests...)
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for _, wish := range regexp.MustCompile(`(?m)^//lab:(\w+) (\S+)$`).FindAllStringSubmatch(string(text), -1) {
		switch wish[1] {
		case "program":
			s.programs = append(s.programs, wish[2])
		case "memory":
			s.memory, err = strconv.Atoi(wish[2])
		case "timeout":
			s.timeout, err = time.ParseDuration(wish[2])
		default:
			err = errors.New("not known")
		}
		if err != nil {
			return fmt.Errorf("%s: %s: %w", file, wish[0], err)
		}
	}
	return nil
}

// testNames lists the test functions of a file.
func testNames(file string) ([]string, error) {
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, d := range tree.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") && f.Name.Name != "TestMain" {
			names = append(names, f.Name.Name)
		}
	}
	return names, nil
}

// only keeps the tests whose names match.
func (s suite) only(re *regexp.Regexp) suite {
	s.tests = slices.DeleteFunc(slices.Clone(s.tests), func(name string) bool { return !re.MatchString(name) })
	return s
}

// build compiles a package below root, or its tests, for the guest.
func build(root, pkg, out string, verb ...string) error {
	c := exec.Command("go", append(verb, "-trimpath", "-ldflags=-s -w", "-o", out, "./"+pkg)...)
	c.Dir = root
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+guestArch)
	if said, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s for the lab: %w\n%s", pkg, err, said)
	}
	return nil
}

// cyclesKey names how often tests plug a device in and out, for figures of long runs.
const cyclesKey = "FOTOBOX_LAB_CYCLES"

// machine makes the suite ready to boot, with files in a folder of its own.
func (s suite) machine(k kernel, root, dir string) (machine, error) {
	m := machine{kernel: k, init: filepath.Join(dir, "init"), files: map[string]string{}, memory: s.memory, timeout: s.timeout}
	if os.Getenv(cyclesKey) != "" {
		m.timeout = time.Hour
	}
	binary := filepath.Join(dir, filepath.Base(s.dir)+".test")
	m.argv = []string{binary, "-test.v", "-test.timeout=" + m.timeout.String(), "-test.run=^(" + strings.Join(s.tests, "|") + ")$"}
	if err := build(root, "hack/lab/guestinit", m.init, "build"); err != nil {
		return m, err
	}
	if err := build(root, s.dir, binary, "test", "-c"); err != nil {
		return m, err
	}
	for _, pkg := range s.programs {
		name := filepath.Base(pkg)
		m.files["/lab/bin/"+name] = filepath.Join(dir, "bin", name)
		if err := build(root, pkg, m.files["/lab/bin/"+name], "build"); err != nil {
			return m, err
		}
	}
	return m, m.carry(root, s.dir)
}

// carry takes the package's testdata along: the test's folder is /lab.
func (m machine) carry(root, dir string) error {
	data := filepath.Join(root, filepath.FromSlash(dir), "testdata")
	err := filepath.WalkDir(data, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(data, file)
		m.files["/lab/testdata/"+filepath.ToSlash(rel)] = file
		return err
	})
	if os.IsNotExist(err) {
		return nil
	}
	return err
}
