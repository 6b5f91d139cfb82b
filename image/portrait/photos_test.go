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
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
)

// photoFolder lies beside the repository; it is not part of it.
const photoFolder = "../../../shared/photos"

// every thins the photos out, so that an ordinary run is quick also under the
// race detector; figures in the documents come from -every 1.
var every = flag.Int("every", 8, "measure one photo of so many")

// TestChin compares with the chins that were placed by hand; for the smile of the
// same person the chin of the neutral face serves.
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
	errs := map[string][]float64{}
	for i, row := range rows[1:] {
		if i%*every != 0 {
			continue
		}
		at := func(column string) float64 {
			v, _ := strconv.ParseFloat(row[slices.Index(rows[0], column)], 64)
			return v
		}
		got, eyes := measuredChin(t, finder, row[0])
		_, want := eyes.From(at("chin_x"), at("chin_y"))
		errs["neutral"] = append(errs["neutral"], got-want)
		number, ok := strings.CutSuffix(strings.TrimPrefix(row[0], "london-"), "-03.jpg")
		smile := "london-smile-" + number + "-08.jpg"
		if _, err := os.Stat(filepath.Join(photoFolder, smile)); ok && err == nil {
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
func measuredChin(t *testing.T, finder *face.Finder, name string) (float64, pixel.Frame) {
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
		t.Fatalf("%s: no face, %v", name, err)
	}
	eyes := Eyes(faces[0])
	h := Measure(photo.Image, faces[0])
	_, got := eyes.From(h.Chin.X, h.Chin.Y)
	return got, eyes
}
