// SPDX-License-Identifier: EUPL-1.2

// Command measure prints the size and shape of the source, what the house style asks for and what is there,
// what the command `stationd check` takes, and how long a clerk waits for a capture to open.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"slices"
	"strings"
)

func main() {
	into := flag.String("draw", "", "only draw the pictures that stationd is measured with, into this `folder`")
	only := flag.Bool("desk", false, "only measure the desk")
	flag.Parse()
	run := func() error { return errors.Join(source(), stationd(), desk(context.Background())) }
	switch {
	case *into != "":
		run = func() error { return draw(*into) }
	case *only:
		run = func() error { return desk(context.Background()) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

// source prints what the style asks for.
func source() error {
	out, err := exec.Command("git", "ls-files", "*.go").Output()
	if err != nil {
		return err
	}
	var s shape
	for name := range strings.FieldsSeq(string(out)) {
		if err := s.add(name); err != nil {
			return err
		}
	}
	s.print()
	return nil
}

// A shape collects lengths in lines, and methods per interface.
type shape struct {
	files, functions, interfaces []int
	code, tests                  int
}

func (s *shape) add(name string) error {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	lines := set.Position(file.FileEnd).Line
	if strings.HasSuffix(name, "_test.go") {
		s.tests += lines
		return nil
	}
	s.code += lines
	s.files = append(s.files, lines)
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			s.functions = append(s.functions, set.Position(n.End()).Line-set.Position(n.Pos()).Line+1)
		case *ast.InterfaceType:
			s.interfaces = append(s.interfaces, n.Methods.NumFields())
		}
		return true
	})
	return nil
}

func (s *shape) print() {
	fmt.Printf("%-24s %8s %8s %8s %8s   %s\n", "", "count", "median", "90 %", "most", "house style")
	row("lines of a function", s.functions, "median <= 11, 90 % <= 40, none above 70")
	row("lines of a file", s.files, "median <= 110, none above 450")
	row("methods of an interface", s.interfaces, "at most 3")
	fmt.Printf("%-24s %8d\n%-24s %8d   %.2f of the code; about 1\n", "lines of code", s.code, "lines of tests", s.tests, float64(s.tests)/float64(max(s.code, 1)))
}

func row(name string, v []int, want string) {
	if len(v) == 0 {
		return
	}
	slices.Sort(v)
	at := func(q float64) int { return v[int(q*float64(len(v)-1))] }
	fmt.Printf("%-24s %8d %8d %8d %8d   %s\n", name, len(v), at(0.5), at(0.9), v[len(v)-1], want)
}
