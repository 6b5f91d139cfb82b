// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"image"
	"slices"
	"strings"
	"testing"

	"github.com/blackjack/webcam"
)

func modesOf(format string, list ...[3]int) (modes []mode) {
	code := mjpeg
	if format == "YUYV" {
		code = yuyv
	}
	for _, m := range list {
		modes = append(modes, mode{code, image.Pt(m[0], m[1]), float64(m[2])})
	}
	return modes
}

func TestChoose(t *testing.T) {
	usb2 := append(modesOf("MJPEG", [3]int{640, 480, 30}, [3]int{1280, 720, 30}, [3]int{2592, 1944, 15}),
		modesOf("YUYV", [3]int{640, 480, 30}, [3]int{2592, 1944, 3})...)
	for _, tc := range []struct {
		name           string
		modes          []mode
		rotation       int
		preview, still string
	}{
		{"one mode for both", usb2, 90, "MJPEG 2592x1944 at 15/s", "MJPEG 2592x1944 at 15/s"},
		{"YUYV is quick enough for stills", slices.Concat(usb2, modesOf("YUYV", [3]int{2592, 1944, 6})), 270,
			"MJPEG 640x480 at 30/s", "YUYV 2592x1944 at 6/s"},
		{"YUYV for both", slices.Concat(usb2, modesOf("YUYV", [3]int{2592, 1944, 12})), 90,
			"YUYV 2592x1944 at 12/s", "YUYV 2592x1944 at 12/s"},
		{"a large one for stills, the smallest of the same field for the preview",
			modesOf("MJPEG", [3]int{320, 240, 30}, [3]int{1280, 720, 30}, [3]int{1600, 1200, 30}, [3]int{1024, 768, 30}, [3]int{4000, 3000, 6}), 0,
			"MJPEG 1024x768 at 30/s", "MJPEG 4000x3000 at 6/s"},
		{"none as high as the preview", modesOf("MJPEG", [3]int{320, 240, 30}, [3]int{640, 480, 30}, [3]int{1920, 1080, 30}, [3]int{4000, 3000, 6}), 0,
			"MJPEG 640x480 at 30/s", "MJPEG 4000x3000 at 6/s"},
		{"no other of the same field", modesOf("MJPEG", [3]int{1920, 1080, 30}, [3]int{4000, 3000, 6}), 0,
			"MJPEG 4000x3000 at 6/s", "MJPEG 4000x3000 at 6/s"},
		{"the largest is too slow", modesOf("MJPEG", [3]int{2592, 1944, 15}, [3]int{4000, 3000, 2}), 90,
			"MJPEG 2592x1944 at 15/s", "MJPEG 2592x1944 at 15/s"},
		{"slow is better than none", modesOf("MJPEG", [3]int{640, 480, 30}, [3]int{4000, 3000, 2}), 90,
			"MJPEG 640x480 at 30/s", "MJPEG 4000x3000 at 2/s"},
		{"wide sensor on its side", modesOf("MJPEG", [3]int{3840, 2160, 15}), 90, "MJPEG 3840x2160 at 15/s", "MJPEG 3840x2160 at 15/s"},
	} {
		got, err := choose(tc.modes, tc.rotation)
		if err != nil || got.preview.String() != tc.preview || got.still.String() != tc.still {
			t.Errorf("%s: got %v and %v, %v", tc.name, got.preview, got.still, err)
		}
	}
}

func TestChooseTooSmall(t *testing.T) {
	for _, tc := range []struct {
		name     string
		modes    []mode
		rotation int
		want     string
	}{
		{"not on its side", modesOf("MJPEG", [3]int{640, 480, 30}, [3]int{2592, 1944, 15}), 0,
			"at most 1458x1944 pixels, at least 1944x2592 are needed; mount it on its side and set rotation = 90 or 270"},
		{"in any case", modesOf("MJPEG", [3]int{1920, 1080, 30}), 90, "at most 1080x1440 pixels, at least 1944x2592 are needed; use a camera with more"},
	} {
		if _, err := choose(tc.modes, tc.rotation); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %s", tc.name, err, tc.want)
		}
	}
}

// TestRate: fifteen a second are enough, and from there on the least is the best.
func TestRate(t *testing.T) {
	for want, offered := range map[float64][]uint32{15: {30, 15, 5}, 30: {30}, 12: {5, 12, 10}, 20: {5, 60, 20, 30}, liveRate: nil} {
		var rates []webcam.FrameRate
		for _, fps := range offered {
			rates = append(rates, webcam.FrameRate{MinNumerator: 1, MinDenominator: fps})
		}
		if got := rate(rates); got != want {
			t.Errorf("of %v: %v, want %v", offered, got, want)
		}
	}
}
