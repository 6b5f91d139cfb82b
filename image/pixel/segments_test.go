// SPDX-License-Identifier: EUPL-1.2

package pixel

import (
	"bytes"
	"encoding/binary"
	"image"
	"reflect"
	"testing"
)

// segment is a JPEG's with its length.
func segment(marker byte, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2)), body...)
}

// exif is a segment with two entries, the second of which is the orientation.
func exif(order binary.AppendByteOrder, orientation uint16) []byte {
	tiff := []byte("MM\x00*")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		tiff = []byte("II*\x00")
	}
	tiff = order.AppendUint32(tiff, 10)
	tiff = append(tiff, 0, 0) // directories may begin anywhere
	tiff = order.AppendUint16(tiff, 2)
	for _, e := range [][3]uint16{{0x0100, 3, 7}, {0x0112, 3, orientation}} {
		tiff = order.AppendUint16(order.AppendUint16(tiff, e[0]), e[1])
		tiff = order.AppendUint16(order.AppendUint32(tiff, 1), e[2])
		tiff = append(tiff, 0, 0)
	}
	return segment(0xe1, []byte("Exif\x00\x00"), tiff)
}

// icc is a segment with a profile of these red, green and blue primaries.
func icc(primaries [3][3]float64) []byte {
	profile := binary.BigEndian.AppendUint32(make([]byte, 128), 3)
	var values []byte
	for i, tag := range []string{"rXYZ", "gXYZ", "bXYZ"} {
		profile = append(profile, tag...)
		profile = binary.BigEndian.AppendUint32(profile, uint32(128+4+3*12+20*i))
		profile = binary.BigEndian.AppendUint32(profile, 20)
		values = append(values, "XYZ \x00\x00\x00\x00"...)
		for _, v := range primaries[i] {
			values = binary.BigEndian.AppendUint32(values, uint32(v*(1<<16)))
		}
	}
	return segment(0xe2, []byte("ICC_PROFILE\x00\x01\x01"), profile, values)
}

func sRGB() []byte {
	return icc([3][3]float64{{0.436, 0.2224, 0.0139}, {0.3851, 0.717, 0.0971}, {0.1431, 0.0606, 0.7139}})
}

func displayP3() []byte {
	return icc([3][3]float64{{0.5151, 0.2412, -0.0010}, {0.2919, 0.6922, 0.0419}, {0.1572, 0.0666, 0.7841}})
}

// with puts segments behind a JPEG's first marker.
func with(jpg []byte, segments ...[]byte) []byte {
	return bytes.Join([][]byte{jpg[:2], bytes.Join(segments, nil), jpg[2:]}, nil)
}

func TestDecodeUpright(t *testing.T) {
	jpg := asJPEG(t, ramp(64, 48))
	plain, err := Decode(bytes.NewReader(jpg))
	if err != nil {
		t.Fatal(err)
	}
	for o := 0; o <= 9; o++ {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			p, err := Decode(bytes.NewReader(with(jpg, segment(0xe0, []byte("JFIF\x00")), exif(order, uint16(o)))))
			if err != nil {
				t.Fatal(err)
			}
			want := plain.Image
			if o >= 2 && o <= 8 { // others are none
				want = turn(want, o)
			}
			if !reflect.DeepEqual(p.Image, want) {
				t.Errorf("orientation %d, %v: other pixels than those of the turned picture", o, order)
			}
			if p.Turned != (o >= 2 && o <= 8) || p.ColourSpace != RGB24 {
				t.Errorf("orientation %d: turned %t, %v", o, p.Turned, p.ColourSpace)
			}
		}
	}
}

func TestDecodeProfile(t *testing.T) {
	jpg := asJPEG(t, ramp(32, 32))
	for _, tt := range []struct {
		name string
		data []byte
		want bool
	}{
		{"none", jpg, false},
		{"sRGB", with(jpg, sRGB()), false},
		{"Display P3", with(jpg, exif(binary.BigEndian, 1), displayP3()), true},
		{"one without primaries", with(jpg, segment(0xe2, []byte("ICC_PROFILE\x00\x01\x01"), make([]byte, 200))), true},
		{"PNG", asPNG(t, ramp(32, 32)), false},
	} {
		if p, err := Decode(bytes.NewReader(tt.data)); err != nil || p.Profile != tt.want {
			t.Errorf("%s: got %t, %v; want %t", tt.name, p.Profile, err, tt.want)
		}
	}
}

// TestRemarksDamaged: what is cut off or points elsewhere says nothing.
func TestRemarksDamaged(t *testing.T) {
	whole := with([]byte{0xff, 0xd8}, exif(binary.LittleEndian, 6), displayP3())
	if got := readRemarks(whole); got != (remarks{orientation: 6, profile: true}) {
		t.Fatalf("got %+v", got)
	}
	first := len(exif(binary.LittleEndian, 6)) + 2
	for n := range whole {
		if got := readRemarks(whole[:n]); got.profile || (got.orientation == 6) != (n >= first) {
			t.Errorf("the first %d of %d bytes say %+v", n, len(whole), got)
		}
	}
	for _, tt := range []struct {
		name string
		at   int // of the whole header
		to   []byte
	}{
		{"directory far away", 16, []byte{0xff, 0xff, 0xff, 0xff}},
		{"directory in its own pointer", 16, []byte{4, 0, 0, 0}},
		{"no byte order", 12, []byte("XX")},
		{"another type", 38, []byte{4, 0}},
		{"several values", 40, []byte{2, 0}},
		{"orientation 9", 44, []byte{9, 0}},
	} {
		broken := bytes.Clone(whole)
		copy(broken[tt.at:], tt.to)
		if got := readRemarks(broken).orientation; got != upright {
			t.Errorf("%s: orientation %d", tt.name, got)
		}
	}
}

func FuzzRemarks(f *testing.F) {
	f.Add([]byte{})
	f.Add(with([]byte{0xff, 0xd8}, exif(binary.LittleEndian, 6), displayP3()))
	f.Add(with([]byte{0xff, 0xd8, 0xff, 0xff}, sRGB(), exif(binary.BigEndian, 8)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if got := readRemarks(data).orientation; got < 1 || got > 8 {
			t.Errorf("orientation %d", got)
		}
	})
}

// BenchmarkTurn turns what a phone saves.
func BenchmarkTurn(b *testing.B) {
	img := image.NewYCbCr(image.Rect(0, 0, 4032, 3024), image.YCbCrSubsampleRatio420)
	for b.Loop() {
		turn(img, 6)
	}
}
