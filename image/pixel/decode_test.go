// SPDX-License-Identifier: EUPL-1.2

package pixel

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// ramp is a colour picture with detail in both directions.
func ramp(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{uint8(x * 7), uint8(y * 5), uint8(x * y), 255})
		}
	}
	return img
}

func asJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// hugeJPEG is a valid JPEG whose header is altered to w x h.
func hugeJPEG(t testing.TB, w, h uint16) []byte {
	data := asJPEG(t, ramp(16, 16))
	i := bytes.Index(data, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(data[i+5:], h)
	binary.BigEndian.PutUint16(data[i+7:], w)
	return data
}

// hugePNG is the same for a PNG, with a correct checksum.
func hugePNG(t testing.TB, w, h uint32) []byte {
	data := asPNG(t, ramp(16, 16))
	binary.BigEndian.PutUint32(data[16:], w)
	binary.BigEndian.PutUint32(data[20:], h)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

func TestDecodeTellsColourSpace(t *testing.T) {
	gray, clearPixel := image.NewGray(image.Rect(0, 0, 9, 9)), image.NewNRGBA(image.Rect(0, 0, 9, 9))
	tests := []struct {
		name string
		data []byte
		want ColourSpace
	}{
		{"colour JPEG", asJPEG(t, ramp(33, 17)), RGB24},
		{"grey JPEG", asJPEG(t, gray), Grey8},
		{"colour PNG", asPNG(t, ramp(33, 17)), RGB24},
		{"grey PNG", asPNG(t, gray), Grey8},
		{"transparent PNG", asPNG(t, clearPixel), Unknown},
		{"16-bit PNG", asPNG(t, image.NewRGBA64(image.Rect(0, 0, 9, 9))), Unknown},
	}
	for _, tt := range tests {
		p, err := Decode(bytes.NewReader(tt.data))
		if err != nil || p.ColourSpace != tt.want {
			t.Errorf("%s: got colour space %v, error %v; want %v", tt.name, p.ColourSpace, err, tt.want)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	jpg, pngData := asJPEG(t, ramp(64, 48)), asPNG(t, ramp(64, 48))
	broken := bytes.Clone(pngData)
	broken[len(broken)/2] ^= 0xff
	tests := []struct {
		name string
		data []byte
		want error
		text string
	}{
		{"no byte", nil, ErrEmpty, "empty"},
		{"one byte", []byte{0xff}, ErrFormat, "not a JPEG or PNG"},
		{"text", []byte("Dear Sir or Madam, please find"), ErrFormat, "not a JPEG or PNG"},
		{"GIF", []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), ErrFormat, "not a JPEG or PNG"},
		{"JPEG of its magic number only", jpg[:4], ErrDamaged, "damaged"},
		{"half a JPEG", jpg[:len(jpg)/2], ErrDamaged, "incomplete"},
		{"JPEG without its end", jpg[:len(jpg)-2], ErrDamaged, "incomplete"},
		{"half a PNG", pngData[:len(pngData)/2], ErrDamaged, "incomplete"},
		{"PNG with one byte wrong", broken, ErrDamaged, "damaged"},
		{"JPEG of 40 megapixels", hugeJPEG(t, 8000, 5000), ErrTooLarge, "40.0 megapixels, at most 36"},
		{"PNG of 40 megapixels", hugePNG(t, 5000, 8000), ErrTooLarge, "40.0 megapixels, at most 36"},
		{"PNG of 0.4 terapixels", hugePNG(t, 1<<20, 400000), ErrTooLarge, "megapixels, at most 36"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Decode(bytes.NewReader(tt.data))
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("got error %v; want %v with %q", err, tt.want, tt.text)
			}
		})
	}
}

func TestDecodeRefusesEveryTruncation(t *testing.T) {
	for _, data := range [][]byte{asJPEG(t, ramp(40, 30)), asPNG(t, ramp(40, 30))} {
		for n := range len(data) - 1 {
			if _, err := Decode(bytes.NewReader(data[:n])); err == nil {
				t.Fatalf("the first %d of %d bytes were taken as a whole picture", n, len(data))
			}
		}
	}
}

func TestDecodeAsksForNoPixelsOfAHugePicture(t *testing.T) {
	data := hugeJPEG(t, 65500, 65500)
	got := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Decode(bytes.NewReader(data))
		}
	}).AllocedBytesPerOp()
	if got > 1<<18 {
		t.Errorf("refusing a picture of 4290 megapixels took %d bytes; want less than 256 KiB", got)
	}
}

func TestDecodeReadsNoEndlessHeader(t *testing.T) {
	segment := append([]byte{0xff, 0xe1, 0xff, 0xff}, make([]byte, 0xffff-2)...)
	endless := io.MultiReader(bytes.NewReader([]byte{0xff, 0xd8}), &repeat{data: segment})
	if _, err := Decode(endless); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v; want %v", err, ErrDamaged)
	}
}

// repeat gives its data over and over.
type repeat struct {
	data []byte
	at   int
}

func (r *repeat) Read(p []byte) (int, error) {
	n := copy(p, r.data[r.at:])
	r.at = (r.at + n) % len(r.data)
	return n, nil
}

func TestDecodeReportsTheReadersError(t *testing.T) {
	disk := errors.New("disk gone")
	half := asJPEG(t, ramp(64, 48))[:900]
	_, err := Decode(io.MultiReader(bytes.NewReader(half), iotest.ErrReader(disk)))
	if !errors.Is(err, disk) || errors.Is(err, ErrDamaged) {
		t.Errorf("got %v; want the reader's own error and not a damaged picture", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("text"))
	f.Add(asJPEG(f, ramp(24, 16)))
	f.Add(asPNG(f, ramp(24, 16)))
	f.Add(asJPEG(f, image.NewGray(image.Rect(0, 0, 8, 8))))
	f.Add(with(asJPEG(f, ramp(24, 16)), exif(binary.LittleEndian, 6), displayP3()))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		if b := p.Bounds(); b.Empty() || b.Dx()*b.Dy() > MaxMegapixels*1e6 {
			t.Errorf("decoded bounds %v", b)
		}
		Luma(p, 32)
	})
}
