// SPDX-License-Identifier: EUPL-1.2

// Package phototest gives tests the photos beside the repository, and makes the same photos bad in known ways.
package phototest

import (
	"encoding/csv"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// A Photo is one row of SOURCES.csv.
type Photo struct {
	Path   string
	Name   string // of the file: set-anything.jpg
	Traits Traits
	Marks  Marks // placed by hand; nil where LANDMARKS.csv has no row
}

// Traits are the labels of a photo, with smile-teeth for the London sitters.
type Traits []string

// Has tells whether one of the labels is there.
func (t Traits) Has(any ...string) bool {
	return slices.ContainsFunc(any, func(label string) bool { return slices.Contains(t, label) })
}

// Set is the collection that a photo comes from.
func (p Photo) Set() string {
	set, _, _ := strings.Cut(p.Name, "-")
	return set
}

// Where gives, of the photos beside the repository that the filter takes, one of so
// many, in the order of their names. Where there are no photos the test is skipped.
func Where(tb testing.TB, every int, filter func(Photo) bool) []Photo {
	tb.Helper()
	dir, err := filepath.Abs(".")
	for err == nil && dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	all, err := Read(filepath.Join(dir, "..", "shared", "photos"))
	if errors.Is(err, fs.ErrNotExist) {
		tb.Skipf("the test photos are not here: %v", err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return Thinned(slices.DeleteFunc(all, func(p Photo) bool { return !filter(p) }), every)
}

// List gives the photos whose names match, as path.Match has it, pattern by pattern,
// and of each pattern one of so many.
func List(tb testing.TB, every int, patterns ...string) (list []Photo) {
	tb.Helper()
	for _, pattern := range patterns {
		list = append(list, Where(tb, every, func(p Photo) bool {
			matches, err := path.Match(pattern, p.Name)
			return matches && err == nil
		})...)
	}
	return list
}

// Thinned keeps one photo of so many, and the first in any case.
func Thinned(list []Photo, every int) (kept []Photo) {
	for i := 0; i < len(list); i += every {
		kept = append(kept, list[i])
	}
	return kept
}

// Read lists the photos of a folder with a SOURCES.csv, and perhaps a LANDMARKS.csv.
func Read(dir string) (list []Photo, err error) {
	rows, err := readTable(filepath.Join(dir, "SOURCES.csv"))
	if err != nil {
		return nil, err
	}
	marks, err := readMarks(filepath.Join(dir, "LANDMARKS.csv"))
	if err != nil {
		return nil, err
	}
	for i, row := range rows {
		name := row["file"]
		if name == "" || filepath.Base(name) != name {
			return nil, fmt.Errorf("read %s: row %d: file %q is no name", filepath.Join(dir, "SOURCES.csv"), i+2, name)
		}
		traits := strings.Fields(row["traits"])
		if showsTeeth(name) {
			traits = append(traits, "smile-teeth")
		}
		list = append(list, Photo{filepath.Join(dir, name), name, traits, marks[name]})
	}
	return list, nil
}

// showsTeeth tells which smiles of the London set show teeth; SOURCES.csv labels
// them only as smiles. They were looked at one by one.
func showsTeeth(name string) bool {
	const teeth = "002 008 010 016 024 027 030 032 037 038 041 061 062 063 066 091 099 103 104 105 114 118 119 120 129 139"
	rest, smile := strings.CutPrefix(name, "london-smile-")
	number, _, _ := strings.Cut(rest, "-")
	return smile && slices.Contains(strings.Fields(teeth), number)
}

// readTable gives the rows of a file with a header, by column.
func readTable(path string) (list []map[string]string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	for i := 1; i < len(rows); i++ {
		row := map[string]string{}
		for column, key := range rows[0] {
			row[key] = rows[i][column]
		}
		list = append(list, row)
	}
	return list, nil
}

// readMarks gives the points by file; a folder without them has none.
func readMarks(path string) (map[string]Marks, error) {
	rows, err := readTable(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	all := map[string]Marks{}
	for _, row := range rows {
		marks := Marks{}
		for key, x := range row {
			name, ok := strings.CutSuffix(key, "_x")
			if !ok {
				continue
			}
			var p Point
			var errs [2]error
			p.X, errs[0] = strconv.ParseFloat(x, 64)
			p.Y, errs[1] = strconv.ParseFloat(row[name+"_y"], 64)
			if err := errors.Join(errs[:]...); err != nil {
				return nil, fmt.Errorf("read %s: %s: %s: %w", path, row["file"], name, err)
			}
			marks[name] = p
		}
		all[row["file"]] = marks
	}
	return all, err
}

// Decode gives the photo as the programs read it.
func (p Photo) Decode() (pixel.Picture, error) {
	file, err := os.Open(p.Path)
	if err != nil {
		return pixel.Picture{}, err
	}
	defer file.Close()
	picture, err := pixel.Decode(file)
	if err != nil {
		return pixel.Picture{}, fmt.Errorf("%s: %w", p.Name, err)
	}
	return picture, nil
}

// Open gives the photo as a picture to paint on, which begins at (0, 0).
func (p Photo) Open() (*image.NRGBA, pixel.ColourSpace, error) {
	picture, err := p.Decode()
	if err != nil {
		return nil, 0, err
	}
	b := picture.Bounds()
	img := image.NewNRGBA(image.Rectangle{Max: b.Size()})
	draw.Draw(img, img.Rect, picture.Image, b.Min, draw.Src)
	return img, picture.ColourSpace, nil
}

// Picture is Decode for a test, which fails where that does.
func (p Photo) Picture(tb testing.TB) pixel.Picture {
	tb.Helper()
	picture, err := p.Decode()
	if err != nil {
		tb.Fatal(err)
	}
	return picture
}
