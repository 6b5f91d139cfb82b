// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// folder writes rendered sitters with a SOURCES.csv.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	var rows strings.Builder
	rows.WriteString("file,repo,path,licence,description,subject,traits\n")
	for i, traits := range []string{"neutral mouth-closed plain-bg", "neutral mouth-closed plain-bg", "smile-teeth plain-bg", "no-face"} {
		s := person(i)
		if strings.Contains(traits, "smile") {
			s.Smile = 1
		}
		img, _ := s.Render(image.Pt(300, 400))
		if traits == "no-face" {
			img = image.NewNRGBA(img.Rect)
		}
		name := fmt.Sprintf("sitter-%d.jpg", i)
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		rows.WriteString(name + ",,,own,rendered,," + traits + "\n")
	}
	if err := os.WriteFile(filepath.Join(dir, "SOURCES.csv"), []byte(rows.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// few are the faults and sweeps of a short run.
func few() plan {
	p := plan{every: 1, thumbs: true}
	for _, f := range faults() {
		switch f.name {
		case "roll 14", "lids shut", "same person twice", "harmless: noise 3 levels":
			p.faults = append(p.faults, f)
		}
	}
	for _, s := range sweeps() {
		if s.name == "roll" {
			s.at, s.persons = []float64{-10, 0, 10}, 1
			p.sweeps = append(p.sweeps, s)
		}
	}
	return p
}

func TestEvaluate(t *testing.T) {
	e, err := evaluate(folder(t), few())
	if err != nil {
		t.Fatal(err)
	}
	if len(e.good) != 2 || !e.good["sitter-0.jpg"] || !e.good["sitter-1.jpg"] {
		t.Errorf("the good set is %v", e.good)
	}
	cases := map[string]kase{}
	for _, k := range e.cases() {
		cases[k.name] = k
	}
	for name, want := range map[string]rate{"roll 14": {2, 2}, "same person twice": {2, 2}, "photos: smile-teeth": {1, 1}, "photos: no-face": {1, 1}} {
		if got := cases[name].caught; got != want {
			t.Errorf("%s: caught %d of %d, want %d of %d", name, got.n, got.of, want.n, want.of)
		}
	}
	if k, ok := cases["lids shut"]; ok {
		t.Errorf("lids were shut on %d photos without points placed by hand", k.caught.of)
	}
	for _, c := range e.criteria() {
		if c.rule.ID == "1.3" && (c.good != rate{0, 2} || c.other != rate{0, 1}) {
			t.Errorf("roll: %v of the good and %v of the others outside, want none of 2 and none of 1", c.good, c.other)
		}
	}
	t.Run("text", func(t *testing.T) { e.testText(t) })
	t.Run("page", func(t *testing.T) { e.testPage(t) })
}

func (e *evaluation) testText(t *testing.T) {
	var b strings.Builder
	if err := e.print(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"4 photos, 2 of them good", "roll 14 ", "roll, degrees ", "harmless: noise 3 levels", "Targets", "sitter: roll error"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the text lacks %q:\n%s", want, b.String())
		}
	}
}

func (e *evaluation) testPage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "page.html")
	if err := e.writePage(path); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<svg viewBox", "1.3 against roll", "same person twice", `class="limit"`, `class="truth"`} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, never := range []string{"ZgotmplZ", "http://", "https://", "<script"} {
		if bytes.Contains(page, []byte(never)) {
			t.Errorf("the page contains %q", never)
		}
	}
}

func TestPageStaysOutsideTheRepository(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, ".git", "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	if outsideRepository(filepath.Join(dir, "page.html")) == nil {
		t.Error("a page in a checkout was allowed")
	}
	if err := outsideRepository(filepath.Join(t.TempDir(), "page.html")); err != nil {
		t.Error(err)
	}
}
