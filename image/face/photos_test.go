// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"image"
	"math"
	"slices"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/fotobox-project/fotobox/image/phototest"
	"github.com/fotobox-project/fotobox/image/pixel"
)

// photo is a test photo, decoded, and what was found in it.
type photo struct {
	phototest.Photo
	picture pixel.Picture
	faces   []Face
}

func finder(t testing.TB) *Finder {
	t.Helper()
	f, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// portrait is a photo of one face, for tests that need no particular one.
func portrait(t testing.TB) pixel.Picture {
	t.Helper()
	return phototest.List(t, 1, "london-001-03.jpg")[0].Picture(t)
}

// photos decodes the files that the filter takes: each 16th of them under the
// race detector.
func photos(t testing.TB, filter func(phototest.Photo) bool) (all []photo) {
	t.Helper()
	for i, p := range phototest.Where(t, 1, filter) {
		if !phototest.UnderRace || i%16 == 15 {
			all = append(all, photo{Photo: p})
		}
	}
	return each(t, all, func(p *photo) (err error) {
		p.picture, err = p.Decode()
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

// mark is a point that was placed by hand.
func (p photo) mark(name string) Point { return Point{X: p.Marks[name].X, Y: p.Marks[name].Y} }

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
