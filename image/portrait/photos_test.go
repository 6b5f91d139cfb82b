// SPDX-License-Identifier: EUPL-1.2

package portrait

import (
	"flag"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/phototest"
	"github.com/fotobox-project/fotobox/image/pixel"
)

// every thins the photos out, so that an ordinary run is quick also under the
// race detector; figures in the documents come from -every 1.
var every = flag.Int("every", 8, "measure one photo of so many")

// TestChin compares with the chins that were placed by hand; for the smile of the
// same person the chin of the neutral face serves.
func TestChin(t *testing.T) {
	finder, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	errs := map[string][]float64{}
	for _, p := range phototest.Where(t, *every, func(p phototest.Photo) bool { return p.Marks != nil }) {
		got, eyes := measuredChin(t, finder, p)
		_, want := eyes.From(p.Marks["chin"].X, p.Marks["chin"].Y)
		errs["neutral"] = append(errs["neutral"], got-want)
		if p.Set() != "london" {
			continue
		}
		number, _, _ := strings.Cut(strings.TrimPrefix(p.Name, "london-"), "-")
		for _, smile := range phototest.List(t, 1, "london-smile-"+number+"-*") {
			got, _ := measuredChin(t, finder, smile)
			errs["smiles"] = append(errs["smiles"], got-want)
		}
	}
	for what, errs := range errs {
		slices.Sort(errs)
		middle, p95 := errs[len(errs)/2], max(-errs[len(errs)/40], errs[len(errs)-1-len(errs)/40])
		t.Logf("chin on %d photos, %s: median error %+.3f IED, 95 %% within %.3f", len(errs), what, middle, p95)
		if math.Abs(middle) > 0.06 || p95 > 0.16 {
			t.Errorf("chin, %s: median error %+.3f, 95 %% within %.3f IED; want 0.06 and 0.16", what, middle, p95)
		}
	}
}

// measuredChin gives the chin of a photo's person below the eyes, in IED.
func measuredChin(t *testing.T, finder *face.Finder, p phototest.Photo) (float64, pixel.Frame) {
	t.Helper()
	photo := p.Picture(t)
	faces, err := finder.Find(photo.Image)
	if err != nil || len(faces) == 0 {
		t.Fatalf("%s: no face, %v", p.Name, err)
	}
	eyes := Eyes(faces[0])
	h := Measure(photo.Image, faces[0])
	_, got := eyes.From(h.Chin.X, h.Chin.Y)
	return got, eyes
}
