// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"image"
	"reflect"

	"github.com/blackjack/webcam"
	"golang.org/x/sys/unix"
)

// A kernel is what the driver asks of the operating system. Every call may block for the five
// seconds after which the kernel gives up on a camera.
type kernel interface {
	// modes lists what the node can send; none for a node of metadata.
	modes(path string) ([]mode, error)
	// start opens the node and lets it stream.
	start(path string, m mode) (source, error)
	// controls opens the node beside the stream.
	controls(path string) (panel, error)
}

// buffers is how many frames the kernel holds; the library's 256 would be gigabytes.
const buffers = 4

// linux is the real kernel.
type linux struct{}

func (linux) modes(path string) (list []mode, err error) {
	cam, err := webcam.Open(path)
	if err != nil {
		return nil, explain(err)
	}
	defer cam.Close()
	formats := cam.GetSupportedFormats()
	for _, format := range []webcam.PixelFormat{mjpeg, yuyv} {
		if _, ok := formats[format]; !ok {
			continue
		}
		for _, s := range cam.GetSupportedFrameSizes(format) {
			size := image.Pt(int(s.MaxWidth), int(s.MaxHeight))
			list = append(list, mode{format, size, rate(cam.GetSupportedFramerates(format, s.MaxWidth, s.MaxHeight))})
		}
	}
	if len(list) == 0 && len(formats) > 0 {
		return nil, errColour
	}
	return list, nil
}

// rate is the one to ask for: the least that is enough for the preview, or else the highest. More
// would fill the bus for nothing. A driver that lists none has one of its own.
func rate(rates []webcam.FrameRate) float64 {
	best := 0.0
	for _, r := range rates {
		this := float64(r.MinDenominator) / float64(max(1, r.MinNumerator))
		if best < enoughRate && this > best || this >= enoughRate && this < best {
			best = this
		}
	}
	if best == 0 {
		return liveRate
	}
	return best
}

func (linux) start(path string, m mode) (source, error) {
	cam, err := webcam.Open(path)
	if err != nil {
		return nil, err
	}
	if err := begin(cam, m); err != nil {
		forget(cam)
		_ = cam.Close() // the error that counts is that of the start
		return nil, err
	}
	return cam, nil
}

func begin(cam *webcam.Webcam, m mode) error {
	if err := cam.SetBufferCount(buffers); err != nil {
		return err
	}
	if _, _, _, err := cam.SetImageFormat(m.format, uint32(m.size.X), uint32(m.size.Y)); err != nil {
		return err
	}
	_ = cam.SetFramerate(float32(m.rate)) // a driver with one rate has it anyway
	return cam.StartStreaming()
}

// forget unmaps what the library (v0.6.1) has mapped before a start that failed, and would keep for
// ever: 40 MB at each attempt to start a camera of five megapixels.
func forget(cam *webcam.Webcam) {
	mapped := reflect.ValueOf(cam).Elem().FieldByName("buffers")
	for i := range mapped.Len() {
		if b := mapped.Index(i).Bytes(); len(b) > 0 {
			_ = unix.Munmap(b)
		}
	}
}

func (linux) controls(path string) (panel, error) {
	cam, err := webcam.Open(path)
	if err != nil {
		return nil, err
	}
	return cam, nil
}
