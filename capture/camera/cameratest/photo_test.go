// SPDX-License-Identifier: EUPL-1.2

package cameratest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
)

// shared finds the photos beside the repository.
func shared(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join("..", "..", "..", "..", "shared", "photos", pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Skip("no photos in ../shared/photos beside the repository: nothing to film")
	}
	return found
}

// A portrait filmed by the simulated camera has more than the 300 pixels between the eyes that
// TR-03121 asks for.
func TestFilmedPortraitIsLargeEnough(t *testing.T) {
	all := shared(t, "london-*.jpg")
	if cameratest.RaceEnabled {
		t.Skip("about pictures, not under the race detector")
	}
	count := min(len(all), 5)
	f := finder(t)
	for i := range count {
		data, err := os.ReadFile(all[i*len(all)/count])
		if err != nil {
			t.Fatal(err)
		}
		device, err := cameratest.Folder(folder(t, map[string][]byte{"photo.jpg": data}))
		if err != nil {
			t.Fatal(err)
		}
		stream, err := device.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		still, err := stream.Still(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		faces, err := f.Find(still)
		if err != nil || len(faces) != 1 {
			t.Fatalf("%s: %d faces, %v", filepath.Base(all[i*len(all)/count]), len(faces), err)
		}
		if ied := faces[0].IED(); ied < 310 {
			t.Errorf("%s: %.0f pixels between the eyes, want over 310", filepath.Base(all[i*len(all)/count]), ied)
		}
	}
}
