// SPDX-License-Identifier: EUPL-1.2

package booth

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"image"
	"testing"
	"testing/iotest"
)

func stored(t testing.TB) []byte {
	t.Helper()
	s := learned(t, usual())
	s.Grey = &Grey{Gains: [3]float64{0.9, 1, 1.1}, Card: image.Rect(50, 70, 70, 90)}
	b, err := s.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestFile: what was read is stored again byte for byte.
func TestFile(t *testing.T) {
	b := stored(t)
	s, err := Read(iotest.OneByteReader(bytes.NewReader(b)))
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.Bytes()
	if err != nil || !bytes.Equal(b, again) {
		t.Errorf("%d bytes became %d, %v", len(b), len(again), err)
	}
	if s.Grey == nil || s.Grey.Gains[2] != 1.1 || s.Camera != "test" || s.Lamps[0].Name != All || s.Taken.Year() != 2026 {
		t.Errorf("head %+v, grey %+v", s.Camera, s.Grey)
	}
	if f := s.Fit(usual().picture(480, 640)); f.Reason != Fits {
		t.Errorf("after storing: %v", f)
	}
}

// resealed is the file with a right checksum again.
func resealed(b []byte) []byte {
	b = b[:len(b)-sha256.Size]
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

func TestDamaged(t *testing.T) {
	good := stored(t)
	flip := func(at int) []byte {
		b := bytes.Clone(good)
		b[at] ^= 1
		return b
	}
	for _, tt := range []struct {
		name string
		file []byte
		want error
	}{
		{"empty", nil, ErrDamaged},
		{"text", []byte("hello"), ErrDamaged},
		{"cut", good[:len(good)/2], ErrDamaged},
		{"cut in its first line", good[:len(magic)], ErrDamaged},
		{"longer", append(bytes.Clone(good), 0), ErrDamaged},
		{"a bit in the cells", flip(len(good) / 2), ErrDamaged},
		{"a bit in the checksum", flip(len(good) - 1), ErrDamaged},
		{"another version", bytes.Replace(good, []byte("scene 1"), []byte("scene 2"), 1), ErrVersion},
		{"another size in a head", resealed(bytes.Replace(good, []byte(`"columns":120`), []byte(`"columns":121`), 1)), ErrDamaged},
		{"no lamp", resealed(bytes.Replace(good, []byte(`"all"`), []byte(`     `), 1)), ErrDamaged},
		{"a white balance that cannot be", resealed(bytes.Replace(good, []byte(`[0.9,`), []byte(`[9.9,`), 1)), ErrDamaged},
		{"endless", make([]byte, mostFile+5), ErrDamaged},
	} {
		if s, err := Read(bytes.NewReader(tt.file)); s != nil || !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
	if _, err := Read(iotest.ErrReader(errors.ErrUnsupported)); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("reader's error became %v", err)
	}
	if _, err := (&Scene{}).Bytes(); err == nil {
		t.Error("a scene without a lamp was stored")
	}
}

func FuzzParse(f *testing.F) {
	good := stored(f)
	f.Add(good)
	f.Add(good[:2000])
	f.Add([]byte(magic + "{}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, file := range [][]byte{b, resealed(append(bytes.Clone(b), make([]byte, sha256.Size)...))} {
			if s, err := Parse(file); err == nil {
				if again, err := s.Bytes(); err != nil || len(again) == 0 {
					t.Errorf("what was read cannot be stored: %v", err)
				}
			}
		}
	})
}
