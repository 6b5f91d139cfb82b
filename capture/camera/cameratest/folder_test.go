// SPDX-License-Identifier: EUPL-1.2

package cameratest_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
)

// plain is a JPEG of one colour.
func plain(w, h int, c color.Gray) []byte {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = c.Y
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// folder writes files into a new folder.
func folder(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFolderRefused(t *testing.T) {
	good := plain(40, 40, color.Gray{Y: 9})
	huge := slices.Clone(good)
	size := bytes.Index(huge, []byte{0xFF, 0xC0}) + 5 // height and width in the frame header
	copy(huge[size:], []byte{0x13, 0x88, 0x23, 0x28})
	tests := map[string]struct {
		files map[string][]byte
		want  string
	}{
		"empty":         {nil, "no photos in it"},
		"other files":   {map[string][]byte{"notes.txt": good}, "no photos in it"},
		"text as photo": {map[string][]byte{"a.jpg": good, "b.jpg": []byte("hello")}, "photo b.jpg: image: unknown format"},
		"empty photo":   {map[string][]byte{"a.png": {}}, "photo a.png: image: unknown format"},
		"too large":     {map[string][]byte{"a.jpg": huge}, "photo a.jpg: 9000x5000 pixels, want 1 to 36 megapixels"},
		"script":        {map[string][]byte{"a.jpg": good, "script.txt": []byte("blank 1s\nwave 2s")}, `script.txt line 2: unknown word "wave"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, test.files)
			_, err := cameratest.Folder(dir)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), dir) {
				t.Errorf("Folder: %v, want the folder's name and %q", err, test.want)
			}
		})
	}
	if _, err := cameratest.Folder(filepath.Join(t.TempDir(), "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing folder: %v, want os.ErrNotExist", err)
	}
}

// brightness tells the test's photos and the backdrop apart.
func brightness(img image.Image) uint8 {
	b := img.Bounds()
	return color.GrayModel.Convert(img.At(b.Dx()/2, b.Dy()/2)).(color.Gray).Y
}

// play runs a folder's camera and notes what it shows each half second, offset by a quarter.
func play(t *testing.T, dir string, halves int) (seen []string) {
	t.Helper()
	device, err := cameratest.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	c := camera.New(device, slog.New(slog.DiscardHandler))
	done := make(chan error, 1)
	go func() { done <- c.Run(t.Context()) }()
	t.Cleanup(func() { <-done })
	time.Sleep(250 * time.Millisecond)
	for range halves {
		seen = append(seen, now(t.Context(), c))
		time.Sleep(500*time.Millisecond - 50*time.Millisecond)
	}
	return seen
}

// now is what the camera shows within 50 ms.
func now(ctx context.Context, c *camera.Camera) string {
	ctx, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	frame, err := c.Next(ctx, 0)
	<-ctx.Done()
	if err != nil || time.Since(frame.Taken) > 150*time.Millisecond {
		return "none"
	}
	switch y := brightness(frame.Image); {
	case y < 60:
		return "dark"
	case y == 0xC8:
		return "blank"
	}
	return "grey"
}

func TestFolderScript(t *testing.T) {
	dir := folder(t, map[string][]byte{
		"a.jpg":      plain(300, 400, color.Gray{Y: 20}),
		"b.jpg":      plain(300, 400, color.Gray{Y: 120}),
		"script.txt": []byte("show a.jpg 1s\nblank 500ms\nshow b.jpg 1s\npause 1s\nshow b.jpg 500ms\n"),
	})
	synctest.Test(t, func(t *testing.T) {
		want := strings.Fields("dark dark blank grey grey none none grey dark dark blank")
		if diff := cmp.Diff(want, play(t, dir, len(want))); diff != "" {
			t.Errorf("seen differs (-want +got):\n%s", diff)
		}
	})
}

// A pause longer than two seconds and a lost device are losses, and end when the script says so.
func TestFolderLost(t *testing.T) {
	for _, what := range []string{"lost 4s", "pause 4s"} {
		dir := folder(t, map[string][]byte{
			"a.jpg": plain(300, 400, color.Gray{Y: 20}), "script.txt": []byte("show a.jpg 2s\n" + what + "\nblank 10s\n"),
		})
		synctest.Test(t, func(t *testing.T) {
			seen := play(t, dir, 20)
			if slices.Index(seen, "none") != 4 || seen[19] != "blank" || slices.Contains(seen[16:], "none") {
				t.Errorf("%s: seen %v, want dark for 2 s, none, blank again soon after 4 s more", what, seen)
			}
		})
	}
}

// direct writes a script the way the doc comment asks for.
func direct(t *testing.T, dir, script string) {
	t.Helper()
	aside := filepath.Join(dir, "script.new")
	if err := errors.Join(os.WriteFile(aside, []byte(script), 0o600), os.Rename(aside, filepath.Join(dir, "script.txt"))); err != nil {
		t.Fatal(err)
	}
}

// A script that changes is played from its beginning, with photos that are new;
// one that is wrong takes the device away until it is right.
func TestFolderDirected(t *testing.T) {
	dir := folder(t, map[string][]byte{"a.jpg": plain(300, 400, color.Gray{Y: 20})})
	device, err := cameratest.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := device.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	shown := func() (uint8, error) {
		frame, err := stream.Next(t.Context())
		if err != nil {
			return 0, err
		}
		return brightness(frame.Image), nil
	}
	if err := os.WriteFile(filepath.Join(dir, "b.jpg"), plain(300, 400, color.Gray{Y: 120}), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		script string
		want   uint8
		wrong  string
	}{
		{"blank 1h", 0xC8, ""},
		{"show b.jpg 1h\nblank 1h", 120, ""},
		{"show c.jpg 1h", 0, `no photo "c.jpg"`},
		{"show a.jpg 1h", 20, ""},
		{"lost 1h", 0, "device gone"},
		{"show b.jpg 1h", 120, ""},
	} {
		direct(t, dir, tt.script)
		got, err := shown()
		if tt.wrong == "" && (err != nil || got+5 < tt.want || got > tt.want+5) {
			t.Errorf("%s: brightness %d, %v; want %d", tt.script, got, err, tt.want)
		}
		if tt.wrong != "" && (err == nil || !strings.Contains(err.Error(), tt.wrong)) {
			t.Errorf("%s: %v, want %q", tt.script, err, tt.wrong)
		}
		if _, again := device.Open(t.Context()); (again == nil) != (tt.wrong == "") {
			t.Errorf("%s: opening says %v, the stream %v", tt.script, again, err)
		}
	}
	if err := os.Remove(filepath.Join(dir, "script.txt")); err != nil {
		t.Fatal(err)
	}
	if got, err := shown(); err != nil || got > 25 {
		t.Errorf("without a script: brightness %d, %v; want the first photo", got, err)
	}
}

// A photo that turns out damaged is named once; then its place in the show stays blank.
func TestFolderDamagedPhoto(t *testing.T) {
	good := plain(300, 400, color.Gray{Y: 20})
	dir := folder(t, map[string][]byte{"a.jpg": plain(900, 900, color.Gray{Y: 99})[:700], "b.jpg": good})
	device, err := cameratest.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := device.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Next(t.Context()); err == nil || !strings.Contains(err.Error(), "a.jpg") {
		t.Errorf("Next = %v, want an error that names a.jpg", err)
	}
	frame, err := stream.Next(t.Context())
	if err != nil || brightness(frame.Image) != 0xC8 {
		t.Errorf("Next after the damaged photo: %v, want the blank scene", err)
	}
}
