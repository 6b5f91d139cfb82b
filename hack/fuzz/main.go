// SPDX-License-Identifier: EUPL-1.2

// Command fuzz runs every fuzz target of the project for a while, one after the other, and prints how often each was run.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

func main() {
	length := flag.String("time", "5m", "how long each target runs, as -fuzztime of go test")
	workers := flag.Int("parallel", 1, "workers of each target")
	only := flag.String("only", "", "only targets whose package and name hold this `text`")
	flag.Parse()
	if err := run(*length, *workers, *only); err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		os.Exit(1)
	}
}

// A target is one fuzz function.
type target struct{ dir, name string }

// String is how the target stands in the docs.
func (t target) String() string { return t.dir + "." + t.name }

func run(length string, workers int, only string) error {
	list, err := targets(".")
	if err != nil {
		return err
	}
	var failed error
	for _, t := range list {
		if !strings.Contains(t.String(), only) {
			continue
		}
		var out bytes.Buffer
		c := exec.Command("go", "test", "-run", "^$", "-fuzz", "^"+t.name+"$", "-fuzztime", length, "-parallel", fmt.Sprint(workers), "./"+t.dir)
		c.Stdout, c.Stderr = &out, &out
		if err := c.Run(); err != nil {
			fmt.Printf("%-52s FAILED\n%s\n", t, out.String())
			failed = errors.Join(failed, fmt.Errorf("%s: %w", t, err))
			continue
		}
		fmt.Printf("%-52s %s\n", t, runs(out.String()))
	}
	return failed
}

// targets finds the fuzz functions of all tests below dir.
func targets(dir string) (list []target, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git") {
			return fs.SkipDir
		}
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		found, err := named(path)
		for _, name := range found {
			at, _ := filepath.Rel(dir, filepath.Dir(path)) // path is below dir
			list = append(list, target{filepath.ToSlash(at), name})
		}
		return err
	})
	return list, err
}

// named gives the fuzz functions of one file.
func named(path string) (names []string, err error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Fuzz") {
			names = append(names, f.Name.Name)
		}
	}
	return names, nil
}

// runs is how often the target was run, as its last line of progress says.
func runs(out string) string {
	all := regexp.MustCompile(`execs: (\d+)`).FindAllStringSubmatch(out, -1)
	if len(all) == 0 {
		return "-"
	}
	return all[len(all)-1][1]
}
