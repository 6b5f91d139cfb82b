// SPDX-License-Identifier: EUPL-1.2

package portrait

import (
	"encoding/csv"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
)

// photoFolder lies beside the repository; it is not part of it.
const photoFolder = "../../../shared/photos"

// every thins the photos out, so that an ordinary run is quick also under the
// race detector; figures in the documents come from -every 1.
var every = flag.Int("every", 8, "measure one photo of so many")

// TestChin compares with the chins that were placed by hand.
func TestChin(t *testing.T) {
	file, err := os.Open(filepath.Join(photoFolder, "LANDMARKS.csv"))
	if err != nil {
		t.Skipf("the test photos are not here: %v", err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	finder, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	var errs, size []float64
	for i, row := range rows[1:] {
		if i%*every != 0 {
			continue
		}
		at := func(column string) float64 {
			v, _ := strconv.ParseFloat(row[slices.Index(rows[0], column)], 64)
			return v
		}
		if e, ok := chinError(t, finder, row[0], at("chin_x"), at("chin_y")); ok {
			errs, size = append(errs, e), append(size, math.Abs(e))
		}
	}
	slices.Sort(errs)
	slices.Sort(size)
	middle, p95 := errs[len(errs)/2], size[len(size)*95/100]
	t.Logf("chin on %d photos: median error %+.3f IED, 95 %% within %.3f", len(errs), middle, p95)
	if math.Abs(middle) > 0.05 || p95 > 0.16 {
		t.Errorf("chin: median error %+.3f, 95 %% within %.3f IED; want 0.05 and 0.16", middle, p95)
	}
}

func chinError(t *testing.T, finder *face.Finder, name string, x, y float64) (float64, bool) {
	t.Helper()
	file, err := os.Open(filepath.Join(photoFolder, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	photo, err := pixel.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	faces, err := finder.Find(photo.Image)
	if err != nil || len(faces) == 0 {
		t.Errorf("%s: no face, %v", name, err)
		return 0, false
	}
	eyes := Eyes(faces[0])
	_, want := eyes.From(x, y)
	h := Measure(photo.Image, faces[0])
	_, got := eyes.From(h.Chin.X, h.Chin.Y)
	return got - want, true
}
