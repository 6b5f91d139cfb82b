// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"image"

	"github.com/fotobox-project/fotobox/image/booth"
	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/portrait"
)

// compare gives nil when there is nothing to compare with.
func compare(empty *booth.Scene, img image.Image, f face.Face) *booth.Comparison {
	if empty == nil {
		return nil
	}
	c, err := booth.Compare(empty, img, portrait.Eyes(f))
	if err != nil {
		return nil // the wall is hidden: the picture alone must do
	}
	return c
}

// measure takes the head's outline from the wall where that is known.
func measure(against *booth.Comparison, img image.Image, f face.Face) portrait.Head {
	if against == nil {
		return portrait.Measure(img, f)
	}
	return portrait.MeasureBefore(img, f, against.Wall)
}
