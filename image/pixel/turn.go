// SPDX-License-Identifier: EUPL-1.2

package pixel

import (
	"image"

	"github.com/disintegration/imaging"
)

// Turn turns a picture clockwise by 90, 180 or 270 degrees; 0 gives the picture itself. Grey and
// YCbCr pictures keep their type and values where their size allows it, others become NRGBA.
func Turn(img image.Image, degrees int) image.Image {
	switch degrees {
	case 90:
		return turn(img, 6)
	case 180:
		return turn(img, 3)
	case 270:
		return turn(img, 8)
	}
	return img
}

// turn gives the picture as Exif's orientation 1 to 8 wants it seen. Grey and YCbCr
// pictures keep their type and values; others become NRGBA.
func turn(img image.Image, orientation int) image.Image {
	if orientation == upright {
		return img
	}
	switch img := img.(type) {
	case *image.Gray:
		dst := image.NewGray(turned(img.Rect.Dx(), img.Rect.Dy(), orientation))
		turnPlane(dst.Pix, dst.Stride, img.Pix, img.Stride, img.Rect.Size(), orientation)
		return dst
	case *image.YCbCr:
		if dst, ok := turnYCbCr(img, orientation); ok {
			return dst
		}
	}
	return turnAny(img, orientation)
}

// aside tells whether rows become columns.
func aside(orientation int) bool { return orientation >= 5 }

func turned(w, h, orientation int) image.Rectangle {
	if aside(orientation) {
		w, h = h, w
	}
	return image.Rect(0, 0, w, h)
}

// turnPlane copies the samples of one plane of the given size. Row and column of
// the source are linear in those of the result.
func turnPlane(dst []uint8, dstStride int, src []uint8, stride int, size image.Point, orientation int) {
	right, down := 1, stride // steps in the source along a column and a row of it
	start := 0
	if o := orientation; o == 2 || o == 3 || o == 7 || o == 8 {
		start, right = start+size.X-1, -1
	}
	if o := orientation; o == 3 || o == 4 || o == 6 || o == 7 {
		start, down = start+(size.Y-1)*stride, -stride
	}
	w, h := size.X, size.Y
	if aside(orientation) {
		right, down, w, h = down, right, h, w
	}
	for y := range h {
		row, at := dst[y*dstStride:][:w], start+y*down
		for x := range row {
			row[x] = src[at]
			at += right
		}
	}
}

// turnYCbCr turns the planes by themselves. It cannot where a sample of colour would
// come to lie over other pixels than before: at an odd size.
func turnYCbCr(img *image.YCbCr, orientation int) (*image.YCbCr, bool) {
	ratio := img.SubsampleRatio
	across, along := 1, 1 // pixels of one sample of colour
	switch ratio {
	case image.YCbCrSubsampleRatio444:
	case image.YCbCrSubsampleRatio422:
		across = 2
	case image.YCbCrSubsampleRatio440:
		along = 2
	case image.YCbCrSubsampleRatio420:
		across, along = 2, 2
	default:
		return nil, false
	}
	size := img.Rect.Size()
	if img.Rect.Min != (image.Point{}) || size.X%across != 0 || size.Y%along != 0 {
		return nil, false
	}
	if aside(orientation) {
		switch ratio {
		case image.YCbCrSubsampleRatio422:
			ratio = image.YCbCrSubsampleRatio440
		case image.YCbCrSubsampleRatio440:
			ratio = image.YCbCrSubsampleRatio422
		}
	}
	dst := image.NewYCbCr(turned(size.X, size.Y, orientation), ratio)
	colour := image.Pt(size.X/across, size.Y/along)
	turnPlane(dst.Y, dst.YStride, img.Y, img.YStride, size, orientation)
	turnPlane(dst.Cb, dst.CStride, img.Cb, img.CStride, colour, orientation)
	turnPlane(dst.Cr, dst.CStride, img.Cr, img.CStride, colour, orientation)
	return dst, true
}

func turnAny(img image.Image, orientation int) image.Image {
	switch orientation {
	case 2:
		return imaging.FlipH(img)
	case 3:
		return imaging.Rotate180(img)
	case 4:
		return imaging.FlipV(img)
	case 5:
		return imaging.Transpose(img)
	case 6:
		return imaging.Rotate270(img) // counter-clockwise
	case 7:
		return imaging.Transverse(img)
	case 8:
		return imaging.Rotate90(img)
	}
	return img
}
