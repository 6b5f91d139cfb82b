// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"encoding/csv"
	"image"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// photoFolder lies beside the repository; it is not part of it.
const photoFolder = "../../../shared/photos"

// photo is one line of SOURCES.csv, its file, and what was found in it.
type photo struct {
	name, set string
	traits    []string
	picture   pixel.Picture
	faces     []Face
}

func (p photo) is(trait string) bool { return slices.Contains(p.traits, trait) }

func finder(t testing.TB) *Finder {
	t.Helper()
	f, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// table reads a CSV file of the photos' folder as one map a line.
func table(t testing.TB, name string) (lines []map[string]string) {
	t.Helper()
	file, err := os.Open(filepath.Join(photoFolder, name))
	if err != nil {
		t.Skipf("the test photos are not here: %v", err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records[1:] {
		line := map[string]string{}
		for i, key := range records[0] {
			line[key] = r[i]
		}
		lines = append(lines, line)
	}
	return lines
}

func open(name string) (pixel.Picture, error) {
	file, err := os.Open(filepath.Join(photoFolder, name))
	if err != nil {
		return pixel.Picture{}, err
	}
	defer file.Close()
	return pixel.Decode(file)
}

// portrait is a photo of one face, for tests that need no particular one.
func portrait(t testing.TB) pixel.Picture {
	t.Helper()
	p, err := open("london-001-03.jpg")
	if err != nil {
		t.Skipf("the test photos are not here: %v", err)
	}
	return p
}

// photos decodes the files that the filter takes: each 16th of them under the
// race detector.
func photos(t testing.TB, filter func(photo) bool) (all []photo) {
	t.Helper()
	taken := 0
	for _, line := range table(t, "SOURCES.csv") {
		set, _, _ := strings.Cut(line["file"], "-")
		p := photo{name: line["file"], set: set, traits: strings.Fields(line["traits"])}
		if !filter(p) {
			continue
		}
		if taken++; underRace && taken%16 != 0 {
			continue
		}
		all = append(all, p)
	}
	return each(t, all, func(p *photo) (err error) {
		p.picture, err = open(p.name)
		return err
	})
}

// searched gives the photos with the faces that the search finds.
func searched(t testing.TB, all []photo, search func(image.Image) ([]Face, error)) []photo {
	t.Helper()
	return each(t, slices.Clone(all), func(p *photo) (err error) {
		p.faces, err = search(p.picture)
		return err
	})
}

// each works on two photos at a time.
func each(t testing.TB, all []photo, work func(*photo) error) []photo {
	t.Helper()
	var group errgroup.Group
	group.SetLimit(2)
	for i := range all {
		group.Go(func() error { return work(&all[i]) })
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	return all
}

// searches are both ways to search, which must hold the same promises.
func searches(f *Finder) map[string]func(image.Image) ([]Face, error) {
	return map[string]func(image.Image) ([]Face, error){"Find": f.Find, "Track": f.Track}
}

// marks are the hand-placed points of one photo.
type marks map[string]Point

// landmarks reads LANDMARKS.csv, by file.
func landmarks(t testing.TB) map[string]marks {
	t.Helper()
	all := map[string]marks{}
	for _, line := range table(t, "LANDMARKS.csv") {
		m := marks{}
		for key, value := range line {
			if name, ok := strings.CutSuffix(key, "_x"); ok {
				x, errX := strconv.ParseFloat(value, 64)
				y, errY := strconv.ParseFloat(line[name+"_y"], 64)
				if errX != nil || errY != nil {
					t.Fatalf("%s: %s is no point", line["file"], name)
				}
				m[name] = Point{X: x, Y: y}
			}
		}
		all[line["file"]] = m
	}
	return all
}

func distance(a, b Point) float64 { return math.Hypot(a.X-b.X, a.Y-b.Y) }

func between(a, b Point) Point { return Point{X: (a.X + b.X) / 2, Y: (a.Y + b.Y) / 2} }

// quantile sorts v; it is NaN for none.
func quantile(v []float64, q float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	slices.Sort(v)
	return v[int(q*float64(len(v)-1)+0.5)]
}
