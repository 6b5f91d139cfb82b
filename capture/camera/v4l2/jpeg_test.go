// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"strings"
	"sync"
	"testing"
)

// known are the JPEGs that were made already: five megapixels take time.
var known sync.Map

// coloured is a JPEG of that size.
func coloured(t testing.TB, size image.Point) []byte {
	t.Helper()
	if b, ok := known.Load(size); ok {
		return b.([]byte)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, marked(size, image.YCbCrSubsampleRatio420, image.Rect(0, 0, 20, 20)), &jpeg.Options{Quality: 80}); err != nil {
		t.Fatal(err)
	}
	known.Store(size, b.Bytes())
	return b.Bytes()
}

// without takes the first segment of a marker out.
func without(data []byte, marker byte) []byte {
	at := bytes.Index(data, []byte{0xff, marker})
	_, body := segment(data, at)
	return append(bytes.Clone(data[:at]), data[at+4+len(body):]...)
}

func TestInspect(t *testing.T) {
	size := image.Pt(160, 120)
	good := coloured(t, size)
	bare := without(good, markDHT)
	scan := bytes.Index(good, []byte{0xff, markSOS})
	for _, tc := range []struct {
		name string
		data []byte
		ok   bool
	}{
		{"good", good, true},
		{"without tables", bare, true},
		{"padded with zeros", append(bytes.Clone(good), make([]byte, 1000)...), true},
		{"followed by what was there before", append(bytes.Clone(good), good[200:]...), true},
		{"with filling before the end", append(append(bytes.Clone(good[:len(good)-2]), 0xff, 0xff), good[len(good)-2:]...), true},
		{"with a comment", append([]byte{0xff, 0xd8, 0xff, 0xfe, 0, 6, 0xff, 0xd9, 1, 2}, good[2:]...), true},
		{"without its end", good[:len(good)-2], false},
		{"torn in the scan", good[:scan+200], false},
		{"torn in the scan and padded", append(bytes.Clone(good[:scan+200]), make([]byte, 100)...), false},
		{"torn in the header", good[:100], false},
		{"the header alone", append(bytes.Clone(good[:scan]), 0xff, 0xd9), false},
		{"empty", nil, false},
		{"no JPEG", []byte("this is not a picture"), false},
		{"zeros", make([]byte, 100), false},
		{"a length that is none", []byte{0xff, 0xd8, 0xff, 0xc0, 0, 1, 0, 0}, false},
	} {
		f, err := inspect(tc.data)
		if (err == nil) != tc.ok || err != nil && !errors.Is(err, errTorn) {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		if !tc.ok {
			continue
		}
		whole := f.whole(tc.data)
		if img, err := decodeJPEG(whole); err != nil || f.size != size || !same(img, good) {
			t.Errorf("%s: size %v, %v, or another picture", tc.name, f.size, err)
		}
		if len(whole) > len(good)+10 {
			t.Errorf("%s: %d bytes, want no more than %d", tc.name, len(whole), len(good))
		}
	}
}

func same(img *image.YCbCr, data []byte) bool {
	want, err := jpeg.Decode(bytes.NewReader(data))
	return err == nil && bytes.Equal(img.Y, want.(*image.YCbCr).Y) && bytes.Equal(img.Cr, want.(*image.YCbCr).Cr)
}

// TestStandardTables: they are those of ITU-T T.81 annex K.3, by their known length and the first codes.
func TestStandardTables(t *testing.T) {
	got := standardTables()
	if len(got) != 2+418 || !bytes.HasPrefix(got, []byte{0xff, 0xc4, 0x01, 0xa2, 0x00, 0, 1, 5, 1, 1, 1, 1, 1, 1}) {
		t.Errorf("%d bytes, sum %x: %x", len(got), sha256.Sum256(got), got[:20])
	}
}

// TestColour: a grey picture is no passport photo.
func TestColour(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 16)), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := decodeJPEG(b.Bytes()); !errors.Is(err, errColour) {
		t.Errorf("got %v, want that it has no colour", err)
	}
}

// FuzzInspect: whatever a camera sends, nothing breaks, and what is whole stays whole.
func FuzzInspect(f *testing.F) {
	good := coloured(f, image.Pt(32, 24))
	f.Add(good)
	f.Add(without(good, markDHT))
	f.Add(good[:300])
	f.Fuzz(func(t *testing.T, data []byte) {
		frame, err := inspect(data)
		if err != nil {
			return
		}
		if again, err := inspect(frame.whole(data)); err != nil || again.size != frame.size {
			t.Errorf("repaired: %v, %v instead of %v", err, again.size, frame.size)
		}
	})
}

// TestYUYV: limited range becomes full range, and each pair of pixels has its colour.
func TestYUYV(t *testing.T) {
	data := []byte{16, 128, 235, 128, 126, 16, 126, 240, 0, 128, 255, 128, 126, 90, 126, 60}
	img, err := decodeYUYV(data, image.Pt(4, 2))
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(img.Y, img.Cb, img.Cr)
	if want := "[0 255 128 128 0 255 128 128] [128 0 128 85] [128 255 128 51]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, err := decodeYUYV(data, image.Pt(4, 3)); !errors.Is(err, errTorn) {
		t.Errorf("too short: %v", err)
	}
}

// TestExplain: the kernel's errors become sentences, wrapped or not.
func TestExplain(t *testing.T) {
	if err := explain(errors.New("Failed to start streaming: no space left on device")); !errors.Is(err, errBandwidth) {
		t.Errorf("got %v", err)
	}
	if err := explain(nil); err != nil {
		t.Errorf("got %v for no error", err)
	}
	if err := explain(errors.New("x")); err == nil || !strings.HasPrefix(err.Error(), "x") {
		t.Errorf("got %v, want what was there", err)
	}
}
