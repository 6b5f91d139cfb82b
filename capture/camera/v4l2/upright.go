// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"image"
	"math"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// portrait is the size of a sensor's part after it has been turned.
func portrait(size image.Point, rotation int) image.Point {
	if rotation%180 != 0 {
		return image.Pt(size.Y, size.X)
	}
	return size
}

// frame is the part of a sensor's picture that is an upright 3:4 after the turn, in the middle.
// Its corners are even, so that it can be cut out of pictures with less colour than light.
func frame(size image.Point, rotation int) image.Rectangle {
	up := portrait(size, rotation)
	cut := image.Pt(min(up.X, up.Y*3/4), min(up.Y, up.X*4/3))
	cut = portrait(cut, rotation)
	cut.X, cut.Y = cut.X&^1, cut.Y&^1
	from := image.Pt((size.X-cut.X)/2&^1, (size.Y-cut.Y)/2&^1)
	return image.Rectangle{from, from.Add(cut)}
}

// still is the whole upright picture.
func still(img *image.YCbCr, rotation int) image.Image {
	return pixel.Turn(part(img, frame(img.Rect.Size(), rotation)), rotation)
}

// small is the upright picture, a whole number of times smaller, about previewHeight pixels high.
func small(img *image.YCbCr, rotation int) image.Image {
	size := img.Rect.Size()
	return pixel.Turn(shrink(part(img, frame(size, rotation)), smaller(size, rotation)), rotation)
}

// smaller is how many times smaller than a sensor's picture the preview is.
func smaller(size image.Point, rotation int) int {
	high := portrait(frame(size, rotation).Size(), rotation).Y
	return max(1, int(math.Round(float64(high)/previewHeight)))
}

// per is how many pixels share a sample of colour, across and down.
func per(ratio image.YCbCrSubsampleRatio) (across, down int) {
	switch ratio {
	case image.YCbCrSubsampleRatio422:
		return 2, 1
	case image.YCbCrSubsampleRatio440:
		return 1, 2
	case image.YCbCrSubsampleRatio420:
		return 2, 2
	case image.YCbCrSubsampleRatio411:
		return 4, 1
	case image.YCbCrSubsampleRatio410:
		return 4, 2
	}
	return 1, 1
}

// part cuts r out, so that the result starts at (0, 0). It shares the samples.
func part(img *image.YCbCr, r image.Rectangle) *image.YCbCr {
	dst := *img
	dst.Y = img.Y[img.YOffset(r.Min.X, r.Min.Y):]
	dst.Cb = img.Cb[img.COffset(r.Min.X, r.Min.Y):]
	dst.Cr = img.Cr[img.COffset(r.Min.X, r.Min.Y):]
	dst.Rect = image.Rectangle{Max: r.Size()}
	return &dst
}

// shrink makes a picture that starts at (0, 0) k times smaller: each sample is the mean of k x k.
func shrink(img *image.YCbCr, k int) *image.YCbCr {
	if k == 1 {
		return img
	}
	across, down := per(img.SubsampleRatio)
	w, h := img.Rect.Dx()/k/across*across, img.Rect.Dy()/k/down*down
	dst := image.NewYCbCr(image.Rect(0, 0, w, h), img.SubsampleRatio)
	mean(dst.Y, dst.YStride, img.Y, img.YStride, image.Pt(w, h), k)
	colour := image.Pt(w/across, h/down)
	mean(dst.Cb, dst.CStride, img.Cb, img.CStride, colour, k)
	mean(dst.Cr, dst.CStride, img.Cr, img.CStride, colour, k)
	return dst
}

// mean shrinks one plane to size.
func mean(dst []uint8, dstStride int, src []uint8, stride int, size image.Point, k int) {
	sums := make([]uint32, size.X)
	count := uint32(k * k)
	for y := range size.Y {
		clear(sums)
		for row := range k {
			line := src[(y*k+row)*stride:][:size.X*k]
			for x := range sums {
				for _, v := range line[x*k : x*k+k] {
					sums[x] += uint32(v)
				}
			}
		}
		for x, sum := range sums {
			dst[y*dstStride+x] = uint8((sum + count/2) / count)
		}
	}
}
