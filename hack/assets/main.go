// SPDX-License-Identifier: EUPL-1.2

// Command assets fetches KERN from npm and puts what the pages need into ui/style/kern.
//
// It is run from the top of the repository: go run ./hack/assets.
package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
)

// The folder with package.json, KERN's place in it after npm, and the place
// that ui/style embeds.
const (
	npmDir  = "ui/style"
	kernDir = npmDir + "/node_modules/@kern-ux/native"
	destDir = npmDir + "/kern"
)

// cuts are the three weights that kern.min.css names: 400, 500 and 600. The
// package brings 32 of them, 4 MB.
func cuts() []string { return []string{"Regular", "Medium", "SemiBold"} }

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

func run() error {
	npm := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir, npm.Stdout, npm.Stderr = npmDir, os.Stderr, os.Stderr
	if err := npm.Run(); err != nil {
		return fmt.Errorf("npm ci in %s: %w", npmDir, err)
	}
	from, err := os.OpenRoot(kernDir)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenRoot(destDir)
	if err != nil {
		return err
	}
	defer to.Close()
	return place(from.FS(), to)
}

// place writes the licence, the fonts, the sheet that names them and KERN's own, each to where the relative addresses of the sheets find it.
func place(from fs.FS, to *os.Root) error {
	if err := to.MkdirAll("fonts/fira-sans", 0o755); err != nil {
		return err
	}
	names := []string{"LICENSE.md"}
	for _, cut := range cuts() {
		names = append(names, "dist/fonts/fira-sans/FiraSans-"+cut+".woff2")
	}
	for _, name := range names {
		if err := carry(from, name, to); err != nil {
			return err
		}
	}
	sheet, err := fs.ReadFile(from, "dist/fonts/fira-sans.css")
	if err != nil {
		return err
	}
	faces, err := fontFaces(sheet, cuts())
	if err != nil {
		return err
	}
	if err := to.WriteFile("fonts/fira-sans.css", faces, 0o644); err != nil {
		return err
	}
	return carry(from, "dist/kern.min.css", to) // last: make takes it as the sign that all is there
}

// carry copies a file to its name below dist.
func carry(from fs.FS, name string, to *os.Root) error {
	data, err := fs.ReadFile(from, name)
	if err != nil {
		return err
	}
	return to.WriteFile(strings.TrimPrefix(name, "dist/"), data, 0o644)
}

// fontFaces keeps the @font-face rules of the named cuts, so that no rule
// points to a font that is not there.
func fontFaces(sheet []byte, cuts []string) ([]byte, error) {
	rule := regexp.MustCompile(`@font-face\s*\{[^}]*FiraSans-(\w+)\.woff2[^}]*\}\n?`)
	var kept bytes.Buffer
	var found []string
	for _, m := range rule.FindAllSubmatch(sheet, -1) {
		if cut := string(m[1]); slices.Contains(cuts, cut) {
			kept.Write(m[0])
			found = append(found, cut)
		}
	}
	if len(found) != len(cuts) {
		return nil, fmt.Errorf("fira-sans.css has the cuts %q, want %q", found, cuts)
	}
	return kept.Bytes(), nil
}
