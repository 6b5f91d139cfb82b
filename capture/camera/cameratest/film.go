// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"image"
	"image/color"

	"github.com/disintegration/imaging"

	"github.com/fotobox-project/fotobox/capture/camera"
)

// previewSize and stillSize are the simulated pictures' sizes in pixels: both 3:4.
func previewSize() image.Point { return image.Pt(480, 640) }
func stillSize() image.Point   { return image.Pt(camera.MinWidth, camera.MinHeight) }

// backdrop is the grey of the simulated station's background, between the #A1A1A1 and #E1E1E1 of
// TR-03121 AH-FI.
const backdrop = 0xC8

// Film shows what the simulated camera sees of a photo: the largest 3:4 part of it scaled to size,
// up if need be, so that it covers the picture without padding. A wider photo loses its sides
// equally. A taller one loses a quarter of its excess above and the rest below: portraits have the
// crown near the upper edge and the chest at the lower one.
func Film(photo image.Image, size image.Point) *image.NRGBA {
	filter := imaging.CatmullRom // up: sharp, little ringing
	part := framing(photo.Bounds(), size)
	if part.Dx() > size.X {
		filter = imaging.Lanczos
	}
	return imaging.Resize(imaging.Crop(photo, part), size.X, size.Y, filter)
}

// framing is the part of a photo that has the shape of size and covers it best.
func framing(photo image.Rectangle, size image.Point) image.Rectangle {
	w, h := photo.Dx(), photo.Dy()
	if wide := h * size.X / size.Y; w > wide {
		x := photo.Min.X + (w-wide)/2
		return image.Rect(x, photo.Min.Y, x+max(wide, 1), photo.Max.Y)
	}
	high := max(w*size.Y/size.X, 1)
	y := photo.Min.Y + max(h-high, 0)/4
	return image.Rect(photo.Min.X, y, photo.Max.X, min(y+high, photo.Max.Y))
}

// empty is the scene without a person.
func empty(size image.Point) *image.NRGBA {
	return imaging.New(size.X, size.Y, color.NRGBA{R: backdrop, G: backdrop, B: backdrop, A: 255})
}
