// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"os"
	"testing"

	"github.com/gen2brain/jpegli"
)

// sitter is a frame of the lab's camera, and its picture.
func sitter(t testing.TB, name string) ([]byte, *image.YCbCr) {
	t.Helper()
	data, err := os.ReadFile("testdata/frames/" + name)
	if err != nil {
		t.Fatal(err)
	}
	img, err := decodeJPEG(data)
	if err != nil {
		t.Fatal(err)
	}
	return data, img
}

// restarting codes each row of MCUs apart and puts restart markers between them, as many cameras do.
func restarting(t *testing.T, img *image.YCbCr) []byte {
	t.Helper()
	var out []byte
	size := img.Rect.Size()
	for y := 0; y < size.Y; y += 16 {
		var b bytes.Buffer
		strip := part(img, image.Rect(0, y, size.X, y+16))
		if err := jpeg.Encode(&b, strip, &jpeg.Options{Quality: 80}); err != nil {
			t.Fatal(err)
		}
		f, err := inspect(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		_, header := segment(b.Bytes(), f.scan)
		scan := b.Bytes()[f.scan+4+len(header) : f.end-2]
		if y == 0 {
			out = append(out, b.Bytes()[:f.scan]...)
			out = append(out, 0xff, 0xdd, 0, 4, byte(size.X/16>>8), byte(size.X/16))
			out = append(out, b.Bytes()[f.scan:f.scan+4+len(header)]...)
		} else {
			out = append(out, 0xff, markRST|byte(y/16-1)&7)
		}
		out = append(out, scan...)
	}
	at := bytes.Index(out, []byte{0xff, 0xc0})
	out[at+5], out[at+6] = byte(size.Y>>8), byte(size.Y)
	return append(out, 0xff, markEOI)
}

// recoded is a picture with that much colour.
func recoded(t *testing.T, img image.Image, ratio image.YCbCrSubsampleRatio, progressive int) []byte {
	t.Helper()
	var b bytes.Buffer
	err := jpegli.Encode(&b, img, &jpegli.EncodingOptions{Quality: 85, ChromaSubsampling: ratio, ProgressiveLevel: progressive, OptimizeCoding: true})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// apart is the mean difference of two planes.
func apart(a []uint8, aStride int, b []uint8, bStride int, size image.Point) float64 {
	sum := 0
	for y := range size.Y {
		for x := range size.X {
			d := int(a[y*aStride+x]) - int(b[y*bStride+x])
			sum += max(d, -d)
		}
	}
	return float64(sum) / float64(area(size))
}

// TestScaled: what comes out is what the full picture is when it is shrunk.
func TestScaled(t *testing.T) {
	plain, img := sitter(t, "640x480.jpg")
	for name, data := range map[string][]byte{
		"4:2:0": plain, "with restarts": restarting(t, img), "4:4:4": recoded(t, img, image.YCbCrSubsampleRatio444, 0),
		"4:2:2": recoded(t, img, image.YCbCrSubsampleRatio422, 0), "4:4:0": recoded(t, img, image.YCbCrSubsampleRatio440, 0),
	} {
		full, err := decodeJPEG(data)
		if err != nil {
			t.Fatal(name, err)
		}
		for side, most := range map[int]float64{1: 0.7, 2: 1.5, 4: 1.5} {
			got, err := decodeScaled(data, side)
			if err != nil {
				t.Errorf("%s to %d: %v", name, side, err)
				continue
			}
			want := shrink(full, 8/side)
			across, down := per(full.SubsampleRatio)
			size := want.Rect.Size()
			colour := image.Pt(size.X/across, size.Y/down)
			light := apart(got.Y, got.YStride, want.Y, want.YStride, size)
			red := apart(got.Cr, got.CStride, want.Cr, want.CStride, colour)
			if got.Rect != want.Rect || got.SubsampleRatio != full.SubsampleRatio || light > most || red > most {
				t.Errorf("%s to %d: %v %v differs by %.2f in light and %.2f in colour", name, side, got.Rect, got.SubsampleRatio, light, red)
			}
		}
	}
}

// TestScaledUnusual: what is no camera's frame is left to image/jpeg, and damage is found.
func TestScaledUnusual(t *testing.T) {
	good, img := sitter(t, "640x480.jpg")
	restarts := restarting(t, img)
	grey := func() []byte {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 32, 32)), nil); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	scan := bytes.Index(good, []byte{0xff, markSOS})
	for name, tc := range map[string]struct {
		data []byte
		want error
	}{
		"progressive":             {recoded(t, img, image.YCbCrSubsampleRatio420, 2), errUnusual},
		"grey":                    {grey(), errUnusual},
		"Adobe's colours":         {append([]byte{0xff, 0xd8, 0xff, 0xee, 0, 4, 1, 2}, good[2:]...), errUnusual},
		"half a scan":             {append(bytes.Clone(good[:scan+2000]), 0xff, markEOI), errTorn},
		"a restart too early":     {append(append(bytes.Clone(restarts[:scan+600]), 0xff, markRST), restarts[scan+700:]...), errTorn},
		"without tables":          {without(good, markDHT), errTorn},
		"without its light table": {without(good, 0xdb), errTorn},
	} {
		if _, err := decodeScaled(tc.data, 2); !errors.Is(err, tc.want) {
			t.Errorf("%s: got %v, want %v", name, err, tc.want)
		}
	}
}

// FuzzScaled: whatever a camera sends, nothing breaks.
func FuzzScaled(f *testing.F) {
	good := coloured(f, image.Pt(48, 32))
	f.Add(good, 2)
	f.Add(without(good, markDHT), 1)
	f.Fuzz(func(t *testing.T, data []byte, side int) {
		frame, err := inspect(data)
		if err != nil || area(frame.size) > 1<<20 || side != 1 && side != 2 && side != 4 {
			return
		}
		img, err := decodeScaled(frame.whole(data), side)
		if err == nil && img.Rect.Dx() != frame.size.X*side/8 {
			t.Errorf("%v became %v", frame.size, img.Rect)
		}
	})
}

// BenchmarkPreview is a preview of five megapixels.
func BenchmarkPreview(b *testing.B) {
	data, _ := sitter(b, "2592x1944.jpg")
	m := mode{mjpeg, image.Pt(2592, 1944), 15}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (shot{data: data, mode: m}).preview(90); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPreviewFull is the same through image/jpeg.
func BenchmarkPreviewFull(b *testing.B) {
	data, _ := sitter(b, "2592x1944.jpg")
	b.ReportAllocs()
	for b.Loop() {
		img, err := decodeJPEG(data)
		if err != nil {
			b.Fatal(err)
		}
		small(img, 90)
	}
}

// BenchmarkPreviewJpegli is the same through jpegli, which can scale too.
func BenchmarkPreviewJpegli(b *testing.B) {
	data, _ := sitter(b, "2592x1944.jpg")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jpegli.DecodeWithOptions(bytes.NewReader(data), &jpegli.DecodingOptions{ScaleTarget: image.Rect(0, 0, 648, 486)}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStill is a still of five megapixels.
func BenchmarkStill(b *testing.B) {
	data, _ := sitter(b, "2592x1944.jpg")
	b.ReportAllocs()
	for b.Loop() {
		img, err := decodeJPEG(data)
		if err != nil {
			b.Fatal(err)
		}
		still(img, 90)
	}
}
