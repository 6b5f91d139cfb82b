// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"image"
	"testing"
)

// marked is a grey picture of a sensor with one bright corner, red in the colour planes.
func marked(size image.Point, ratio image.YCbCrSubsampleRatio, corner image.Rectangle) *image.YCbCr {
	img := image.NewYCbCr(image.Rectangle{Max: size}, ratio)
	for _, plane := range []struct {
		samples []uint8
		value   uint8
	}{{img.Y, 90}, {img.Cb, 128}, {img.Cr, 128}} {
		for i := range plane.samples {
			plane.samples[i] = plane.value
		}
	}
	for y := corner.Min.Y; y < corner.Max.Y; y++ {
		for x := corner.Min.X; x < corner.Max.X; x++ {
			img.Y[img.YOffset(x, y)], img.Cb[img.COffset(x, y)], img.Cr[img.COffset(x, y)] = 200, 100, 220
		}
	}
	return img
}

func TestUpright(t *testing.T) {
	for _, tc := range []struct {
		name         string
		size         image.Point
		rotation     int
		still, small image.Point
		corner       image.Rectangle // of the sensor
		at           image.Point     // where its middle lies in the upright still
	}{
		{"on its right side", image.Pt(2592, 1944), 90, image.Pt(1944, 2592), image.Pt(486, 648), image.Rect(0, 0, 64, 64), image.Pt(1911, 32)},
		{"on its left side", image.Pt(2592, 1944), 270, image.Pt(1944, 2592), image.Pt(486, 648), image.Rect(0, 0, 64, 64), image.Pt(32, 2559)},
		{"standing on its head", image.Pt(1944, 2592), 180, image.Pt(1944, 2592), image.Pt(486, 648), image.Rect(0, 0, 64, 64), image.Pt(1911, 2559)},
		{"lying, cut on both sides", image.Pt(4000, 3000), 0, image.Pt(2250, 3000), image.Pt(450, 600), image.Rect(874, 0, 938, 64), image.Pt(31, 31)},
		{"wide, on its side", image.Pt(3840, 2160), 90, image.Pt(2160, 2880), image.Pt(432, 576), image.Rect(480, 0, 544, 64), image.Pt(2127, 32)},
		{"small", image.Pt(640, 480), 90, image.Pt(480, 640), image.Pt(480, 640), image.Rect(0, 0, 64, 64), image.Pt(447, 32)},
	} {
		for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio444} {
			if tc.size.X > 640 && ratio != image.YCbCrSubsampleRatio420 {
				continue // it takes long and is the same
			}
			img := marked(tc.size, ratio, tc.corner)
			full, preview := still(img, tc.rotation), small(img, tc.rotation)
			if full.Bounds() != (image.Rectangle{Max: tc.still}) || preview.Bounds() != (image.Rectangle{Max: tc.small}) {
				t.Fatalf("%s, %v: still %v, preview %v, want %v and %v", tc.name, ratio, full.Bounds(), preview.Bounds(), tc.still, tc.small)
			}
			scale := tc.still.Y / tc.small.Y
			if !red(full, tc.at) || !red(preview, tc.at.Div(scale)) || red(full, tc.still.Div(2)) {
				t.Errorf("%s, %v: the corner is not at %v", tc.name, ratio, tc.at)
			}
		}
	}
}

func red(img image.Image, at image.Point) bool {
	r, g, b, _ := img.At(at.X, at.Y).RGBA()
	return r > g+0x4000 && r > b+0x4000
}

// TestShrink: each sample is the mean of those it stands for.
func TestShrink(t *testing.T) {
	img := image.NewYCbCr(image.Rect(0, 0, 12, 12), image.YCbCrSubsampleRatio420)
	for i := range img.Y {
		img.Y[i] = uint8(i)
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = uint8(2*i), 7
	}
	got := shrink(img, 3)
	if got.Rect != image.Rect(0, 0, 4, 4) || got.Y[0] != 13 || got.Y[5] != 52 || got.Cb[0] != 14 || got.Cr[3] != 7 {
		t.Errorf("got %v, luma %v, colour %v %v", got.Rect, got.Y, got.Cb, got.Cr)
	}
}
