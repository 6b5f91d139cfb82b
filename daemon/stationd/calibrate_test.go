// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/image/booth"
	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/internal/durable"
)

// A place is a station's state and the folder that is its camera.
type place struct {
	state, photos, config string
}

// newPlace plays the script with the pictures given by name.
func newPlace(t *testing.T, script string, pictures map[string]image.Image) place {
	t.Helper()
	dir := t.TempDir()
	p := place{filepath.Join(dir, "state"), filepath.Join(dir, "photos"), filepath.Join(dir, "station.toml")}
	if err := os.Mkdir(p.photos, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, img := range pictures {
		save(t, filepath.Join(p.photos, name), img)
	}
	write(t, p.config, []byte("state = \""+p.state+"\"\ncamera = \"folder:"+p.photos+"\"\n"))
	p.play(t, script)
	return p
}

func (p place) play(t *testing.T, script string) {
	t.Helper()
	write(t, filepath.Join(p.photos, "script.txt"), []byte(script))
}

// call runs the command as a person does.
func (p place) call(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out, errs bytes.Buffer
	err := program().Run(t.Context(), append(args, "-config", p.config), &out, &errs)
	return out.String() + errs.String(), err
}

func (p place) scene(t *testing.T) (*booth.Scene, error) {
	t.Helper()
	dir, err := durable.Open(p.state)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	return loadScene(dir)
}

// sitter is drawn once for all tests: decoded from what the conformance tests send.
func sitter(t *testing.T) *image.NRGBA {
	t.Helper()
	photo, err := pixel.Decode(bytes.NewReader(sitterJPEG()))
	if err != nil {
		t.Fatal(err)
	}
	return pixel.Fit(photo.Image, 4000)
}

// backdropWith is the simulated wall, with a card in its middle for a zero colour none.
func backdropWith(card color.NRGBA) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, 480, 640))
	wall := cameratest.Default().Background
	for o := range img.Pix {
		img.Pix[o] = [4]uint8{wall.R, wall.G, wall.B, 255}[o%4]
	}
	for y := 270; y < 380 && card.A > 0; y++ {
		for x := 170; x < 320; x++ {
			img.SetNRGBA(x, y, card)
		}
	}
	return img
}

func TestCalibrate(t *testing.T) {
	p := newPlace(t, "blank 600s\n", map[string]image.Image{
		"sitter.png": sitter(t), "card.png": backdropWith(color.NRGBA{R: 130, G: 118, B: 108, A: 255}),
	})
	if _, err := p.call(t, "calibrate", "-grey"); !errors.Is(err, errNoScene) {
		t.Errorf("a card before the scene: %v", err)
	}
	p.play(t, "show sitter.png 600s\n")
	if _, err := p.call(t, "calibrate"); !errors.Is(err, errFaceInScene) {
		t.Errorf("with somebody there: %v", err)
	}
	if _, err := p.scene(t); !errors.Is(err, errNoScene) {
		t.Errorf("a scene was stored: %v", err)
	}
	p.play(t, "blank 600s\n")
	said, err := p.call(t, "calibrate")
	if err != nil || !strings.Contains(said, "light 0.58") {
		t.Fatalf("got %q, %v", said, err)
	}
	if _, err := p.call(t, "calibrate", "-grey"); err == nil || !strings.Contains(err.Error(), "no grey card") {
		t.Errorf("without a card: %v", err)
	}
	p.play(t, "show card.png 600s\n")
	if said, err := p.call(t, "calibrate", "-grey"); err != nil || !strings.Contains(said, "white balance R 0.8") {
		t.Errorf("with a card: %q, %v", said, err)
	}
	scene, err := p.scene(t)
	if err != nil || scene.Grey == nil || scene.Grey.Gains[2] < 1.1 || scene.Lamps[0].Name != booth.All {
		t.Fatalf("stored %+v, %v", scene, err)
	}
	if !underRace {
		p.judges(t, scene)
	}
}

// judges: findings on a sitter before the calibrated wall use the reference.
func (p place) judges(t *testing.T, scene *booth.Scene) {
	t.Helper()
	scene.Grey = nil // the wall is as grey as the lamps are
	finder, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	base := sitter(t)
	faces, err := finder.Find(base)
	if err != nil || len(faces) != 1 {
		t.Fatalf("%d faces, %v", len(faces), err)
	}
	set := rule.DePassport2025().Relative()
	for _, tt := range []struct {
		name    string
		change  func(x, y float64, c color.NRGBA) color.NRGBA
		id      rule.ID
		side    rule.Side // with the scene
		without rule.Side
	}{
		{"as calibrated", nil, "7.1", rule.Inside, rule.Inside},
		{"half a stop too dark", dim(0.7), "7.1", rule.Low, rule.Inside},
		{"two stops too dark", dim(0.25), "7.1", rule.Low, rule.Low},
		{"a shadow beside the head", beside(func(x, y float64) float64 { return 0.7 }), "4.2", rule.High, rule.High},
		{"a pattern", beside(func(x, y float64) float64 { return 1 - 0.5*math.Round(math.Mod(20*y, 1)) }), "4.1", rule.High, rule.High},
		{"cool lamps", tinted(0.8, 1, 1.25), "7.3", rule.High, rule.Inside},
	} {
		img := repainted(base, tt.change)
		with, _, _ := rule.CutInBooth(rule.DePassport2025(), scene, img, pixel.RGB24, faces)
		alone, _, _ := rule.Cut(rule.DePassport2025(), img, pixel.RGB24, faces)
		for _, v := range []struct {
			name   string
			report rule.Report
			want   rule.Side
		}{{"with the scene", rule.Judge(with, set), tt.side}, {"alone", rule.Judge(alone, set), tt.without}} {
			for _, f := range v.report.Findings {
				if f.ID == tt.id && f.Side != v.want {
					t.Errorf("%s, %s: %s is %.2f, %s, want %s", tt.name, v.name, f.Name, f.Value, f.Side, v.want)
				}
			}
		}
		if got := rule.Judge(with, set).Scene; got != scene.Taken.Format(time.RFC3339) {
			t.Errorf("%s: the report names the scene %q", tt.name, got)
		}
		if !with.Head.CrownSeen {
			t.Errorf("%s: the crown was not seen against the wall", tt.name)
		}
	}
}

// dim is less light everywhere.
func dim(share float64) func(x, y float64, c color.NRGBA) color.NRGBA {
	return func(_, _ float64, c color.NRGBA) color.NRGBA { return lit(c, share, share, share) }
}

// tinted is light of another colour everywhere.
func tinted(r, g, b float64) func(x, y float64, c color.NRGBA) color.NRGBA {
	return func(_, _ float64, c color.NRGBA) color.NRGBA { return lit(c, r, g, b) }
}

// beside changes the light at the right of the sitter's head, where the wall is.
func beside(share func(x, y float64) float64) func(x, y float64, c color.NRGBA) color.NRGBA {
	return func(x, y float64, c color.NRGBA) color.NRGBA {
		if x < 0.77 || y < 0.2 || y > 0.6 {
			return c
		}
		k := share(x, y)
		return lit(c, k, k, k)
	}
}

// lit changes the light of a colour, roughly as sRGB codes it.
func lit(c color.NRGBA, r, g, b float64) color.NRGBA {
	at := func(v uint8, k float64) uint8 { return uint8(min(255, float64(v)*math.Pow(k, 1/2.2)+0.5)) }
	return color.NRGBA{R: at(c.R, r), G: at(c.G, g), B: at(c.B, b), A: 255}
}

// TestDamagedScene: the station works without a file that cannot be read, and the
// self-test says so.
func TestDamagedScene(t *testing.T) {
	p := newPlace(t, "blank 600s\n", map[string]image.Image{"card.png": backdropWith(color.NRGBA{})})
	dir, err := durable.Open(p.state)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	for _, tt := range []struct {
		name, file, log string
	}{
		{"none", "", "not calibrated"},
		{"damaged", "fotobox empty scene 1\nrubbish", "the stored empty scene is damaged"},
		{"another version", "fotobox empty scene 7\n", "another version"},
	} {
		if tt.file != "" {
			if err := dir.Write(sceneFile, strings.NewReader(tt.file)); err != nil {
				t.Fatal(err)
			}
		}
		var log bytes.Buffer
		b := &backdrop{log: slog.New(slog.NewTextHandler(&log, nil))}
		b.load(dir)
		if b.Empty() != nil || !strings.Contains(log.String(), tt.log) {
			t.Errorf("%s: log %q", tt.name, log.String())
		}
		said, _ := p.call(t, "selftest")
		if wrong := strings.Contains(said, "FAIL  calibration"); wrong != (tt.file != "") {
			t.Errorf("%s: the self-test says %s", tt.name, said)
		}
	}
}

func repainted(img *image.NRGBA, change func(x, y float64, c color.NRGBA) color.NRGBA) *image.NRGBA {
	if change == nil {
		return img
	}
	out, size := image.NewNRGBA(img.Rect), img.Rect.Size()
	for y := range size.Y {
		for x := range size.X {
			out.SetNRGBA(x, y, change(float64(x)/float64(size.X), float64(y)/float64(size.Y), img.NRGBAAt(x, y)))
		}
	}
	return out
}
