// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"image"
	"math/rand/v2"

	"github.com/fotobox-project/fotobox/image/phototest"
)

// lids pulls both upper lids down over that share of the eyes' opening.
func lids(share float64) alteration {
	return func(c *canvas, _ *rand.Rand) *image.NRGBA { return phototest.Shut(c.img, c.marks, share) }
}

// wink pulls one upper lid down, drawn by lot.
func wink(share float64) alteration {
	return func(c *canvas, r *rand.Rand) *image.NRGBA {
		return phototest.Shut(c.img, c.marks, share, [2]string{"eye_l", "eye_r"}[r.IntN(2)])
	}
}

// gape opens the mouth by that many inter-eye distances.
func gape(opening float64, teeth bool) alteration {
	return func(c *canvas, _ *rand.Rand) *image.NRGBA { return phototest.Gape(c.img, c.marks, opening, teeth) }
}
