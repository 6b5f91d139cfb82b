// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/disintegration/imaging"
	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/image/rule"
)

// photoFolder lies beside the repository; it is not part of it.
const photoFolder = "../../../shared/photos"

func photo(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(photoFolder, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the test photos are not here: %v", err)
	}
	return path
}

// wall writes a picture of nobody.
func wall(t *testing.T) string {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 320, 400))
	for i := range img.Pix {
		img.Pix[i] = 200
	}
	name := filepath.Join(t.TempDir(), "wall.png")
	save(t, name, img)
	return name
}

func save(t *testing.T, name string, img image.Image) {
	t.Helper()
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, img); err != nil {
		t.Fatal(err)
	}
}

// run calls the command and gives its status, the lines of its output, and its errors.
func run(args ...string) (status int, lines []string, stderr string) {
	var out, errs bytes.Buffer
	status = check(args, &out, &errs)
	return status, strings.Split(strings.TrimSpace(out.String()), "\n"), errs.String()
}

func TestCheckNobody(t *testing.T) {
	status, lines, stderr := run("--json", wall(t))
	var j judgement
	if err := json.Unmarshal([]byte(lines[0]), &j); err != nil {
		t.Fatal(err)
	}
	if status != 1 || len(lines) != 1 || stderr != "" {
		t.Errorf("status %d, %d lines, %q; want 1, one line, nothing", status, len(lines), stderr)
	}
	if f := j.Report.Findings[0]; j.Report.Verdict != rule.Reject || f.ID != "4.3" || f.Side != rule.Low {
		t.Errorf("verdict %s, first finding %+v", j.Report.Verdict, f)
	}
	for _, want := range []string{`"faces":0,"eyes":[],"mouth":[]`, `"width":320,"height":400`, `"side":"unclear"`, `"reason":"no face was found"`} {
		if !strings.Contains(lines[0], want) {
			t.Errorf("%s lacks %s", lines[0], want)
		}
	}
}

// TestCheckKeys holds the form that other programs read.
func TestCheckKeys(t *testing.T) {
	_, lines, _ := run("--json", wall(t))
	var top, report map[string]json.RawMessage
	if err := json.Unmarshal([]byte(lines[0]), &top); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(top["report"], &report); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		object map[string]json.RawMessage
		keys   string
	}{
		{top, "photo width height faces eyes mouth report ms"},
		{report, "engine set hash verdict findings"},
	} {
		for key := range strings.FieldsSeq(tt.keys) {
			if _, ok := tt.object[key]; !ok {
				t.Errorf("no key %s", key)
			}
			delete(tt.object, key)
		}
		if len(tt.object) > 0 {
			t.Errorf("more keys: %v", tt.object)
		}
	}
}

// TestCheckMeasures: all are reported, with their reason where nobody is seen, and
// change no verdict.
func TestCheckMeasures(t *testing.T) {
	for _, name := range []string{wall(t), photo(t, "london-001-03.jpg")} {
		status, lines, stderr := run("--json", "--relative", "--measures", name)
		var j judgement
		if err := json.Unmarshal([]byte(lines[0]), &j); err != nil {
			t.Fatalf("%v, %s", err, stderr)
		}
		if plain, _, _ := run("--json", "--relative", name); plain != status || len(j.Measures) != 31 {
			t.Errorf("status %d, %d without measures; %d measures, want 31", status, plain, len(j.Measures))
		}
		for _, m := range j.Measures {
			if (m.Native == nil) == (m.Reason == "") || j.Faces == 0 && m.Native != nil {
				t.Errorf("%s has %+v", name, m)
			}
		}
		_, table, _ := run("--measures", name)
		for _, want := range []string{"0x43", "IlluminationUniformity", "IntensityLevels", "it needs a neural network"} {
			if text := strings.Join(table, "\n"); !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
	}
}

// TestCheckBadFiles: each is named with what to do, and the others are judged.
func TestCheckBadFiles(t *testing.T) {
	dir, good := t.TempDir(), wall(t)
	data, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	huge := bytes.Clone(data)
	copy(huge[16:], "\x00\x00\x30\x00\x00\x00\x30\x00") // 12288 x 12288 in the header
	for _, tt := range []struct{ name, content, want string }{
		{"empty.jpg", "", "the file is empty"},
		{"text.jpg", "no picture", "save it as JPEG or PNG"},
		{"half.png", string(data[:len(data)/2]), "take the photo again"},
		{"header.png", string(huge), ""},
	} {
		name := filepath.Join(dir, tt.name)
		if err := os.WriteFile(name, []byte(tt.content), 0o600); err != nil {
			t.Fatal(err)
		}
		status, lines, stderr := run("--json", name, good)
		if status != 2 || len(lines) != 1 || !strings.Contains(lines[0], `"faces":0`) {
			t.Errorf("%s: status %d, output %q; want 2 and the good file's line", tt.name, status, lines)
		}
		if !strings.Contains(stderr, name) || !strings.Contains(stderr, tt.want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: errors %q, want a line with the name and %q", tt.name, stderr, tt.want)
		}
	}
	if status, _, stderr := run(filepath.Join(dir, "absent.jpg")); status != 2 || !strings.Contains(stderr, "check the name") {
		t.Errorf("absent: status %d, %q", status, stderr)
	}
}

func TestCheckUsage(t *testing.T) {
	for _, tt := range []struct {
		name   string
		args   []string
		status int
		want   string
	}{
		{"no photo", nil, 2, "at least one photo"},
		{"two to crop", []string{"--crop", "out.jpg", "a.jpg", "b.jpg"}, 2, "--crop takes one photo"},
		{"language", []string{"--lang", "la", "a.jpg"}, 2, `language "la" is not one of [de de-easy en`},
		{"flag", []string{"--strict", "a.jpg"}, 2, "flag provided but not defined"},
		{"help", []string{"--help"}, 0, "Exit status: 0 all accepted"},
	} {
		if status, _, stderr := run(tt.args...); status != tt.status || !strings.Contains(stderr, tt.want) {
			t.Errorf("%s: status %d, %q; want %d, %q", tt.name, status, stderr, tt.status, tt.want)
		}
	}
}

// TestCheckPhoto: small, it is accepted only relatively; its points are pixels of the file.
func TestCheckPhoto(t *testing.T) {
	name := photo(t, "london-001-03.jpg")
	if status, _, _ := run("--json", name); status != 1 {
		t.Errorf("a photo of 900x900 has status %d, want 1", status)
	}
	status, lines, _ := run("--json", "--relative", name)
	var j judgement
	if err := json.Unmarshal([]byte(lines[0]), &j); err != nil {
		t.Fatal(err)
	}
	if status != 0 || j.Report.Verdict != rule.Accept || j.Faces != 1 || j.Width != 900 {
		t.Errorf("relative: status %d, %s, %d faces", status, j.Report.Verdict, j.Faces)
	}
	// placed by hand: LANDMARKS.csv
	want := [][2]float64{{372, 422}, {517, 416}}
	for i, eye := range j.Eyes {
		if math.Hypot(eye[0]-want[i][0], eye[1]-want[i][1]) > 15 {
			t.Errorf("eye %d at %v, want %v", i, eye, want[i])
		}
	}
	for _, f := range j.Report.Findings {
		if pixels := f.ID == "5.1" || f.ID == "5.2" || f.ID == "5.7"; pixels && (f.Side != rule.Low || !f.Advisory) {
			t.Errorf("%s: %s, advisory %t; want reported as low, not counted", f.ID, f.Side, f.Advisory)
		}
	}
}

func TestCheckTable(t *testing.T) {
	name := photo(t, "london-smile-002-08.jpg")
	status, lines, _ := run("--relative", name)
	text := strings.Join(lines, "\n")
	if status != 1 {
		t.Errorf("status %d", status)
	}
	for _, want := range []string{"rejected", "Mouth closed", "too high", "Please close your mouth", "-8 .. 8 deg", "(does not count)"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if _, lines, _ := run("--relative", "--lang", "de", name); !strings.Contains(strings.Join(lines, "\n"), "Mund geschlossen") {
		t.Errorf("no German in %q", lines)
	}
}

// TestCheckCrop cuts from a camera-sized photo, then judges the cut as it is, and
// finds nearly the same. The sitter has no hair at the sides: where it hangs there,
// whether the head's width is seen turns on a level of a pixel.
func TestCheckCrop(t *testing.T) {
	small, err := imaging.Open(photo(t, "london-008-03.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	still, cut, again := filepath.Join(dir, "still.png"), filepath.Join(dir, "cut.jpg"), filepath.Join(dir, "again.jpg")
	save(t, still, imaging.Resize(small, 2400, 0, imaging.CatmullRom))
	if status, _, stderr := run("--crop", cut, still); stderr != "" || status == 2 {
		t.Fatalf("status %d, %s", status, stderr)
	}
	data, err := os.ReadFile(cut)
	if err != nil {
		t.Fatal(err)
	}
	config, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil || config.Width != 1244 || config.Height != 1600 || config.ColorModel != color.YCbCrModel {
		t.Errorf("cut %+v, %v; want 1244x1600 in colour", config, err)
	}
	first, second := judged(t, still), judged(t, cut)
	for i, f := range first.Report.Findings {
		g := second.Report.Findings[i]
		near := map[rule.ID]float64{"5.3": 0.03, "5.4": 0.02, "5.5": 0.01, "5.6": 0.01, "5.7": 6}[f.ID]
		if near > 0 && math.Abs(f.Value-g.Value) > near {
			t.Errorf("%s: %.3f before the cut, %.3f on the cut", f.Name, f.Value, g.Value)
		}
	}
	run("--crop", again, cut)
	copied, err := os.ReadFile(again)
	if diff := cmp.Diff(len(data), len(copied)); err != nil || !bytes.Equal(data, copied) {
		t.Errorf("a finished portrait was coded again: %v, length %s", err, diff)
	}
	if status, _, stderr := run("--crop", again, wall(t)); status != 2 || !strings.Contains(stderr, "no face") {
		t.Errorf("cut of nobody: status %d, %q", status, stderr)
	}
}

func judged(t *testing.T, name string) (j judgement) {
	t.Helper()
	_, lines, stderr := run("--json", name)
	if err := json.Unmarshal([]byte(lines[0]), &j); err != nil {
		t.Fatalf("%v, %s", err, stderr)
	}
	return j
}
