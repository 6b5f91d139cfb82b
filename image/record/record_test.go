// SPDX-License-Identifier: EUPL-1.2

package record

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func scene(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			s := 40 * math.Sin(float64(x)/9) * math.Cos(float64(y)/13)
			img.SetNRGBA(x, y, color.NRGBA{uint8(160 + s), uint8(120 - s/2), uint8(100 + s/3), 255})
		}
	}
	return img
}

var taken = time.Date(2026, 3, 29, 14, 5, 9, 123456, time.FixedZone("CEST", 7200))

func code(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := JPEG(&b, img, taken); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// segment is one marker of a JPEG file with its payload.
type segment struct {
	marker  byte
	payload []byte
}

func walk(t *testing.T, file []byte) (list []segment) {
	t.Helper()
	if !bytes.HasPrefix(file, []byte{0xff, 0xd8}) || !bytes.HasSuffix(file, []byte{0xff, 0xd9}) {
		t.Fatal("no start or end of image")
	}
	for rest := file[2:]; ; {
		if rest[0] != 0xff {
			t.Fatalf("no marker at %d", len(file)-len(rest))
		}
		n := int(rest[2])<<8 | int(rest[3])
		list = append(list, segment{rest[1], rest[4 : 2+n]})
		if rest[1] == 0xda {
			return list
		}
		rest = rest[2+n:]
	}
}

// TestSegments walks the file: Exif first and alone of its kind, three
// components without subsampling, tables as fine as a quality of 95 and more asks.
func TestSegments(t *testing.T) {
	list := walk(t, code(t, scene(1244, 1600)))
	if list[0].marker != 0xe1 {
		t.Errorf("the first segment is %x, want Exif", list[0].marker)
	}
	frames, tables := 0, 0
	for _, s := range list[1:] {
		switch {
		case s.marker >= 0xe0 && s.marker <= 0xef || s.marker == 0xfe:
			t.Errorf("metadata in segment %x: %.20q", s.marker, s.payload)
		case s.marker == 0xdb:
			tables += fine(t, s.payload)
		case s.marker == 0xc0: // baseline
			frames++
			if want := []byte{8, 1600 >> 8, 1600 & 255, 1244 >> 8, 1244 & 255, 3}; !bytes.Equal(s.payload[:6], want) {
				t.Errorf("frame header %v, want %v", s.payload[:6], want)
			}
			for i := range 3 {
				if id, sampling := s.payload[6+3*i], s.payload[7+3*i]; id != byte(i+1) || sampling != 0x11 {
					t.Errorf("component %d has id %d and sampling %x, want 1x1", i, id, sampling)
				}
			}
		}
	}
	if frames != 1 || tables < 2 {
		t.Errorf("%d baseline frames, %d tables of brightness and colours", frames, tables)
	}
}

// fine counts the tables of one segment and compares their steps with the largest
// that the example tables of ISO/IEC 10918-1, annex K, have at a quality of 95.
func fine(t *testing.T, payload []byte) (n int) {
	t.Helper()
	for ; len(payload) >= 65; payload = payload[65:] {
		n++
		for _, q := range payload[1:65] {
			if most := []byte{12, 10}[min(payload[0], 1)]; q > most {
				t.Errorf("quantisation step %d in table %d, want at most %d", q, payload[0], most)
			}
		}
	}
	if len(payload) > 0 {
		t.Errorf("%d bytes behind the tables", len(payload))
	}
	return n
}

func TestExif(t *testing.T) {
	got := walk(t, code(t, scene(32, 32)))[0].payload
	want := "Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08" +
		"\x00\x01\x87\x69\x00\x04\x00\x00\x00\x01\x00\x00\x00\x1a\x00\x00\x00\x00" +
		"\x00\x01\x90\x03\x00\x02\x00\x00\x00\x14\x00\x00\x00\x2c\x00\x00\x00\x00" +
		"2026:03:29 14:05:09\x00"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("Exif (-want +got):\n%s", diff)
	}
}

// TestFaithful decodes and compares: the one lossy step may not be seen.
func TestFaithful(t *testing.T) {
	want := scene(1244, 1600)
	got, err := jpeg.Decode(bytes.NewReader(code(t, want)))
	if err != nil {
		t.Fatal(err)
	}
	if got.Bounds() != want.Rect {
		t.Fatalf("size %v", got.Bounds())
	}
	var sum float64
	for i := 0; i < len(want.Pix); i += 4 {
		x, y := i/4%1244, i/4/1244
		r, g, b, _ := got.At(x, y).RGBA()
		for k, v := range []uint32{r, g, b} {
			d := float64(v>>8) - float64(want.Pix[i+k])
			sum += d * d
		}
	}
	mse := sum / float64(len(want.Pix)/4*3)
	if psnr := 10 * math.Log10(255*255/mse); psnr < 44 {
		t.Errorf("signal to noise %.1f dB, want 44", psnr)
	}
}

// TestParts: parts of larger pictures and other types are coded as they look.
func TestParts(t *testing.T) {
	part := scene(200, 200).SubImage(image.Rect(50, 60, 130, 150))
	got, err := jpeg.Decode(bytes.NewReader(code(t, part)))
	if err != nil {
		t.Fatal(err)
	}
	if got.Bounds() != image.Rect(0, 0, 80, 90) {
		t.Fatalf("size %v", got.Bounds())
	}
	r, _, _, _ := got.At(10, 10).RGBA()
	if w := part.(*image.NRGBA).NRGBAAt(60, 70).R; math.Abs(float64(r>>8)-float64(w)) > 4 {
		t.Errorf("red %d, want %d", r>>8, w)
	}
	if _, err := jpeg.Decode(bytes.NewReader(code(t, image.NewYCbCr(image.Rect(0, 0, 40, 40), image.YCbCrSubsampleRatio420)))); err != nil {
		t.Error(err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWriterFails(t *testing.T) {
	if err := JPEG(full{}, scene(16, 16), taken); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("got %v, want the writer's error", err)
	}
}

func TestBareRefuses(t *testing.T) {
	for _, file := range []string{"", "\xff\xd8", "\xff\xd8\xff\xe0\xff\xff", "PNG and more", "\xff\xd8\xff\xdb\x00\x02"} {
		if got, err := bare([]byte(file)); err == nil {
			t.Errorf("bare(%q) = %q, want an error", file, got)
		}
	}
}

func BenchmarkJPEG(b *testing.B) {
	img := scene(1244, 1600)
	for b.Loop() {
		if err := JPEG(io.Discard, img, taken); err != nil {
			b.Fatal(err)
		}
	}
}
