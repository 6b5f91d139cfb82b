// SPDX-License-Identifier: EUPL-1.2

package pixel

import (
	"image"

	"github.com/disintegration/imaging"
)

// Fit gives a copy whose longer side has at most maxSide pixels. It never
// enlarges. The result starts at (0, 0).
func Fit(img image.Image, maxSide int) *image.NRGBA {
	return imaging.Fit(img, maxSide, maxSide, imaging.Lanczos)
}
