// SPDX-License-Identifier: EUPL-1.2

package main

import (
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
	"strings"
	"time"
)

// A suite is the tests of one package that need a real kernel: those in its
// lab_test.go and lab_*_test.go.
type suite struct {
	dir   string // below the module's root, with slashes
	tests []string
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
		tests, err := testNames(file)
		if err != nil || len(tests) == 0 {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(file))
		if n := len(list); n > 0 && list[n-1].dir == filepath.ToSlash(dir) {
			list[n-1].tests = append(list[n-1].tests, tests...)
		} else {
			list = append(list, suite{filepath.ToSlash(dir), tests})
		}
		return err
	})
	return list, err
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

// machine makes the suite ready to boot, with files in a folder of its own.
func (s suite) machine(k kernel, root, dir string) (machine, error) {
	m := machine{kernel: k, init: filepath.Join(dir, "init"), files: map[string]string{}, memory: 768, timeout: 5 * time.Minute}
	binary := filepath.Join(dir, filepath.Base(s.dir)+".test")
	m.argv = []string{binary, "-test.v", "-test.timeout=" + m.timeout.String(), "-test.run=^(" + strings.Join(s.tests, "|") + ")$"}
	if err := build(root, "hack/lab/guestinit", m.init, "build"); err != nil {
		return m, err
	}
	if err := build(root, s.dir, binary, "test", "-c"); err != nil {
		return m, err
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
