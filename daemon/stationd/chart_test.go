// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// printed paints the chart's SVG as a printer and a perfect lens would show it, at
// so many pixels per mm, in the middle of a grey picture.
func printed(t *testing.T, svg []byte, size image.Point, perMM float64) *image.Gray {
	t.Helper()
	img := image.NewGray(image.Rectangle{Max: size})
	for i := range img.Pix {
		img.Pix[i] = 150
	}
	dec := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := dec.Token()
		if err != nil {
			return img
		}
		e, ok := token.(xml.StartElement)
		if ok && (e.Name.Local == "circle" || e.Name.Local == "rect") {
			paint(t, img, e, perMM)
		}
	}
}

// paint paints one element; a pixel's middle decides.
func paint(t *testing.T, img *image.Gray, e xml.StartElement, perMM float64) {
	t.Helper()
	a := map[string]float64{}
	for _, at := range e.Attr {
		switch v, err := strconv.ParseFloat(at.Value, 64); {
		case err == nil:
			a[at.Name.Local] = v
		case at.Name.Local == "transform":
			a["turn"], _ = strconv.ParseFloat(strings.Fields(strings.TrimPrefix(at.Value, "rotate("))[0], 64)
		case at.Name.Local == "fill":
			level, _ := strconv.ParseUint(at.Value[1:3], 16, 8)
			a["level"] = float64(level)
			if at.Value == "#fff" {
				a["level"] = 235 // paper, not burnt out
			}
		}
	}
	if e.Name.Local == "rect" {
		a["cx"], a["cy"] = a["x"]+a["width"]/2, a["y"]+a["height"]/2
	}
	in := func(u, v float64) bool { return math.Hypot(u, v) <= a["r"] }
	if sin, cos := math.Sincos(a["turn"] * math.Pi / 180); e.Name.Local == "rect" {
		in = func(u, v float64) bool {
			return math.Abs(u*cos+v*sin) <= a["width"]/2 && math.Abs(v*cos-u*sin) <= a["height"]/2
		}
	}
	reach := int((a["r"]+a["width"]+a["height"])*perMM) + 1
	x0, y0 := (a["cx"]-105)*perMM+float64(img.Rect.Dx())/2, (a["cy"]-148.5)*perMM+float64(img.Rect.Dy())/2
	box := image.Rect(int(x0)-reach, int(y0)-reach, int(x0)+reach, int(y0)+reach).Intersect(img.Rect)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if in((float64(x)+0.5-x0)/perMM, (float64(y)+0.5-y0)/perMM) {
				img.SetGray(x, y, color.Gray{Y: uint8(min(a["level"], 235))})
			}
		}
	}
}

// TestChart: what "stationd chart" prints is what "stationd selftest -chart" measures. The
// simulated lens enlarges the picture to a still of twice its size.
func TestChart(t *testing.T) {
	var svg bytes.Buffer
	if err := program().Run(t.Context(), []string{"chart"}, &svg, os.Stderr); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	photos := filepath.Join(dir, "photos")
	if err := os.Mkdir(photos, 0o700); err != nil {
		t.Fatal(err)
	}
	save(t, filepath.Join(photos, "chart.png"), printed(t, svg.Bytes(), image.Pt(972, 1296), 3))
	file := filepath.Join(dir, "station.toml")
	if err := os.WriteFile(file, []byte("state = '"+dir+"/state'\ncamera = 'folder:"+photos+"'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	call := func(ctx context.Context, args ...string) map[string]result {
		var out bytes.Buffer
		err := program().Run(ctx, append([]string{"selftest", "-config", file, "-chart", "-json"}, args...), &out, os.Stderr)
		all := map[string]result{}
		for line := range strings.Lines(out.String()) {
			var r result
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatal(err)
			}
			all[r.Part] = r
		}
		t.Logf("%v, %v", all, err)
		return all
	}
	all := call(t.Context(), "-distance", "900", "-height", "1310", "-travel", "530")
	for _, name := range []string{"chart", "pixels", "distortion", "sharpness", "exposure", "body heights"} {
		if r, ok := all[name]; !ok || !r.OK {
			t.Errorf("%s: got %+v, want it to be right", name, r)
		}
	}
	if words := all["pixels"].Words; !strings.HasPrefix(words, "6.00 pixels per mm at 900 mm; 7.71 at 700 mm and 5.40 at 1000 mm") {
		t.Errorf("pixels: %s", words)
	}
	if r := call(t.Context(), "-distance", "1000000")["chart"]; r.OK || !strings.Contains(r.Words, "300 to 3000") {
		t.Errorf("a kilometre away: got %+v", r)
	}
}
