// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

const sheet = `@font-face {
    font-family: 'Fira Sans';
    src: url("./fira-sans/FiraSans-Light.woff2") format('woff2');
}

@font-face {
    font-family: 'Fira Sans';
    src: url("./fira-sans/FiraSans-Regular.woff2") format('woff2');
}

@font-face { src: url("./fira-sans/FiraSans-Medium.woff2"); }
@font-face { src: url("./fira-sans/FiraSans-SemiBold.woff2"); }
`

func npmTree() fstest.MapFS {
	tree := fstest.MapFS{
		"LICENSE.md":               {Data: []byte("EUPL")},
		"dist/kern.min.css":        {Data: []byte("body{}")},
		"dist/fonts/fira-sans.css": {Data: []byte(sheet)},
	}
	for _, cut := range append(cuts(), "Light") {
		tree["dist/fonts/fira-sans/FiraSans-"+cut+".woff2"] = &fstest.MapFile{Data: []byte(cut)}
	}
	return tree
}

// TestPlace checks that every address in the font sheet leads to a file that was placed.
func TestPlace(t *testing.T) {
	to, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	if err := place(npmTree(), to); err != nil {
		t.Fatal(err)
	}
	faces, err := to.ReadFile("fonts/fira-sans.css")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(faces), "Light") {
		t.Errorf("fira-sans.css names a cut that is not placed:\n%s", faces)
	}
	for _, cut := range cuts() {
		got, err := to.ReadFile("fonts/fira-sans/FiraSans-" + cut + ".woff2")
		if err != nil || string(got) != cut {
			t.Errorf("font %s: got %q, %v", cut, got, err)
		}
		if !strings.Contains(string(faces), cut) {
			t.Errorf("fira-sans.css does not name %s", cut)
		}
	}
}

// TestPlaceArabic: every font that the sheet names is there, and none is left out in silence.
func TestPlaceArabic(t *testing.T) {
	tree := fstest.MapFS{"LICENSE": {Data: []byte("OFL")}}
	for _, weight := range []string{"400", "500", "600"} {
		to, err := os.OpenRoot(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer to.Close()
		if err := placeArabic(tree, to); err == nil {
			t.Errorf("without weight %s: got no error", weight)
		}
		tree["files/noto-sans-arabic-arabic-"+weight+"-normal.woff2"] = &fstest.MapFile{Data: []byte(weight)}
	}
	to, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	if err := placeArabic(tree, to); err != nil {
		t.Fatal(err)
	}
	sheet, err := to.ReadFile("fonts/noto-sans-arabic.css")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(sheet), "@font-face"); got != 3 {
		t.Errorf("the sheet names %d fonts, want 3:\n%s", got, sheet)
	}
}

func TestPlaceMissing(t *testing.T) {
	for _, name := range []string{"LICENSE.md", "dist/kern.min.css", "dist/fonts/fira-sans.css", "dist/fonts/fira-sans/FiraSans-Medium.woff2"} {
		to, err := os.OpenRoot(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		tree := npmTree()
		delete(tree, name)
		if err := place(tree, to); err == nil {
			t.Errorf("without %s: got no error", name)
		}
		to.Close()
	}
}

func TestFontFacesMissingCut(t *testing.T) {
	if got, err := fontFaces([]byte(sheet), []string{"Regular", "Black"}); err == nil {
		t.Errorf("got %q, want an error", got)
	}
}
