// SPDX-License-Identifier: EUPL-1.2

package pixel

import "image"

// rowFunc writes the luma of one row of a picture's part, counted from its top.
type rowFunc func(y int, dst []uint8)

// lumaRow chooses the fast reader for the types that cameras and decoders give.
// r lies in the picture.
func lumaRow(img image.Image, r image.Rectangle) rowFunc {
	switch img := img.(type) {
	case Picture:
		return lumaRow(img.Image, r)
	case *image.YCbCr:
		return bytesRow(img.Y, img.YOffset(r.Min.X, r.Min.Y), img.YStride)
	case *image.Gray:
		return bytesRow(img.Pix, img.PixOffset(r.Min.X, r.Min.Y), img.Stride)
	case *image.RGBA:
		return rgbRow(img.Pix, img.PixOffset(r.Min.X, r.Min.Y), img.Stride)
	case *image.NRGBA:
		return rgbRow(img.Pix, img.PixOffset(r.Min.X, r.Min.Y), img.Stride)
	}
	return anyRow(img, r)
}

func bytesRow(pix []uint8, start, stride int) rowFunc {
	return func(y int, dst []uint8) { copy(dst, pix[start+y*stride:]) }
}

func rgbRow(pix []uint8, start, stride int) rowFunc {
	return func(y int, dst []uint8) {
		src := pix[start+y*stride:][:4*len(dst)]
		for x := range dst {
			p := src[4*x : 4*x+3 : 4*x+3]
			dst[x] = luma(uint32(p[0]), uint32(p[1]), uint32(p[2]))
		}
	}
}

func anyRow(img image.Image, r image.Rectangle) rowFunc {
	return func(y int, dst []uint8) {
		for x := range dst {
			red, green, blue, _ := img.At(r.Min.X+x, r.Min.Y+y).RGBA()
			dst[x] = luma(red>>8, green>>8, blue>>8)
		}
	}
}

// luma weighs as JPEG's Y does (BT.601, here in 1/65536), rounded.
func luma(red, green, blue uint32) uint8 {
	return uint8((19595*red + 38470*green + 7471*blue + 1<<15) >> 16)
}
