// SPDX-License-Identifier: EUPL-1.2

// Command assets fetches KERN and the letters that it lacks from npm, and puts what the pages need
// into ui/style/kern. npm brings axe-core too, which only tests read, from where it lies.
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

// The folder with package.json, the packages' places in it after npm, and the
// place that ui/style embeds.
const (
	npmDir    = "ui/style"
	kernDir   = npmDir + "/node_modules/@kern-ux/native"
	arabicDir = npmDir + "/node_modules/@fontsource/noto-sans-arabic"
	destDir   = npmDir + "/kern"
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
	to, err := os.OpenRoot(destDir)
	if err != nil {
		return err
	}
	defer to.Close()
	if err := placeArabic(os.DirFS(arabicDir), to); err != nil {
		return err
	}
	return place(os.DirFS(kernDir), to)
}

// placeArabic writes the licence, the fonts and a sheet that names them for Arabic letters only,
// so that no other page loads them.
func placeArabic(from fs.FS, to *os.Root) error {
	const folder = "fonts/noto-sans-arabic"
	if err := to.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := carry(from, "LICENSE", to, folder+"/LICENSE"); err != nil {
		return err
	}
	var sheet bytes.Buffer
	for _, weight := range []int{400, 500, 600} {
		name := fmt.Sprintf("noto-sans-arabic-arabic-%d-normal.woff2", weight)
		if err := carry(from, "files/"+name, to, folder+"/"+name); err != nil {
			return err
		}
		fmt.Fprintf(&sheet, arabicFace, weight, name)
	}
	return to.WriteFile(folder+".css", sheet.Bytes(), 0o644)
}

// arabicFace has the blocks of Arabic letters, and the joiners between them.
const arabicFace = `@font-face {
  font-family: "Noto Sans Arabic";
  font-weight: %d;
  src: url("./noto-sans-arabic/%s") format("woff2");
  unicode-range: U+0600-06FF, U+0750-077F, U+08A0-08FF, U+200C-200D, U+FB50-FDFF, U+FE70-FEFF;
}
`

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
		if err := carry(from, name, to, strings.TrimPrefix(name, "dist/")); err != nil {
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
	return carry(from, "dist/kern.min.css", to, "kern.min.css") // last: make takes it as the sign that all is there
}

func carry(from fs.FS, name string, to *os.Root, as string) error {
	data, err := fs.ReadFile(from, name)
	if err != nil {
		return err
	}
	return to.WriteFile(as, data, 0o644)
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
