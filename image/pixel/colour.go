// SPDX-License-Identifier: EUPL-1.2

package pixel

import (
	"image"
	"math"
)

// ColourSpace is the colour space of a picture's file, in the numbers of
// BSI TR-03121 clause 7.5.
type ColourSpace int

// The colour spaces. A colour JPEG holds YCbCr with three components of eight
// bits; it counts as RGB24, which is what every reader makes of it.
const (
	Unknown ColourSpace = iota
	RGB24
	YUV422
	Grey8
)

// String gives the name that TR-03121 uses.
func (c ColourSpace) String() string {
	switch c {
	case RGB24:
		return "RGB24"
	case YUV422:
		return "YUV422"
	case Grey8:
		return "grey8"
	}
	return "unknown"
}

// colourSpace tells it from the type that the decoders of the standard library
// choose by the file's components and bits.
func colourSpace(img image.Image) ColourSpace {
	switch img := img.(type) {
	case *image.YCbCr, *image.RGBA:
		return RGB24
	case *image.Gray:
		return Grey8
	case *image.NRGBA:
		return rgbIf(img.Opaque())
	case *image.Paletted:
		return rgbIf(img.Opaque())
	}
	return Unknown
}

func rgbIf(opaque bool) ColourSpace {
	if opaque {
		return RGB24
	}
	return Unknown
}

// Linear gives the table from an sRGB value to linear light, 0 to 1
// (IEC 61966-2-1). It is computed anew: keep it for the whole picture.
func Linear() (table [256]float32) {
	for i := range table {
		v := float64(i) / 255
		if v <= 0.04045 {
			table[i] = float32(v / 12.92)
		} else {
			table[i] = float32(math.Pow((v+0.055)/1.055, 2.4))
		}
	}
	return table
}
