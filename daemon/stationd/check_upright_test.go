// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/disintegration/imaging"

	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
)

// TestCheckTurned: a portrait that lies on its side in the file is judged upright,
// and written upright; so is one that is no JPEG written as one.
func TestCheckTurned(t *testing.T) {
	s := cameratest.Default()
	s.Head = 0.75
	img, _ := s.Render(image.Pt(1244, 1600))
	dir := t.TempDir()
	plain, lying, out := filepath.Join(dir, "plain.png"), filepath.Join(dir, "lying.jpg"), filepath.Join(dir, "out.jpg")
	save(t, plain, img)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, imaging.Rotate90(img), &jpeg.Options{Quality: 95}); err != nil { // against the clock
		t.Fatal(err)
	}
	const clockwise = 6
	write(t, lying, marked(b.Bytes(), 0xe1, append([]byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), clockwise, 0, 0)))
	names := []string{lying}
	if !underRace {
		names = append(names, plain)
	}
	for _, name := range names {
		status, lines, stderr := run("--json", "--crop", out, name)
		var j judgement
		if err := json.Unmarshal([]byte(lines[0]), &j); err != nil || status == 2 {
			t.Fatalf("status %d, %v, %s", status, err, stderr)
		}
		if j.Turned != (name == lying) || j.Width != 1244 || j.Height != 1600 || j.Faces != 1 {
			t.Errorf("%s: turned %v, %dx%d, %d faces", name, j.Turned, j.Width, j.Height, j.Faces)
		}
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		config, err := jpeg.DecodeConfig(bytes.NewReader(data)) // which knows nothing of Exif
		if err != nil || config.Width != 1244 || config.Height != 1600 {
			t.Errorf("%s: wrote %dx%d, %v", name, config.Width, config.Height, err)
		}
	}
}

// TestCheckProfile: that colours are not those of sRGB is said, in words and in JSON.
func TestCheckProfile(t *testing.T) {
	profile := binary.BigEndian.AppendUint32(make([]byte, 128), 3)
	for i, tag := range []string{"rXYZ", "gXYZ", "bXYZ"} {
		profile = append(profile, tag...)
		profile = binary.BigEndian.AppendUint32(profile, uint32(128+4+3*12+20*i))
		profile = binary.BigEndian.AppendUint32(profile, 20)
	}
	for _, v := range []float64{0.5151, 0.2412, -0.0010, 0.2919, 0.6922, 0.0419, 0.1572, 0.0666, 0.7841} { // Display P3
		if (len(profile)-128-4-3*12)%20 == 0 {
			profile = append(profile, "XYZ \x00\x00\x00\x00"...)
		}
		profile = binary.BigEndian.AppendUint32(profile, uint32(int32(v*(1<<16))))
	}
	name := filepath.Join(t.TempDir(), "wide.jpg")
	write(t, name, marked(wallJPEG(t), 0xe2, append([]byte("ICC_PROFILE\x00\x01\x01"), profile...)))
	if _, _, stderr := run(name); !strings.Contains(stderr, "colour profile") {
		t.Errorf("got %q", stderr)
	}
	if j := judged(t, name); !j.Profile {
		t.Errorf("got %+v", j)
	}
	if j := judged(t, wall(t)); j.Profile || j.Turned {
		t.Errorf("got %+v", j)
	}
}

// marked puts a segment behind a JPEG's first marker.
func marked(jpg []byte, marker byte, body []byte) []byte {
	segment := append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2)), body...)
	return bytes.Join([][]byte{jpg[:2], segment, jpg[2:]}, nil)
}
