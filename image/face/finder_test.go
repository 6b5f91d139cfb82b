// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"image"
	"testing"
)

func TestFindRefusesAPictureWithoutPixels(t *testing.T) {
	f, err := New()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Find(image.NewGray(image.Rectangle{})); err == nil {
		t.Error("got no error for a picture without pixels")
	}
}
