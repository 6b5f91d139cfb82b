// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/image/draw"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/hack/lab/gpiosim"
	"github.com/fotobox-project/fotobox/hack/lab/usbsim"
)

// boothSettings wire a station to the simulated booth.
const boothSettings = `
[panel]
chip = "lab-booth"
lamps = { left = { line = "LEFT" }, right = { line = "RIGHT" }, background = { line = "BACK" } }
keys = { left = "KEY1", middle = "KEY2", right = "KEY3" }
[panel.scenes]
idle = { background = 1 }
welcome = { left = 1 }
review = { right = 1 }
[scanner]
device = "05e0:1200"
`

// A booth is what stands around a station: camera, panel and scanner, each of which
// can be pulled and plugged.
type booth struct {
	t       *testing.T
	scene   atomic.Pointer[scene]
	chip    *gpiosim.Chip
	scanner *usbsim.Scanner
	ports   map[string]*usbsim.Port
	plugged map[string]bool
}

// boothRest is the time between two frames of the preview.
const boothRest = 400 * time.Millisecond

// The camera's modes, upright, since turning large pictures takes an emulated station seconds: plain pixels for the preview, since reading JPEG takes
// an emulated station long, and JPEG for stills, which would take long on an emulated cable.
func previewMode() usbsim.Size { return usbsim.Size{W: 480, H: 640, FPS: []int{10}} }

func stillMode() usbsim.Size {
	return usbsim.Size{W: camera.MinWidth, H: camera.MinHeight, FPS: []int{9}}
}

// A scene is what the camera sees, as it sends it.
type scene struct{ preview, still []byte }

// filmed is the scene of an upright picture.
func filmed(t *testing.T, upright image.Image) *scene {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, upright, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	m := previewMode()
	small := image.NewRGBA(image.Rect(0, 0, m.W, m.H))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), upright, upright.Bounds(), draw.Src, nil)
	return &scene{preview: yuyv(small), still: b.Bytes()}
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

// sitting is the scene of the sitter.
func sitting(t *testing.T) *scene {
	t.Helper()
	img, _ := cameratest.Default().Render(image.Pt(camera.MinWidth, camera.MinHeight))
	return filmed(t, img)
}

// paper is the scene of a sheet with a code, or of an empty one.
func paper(t *testing.T, code string) *scene {
	t.Helper()
	sheet := image.NewGray(image.Rect(0, 0, camera.MinWidth, camera.MinHeight))
	draw.Draw(sheet, sheet.Bounds(), image.White, image.Point{}, draw.Src)
	if code != "" {
		qr, err := appointment.QR(code, 25)
		if err != nil {
			t.Fatal(err)
		}
		draw.Draw(sheet, qr.Bounds().Add(image.Pt(220, 500)), qr, qr.Bounds().Min, draw.Src)
	}
	return filmed(t, sheet)
}

// newBooth plugs everything in.
func newBooth(t *testing.T) *booth {
	t.Helper()
	b := &booth{t: t, ports: map[string]*usbsim.Port{}, plugged: map[string]bool{}}
	b.scene.Store(paper(t, ""))
	for _, part := range []string{"camera", "panel", "scanner"} {
		b.plug(part)
	}
	t.Cleanup(func() {
		for part := range b.plugged {
			b.pull(part)
		}
	})
	return b
}

// plug plugs a part in; a simulated USB device is made anew.
func (b *booth) plug(part string) {
	b.t.Helper()
	var err error
	switch part {
	case "camera":
		c := &usbsim.Camera{Vendor: 0x1209, Product: 1, Name: "Lab camera", MJPEG: []usbsim.Size{stillMode()}, YUY2: []usbsim.Size{previewMode()},
			Frame: func(m usbsim.Mode, _ int) []byte {
				if m.MJPEG {
					return b.scene.Load().still
				}
				time.Sleep(boothRest) // promised faster: emulated, the station could not look at more
				return b.scene.Load().preview
			}}
		b.ports[part], err = usbsim.Plug(c, usbsim.HighSpeed, nil)
	case "scanner":
		b.scanner = &usbsim.Scanner{Vendor: 0x05e0, Product: 0x1200, Name: "Lab scanner"}
		b.ports[part], err = usbsim.Plug(b.scanner, usbsim.FullSpeed, nil)
	case "panel":
		b.chip, err = gpiosim.New("lab-booth", "LEFT", "RIGHT", "BACK", "KEY1", "KEY2", "KEY3")
		for _, key := range []string{"KEY1", "KEY2", "KEY3"} { // keys pull down to ground
			if err == nil {
				err = b.chip.Pull(key, true)
			}
		}
	}
	if err != nil {
		b.t.Fatal(err)
	}
	b.plugged[part] = true
}

func (b *booth) pull(part string) {
	b.t.Helper()
	delete(b.plugged, part)
	if part != "panel" {
		b.ports[part].Unplug()
		return
	}
	if err := b.chip.Remove(); err != nil {
		b.t.Fatal(err)
	}
}

// press presses a key for as long as a person does.
func (b *booth) press(key string) {
	b.t.Helper()
	for _, up := range []bool{false, true} {
		if err := b.chip.Pull(key, up); err != nil {
			b.t.Fatal(err)
		}
		time.Sleep(150 * time.Millisecond)
	}
}

// lamps are the levels of left, right and background, as "110".
func (b *booth) lamps() string {
	b.t.Helper()
	var s strings.Builder
	for _, line := range []string{"LEFT", "RIGHT", "BACK"} {
		high, err := b.chip.High(line)
		if err != nil {
			b.t.Fatal(err)
		}
		s.WriteString(map[bool]string{false: "0", true: "1"}[high])
	}
	return s.String()
}

// lit waits until the lamps are so.
func (b *booth) lit(want string) {
	b.t.Helper()
	got := ""
	for range 200 {
		if got = b.lamps(); got == want {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Errorf("the lamps are %s, want %s", got, want)
}
