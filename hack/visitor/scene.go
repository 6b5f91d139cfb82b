// SPDX-License-Identifier: EUPL-1.2

package visitor

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"sync/atomic"
	"time"

	"golang.org/x/image/draw"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/hack/lab/usbsim"
)

// previewRest is the time between two frames of the preview.
const previewRest = 400 * time.Millisecond

// The camera's modes, upright, since turning large pictures takes an emulated station seconds: plain
// pixels for the preview, since reading JPEG takes an emulated station long, and JPEG for stills, which
// would take long on an emulated cable.
func previewMode() usbsim.Size { return usbsim.Size{W: 480, H: 640, FPS: []int{10}} }

func stillMode() usbsim.Size {
	return usbsim.Size{W: camera.MinWidth, H: camera.MinHeight, FPS: []int{9}}
}

// A Scene is what a USB camera sees, as it sends it.
type Scene struct{ preview, still []byte }

// Camera makes a USB camera that sees the scene; an emulated station keeps up with it. It has the
// IDs 1209:0001.
func Camera(s *atomic.Pointer[Scene]) *usbsim.Camera {
	return &usbsim.Camera{
		Vendor: 0x1209, Product: 1, Name: "Lab camera", MJPEG: []usbsim.Size{stillMode()}, YUY2: []usbsim.Size{previewMode()},
		Frame: func(m usbsim.Mode, _ int) []byte {
			if m.MJPEG {
				return s.Load().still
			}
			time.Sleep(previewRest) // promised faster: emulated, the station could not look at more
			return s.Load().preview
		},
	}
}

// film is the scene of an upright picture.
func film(upright image.Image) (*Scene, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, upright, &jpeg.Options{Quality: 85}); err != nil {
		return nil, fmt.Errorf("film: %w", err)
	}
	m := previewMode()
	small := image.NewRGBA(image.Rect(0, 0, m.W, m.H))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), upright, upright.Bounds(), draw.Src, nil)
	return &Scene{preview: yuyv(small), still: b.Bytes()}, nil
}

// yuyv codes a picture as two bytes a pixel, with half the colour across.
func yuyv(img *image.RGBA) []byte {
	b := make([]byte, 0, len(img.Pix)/2)
	for p := img.Pix; len(p) >= 8; p = p[8:] {
		y0, cb, cr := color.RGBToYCbCr(p[0], p[1], p[2])
		y1, _, _ := color.RGBToYCbCr(p[4], p[5], p[6])
		b = append(b, y0, cb, y1, cr)
	}
	return b
}

// Sitting is the scene of the sitter, looking into the camera.
func Sitting() (*Scene, error) {
	img, _ := cameratest.Default().Render(image.Pt(camera.MinWidth, camera.MinHeight))
	return film(img)
}

// Paper is the scene of a sheet with a code, or of an empty one.
func Paper(code string) (*Scene, error) {
	sheet := image.NewGray(image.Rect(0, 0, camera.MinWidth, camera.MinHeight))
	draw.Draw(sheet, sheet.Bounds(), image.White, image.Point{}, draw.Src)
	if code != "" {
		qr, err := appointment.QR(code, 25)
		if err != nil {
			return nil, err
		}
		draw.Draw(sheet, qr.Bounds().Add(image.Pt(220, 500)), qr, qr.Bounds().Min, draw.Src)
	}
	return film(sheet)
}
