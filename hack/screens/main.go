// SPDX-License-Identifier: EUPL-1.2

// Command screens takes a picture of every screen of the kiosk and of every page for citizens in every layout and language, and writes a page that shows them.
//
// It is run from the top of the repository: go run ./hack/screens. One layout in one
// language takes a quarter of a minute: go run ./hack/screens -run TestScreens/landscape-de$
package main

import (
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"html/template"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fotobox-project/fotobox/ui/text"
)

//go:embed page.html
var page string

func main() {
	dir := flag.String("dir", "screens", "the `folder` of the pictures; those in it are removed first")
	tests := flag.String("run", "^(TestScreens|TestSettings|TestLooks)$", "the `tests` of ui/kiosk and ui/public that take them")
	flag.Parse()
	if err := run(*dir, *tests); err != nil {
		fmt.Fprintln(os.Stderr, "screens:", err)
		os.Exit(1)
	}
}

// run takes the pictures and writes the page, of a failed run too: its pictures tell why.
func run(dir, tests string) error {
	dir, err := filepath.Abs(dir) // the tests run elsewhere
	if err != nil {
		return err
	}
	if err := empty(dir); err != nil {
		return err
	}
	test := exec.Command("go", "test", "-count=1", "-timeout=2h", "-run="+tests, "./ui/kiosk", "./ui/public")
	test.Env = append(os.Environ(), "KIOSK_SHOTS="+dir)
	test.Stdout, test.Stderr = os.Stderr, os.Stderr
	failed := test.Run()
	name, err := index(dir)
	if err == nil {
		fmt.Println(name)
	}
	return errors.Join(failed, err)
}

// empty makes the folder and removes the pictures of an earlier run from it.
func empty(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil {
		return err
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	return nil
}

// index writes the page beside the pictures and returns its name.
func index(dir string) (string, error) {
	pictures, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil {
		return "", err
	}
	if len(pictures) == 0 {
		return "", fmt.Errorf("no pictures in %s: is there a browser?", dir)
	}
	name := filepath.Join(dir, "index.html")
	file, err := os.Create(name)
	if err != nil {
		return "", err
	}
	licence, _, _ := strings.Cut(page, "\n")
	layout, err := template.New("page").Parse(page)
	if err == nil {
		err = layout.Execute(file, struct {
			Licence template.HTML // the template would drop it
			Count   int
			Layouts []group
		}{template.HTML(licence), len(pictures), sorted(pictures)})
	}
	return name, errors.Join(err, file.Close())
}

// A group is the pictures of one layout, by language.
type group struct {
	Name      string
	Languages []language
}

type language struct {
	ID, Name string // "landscape-de", "Deutsch"
	Pictures []picture
}

type picture struct{ File, Screen string }

// sorted groups files that are named layout-language-screen.png; languages stand as the kiosk offers them.
func sorted(files []string) (all []group) {
	for _, file := range files {
		file = filepath.Base(file)
		name := strings.TrimSuffix(file, ".png")
		layout, rest, _ := strings.Cut(name, "-")
		tag, screen := split(rest)
		i := slices.IndexFunc(all, func(g group) bool { return g.Name == layout })
		if i < 0 {
			i, all = len(all), append(all, group{Name: layout})
		}
		all[i].add(layout, tag, picture{file, screen})
	}
	for _, g := range all {
		slices.SortFunc(g.Languages, func(a, b language) int { return place(g.Name, a) - place(g.Name, b) })
	}
	return all
}

func (g *group) add(layout string, l text.Language, p picture) {
	id := layout + "-" + string(l)
	i := slices.IndexFunc(g.Languages, func(other language) bool { return other.ID == id })
	if i < 0 {
		i, g.Languages = len(g.Languages), append(g.Languages, language{ID: id, Name: l.Name()})
	}
	g.Languages[i].Pictures = append(g.Languages[i].Pictures, p)
}

func place(layout string, l language) int {
	return slices.Index(text.Languages(), text.Language(strings.TrimPrefix(l.ID, layout+"-")))
}

// split parts the language from the screen; the longest one that fits is it.
func split(rest string) (l text.Language, screen string) {
	for _, known := range text.Languages() {
		if after, ok := strings.CutPrefix(rest, string(known)+"-"); ok && len(known) > len(l) {
			l, screen = known, after
		}
	}
	return l, screen
}
