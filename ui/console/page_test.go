// SPDX-License-Identifier: EUPL-1.2

package console

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the pictures in testdata again")

// sizes are screens from a small panel to 4K, one of them upright.
func sizes() []image.Point {
	return []image.Point{{640, 480}, {800, 480}, {800, 600}, {1024, 600}, {1280, 720}, {1080, 1920}, {1920, 1080}, {3840, 2160}}
}

// states are what a technician meets.
func states() map[string]State {
	works := State{
		Station: "station-7", Office: "Bürgeramt Musterstadt", Kiosk: "http://192.0.2.20:8080",
		Maintenance: "http://192.0.2.20:8081", Version: "stationd v1.4.0", Display: true,
	}
	dark := works
	dark.Display = false
	dark.Faults = []Fault{
		{"camera", "no frame for 2 s; check the camera's cable"},
		{"office", "192.0.2.1:8443 does not answer; check the cable, the address and whether registryd runs"},
	}
	fresh := State{
		Kiosk: "http://192.0.2.20:8080", Version: "stationd v1.4.0",
		Waiting: true, Faults: []Fault{{"station", `the station is not enrolled: get a code from "registryd invite" and enter it on the maintenance page`}},
	}
	return map[string]State{"works": works, "dark": dark, "fresh": fresh}
}

// TestGolden compares with the pictures that were looked at. Floating point may
// round another way on another processor.
func TestGolden(t *testing.T) {
	for name, s := range states() {
		t.Run(name, func(t *testing.T) {
			got := image.NewRGBA(image.Rect(0, 0, 640, 480))
			Lay(s, got.Rect.Max).Draw(got)
			file := filepath.Join("testdata", name+".png")
			if *update {
				var b bytes.Buffer
				if err := png.Encode(&b, got); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want, err := png.Decode(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			if worst := difference(got, want); worst > 8 {
				t.Errorf("differs from %s by %d levels; look at it, then run with -update", file, worst)
			}
		})
	}
}

func difference(a, b image.Image) (worst int) {
	if a.Bounds() != b.Bounds() {
		return 255
	}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			p, q := color.RGBAModel.Convert(a.At(x, y)).(color.RGBA), color.RGBAModel.Convert(b.At(x, y)).(color.RGBA)
			for _, d := range []int{int(p.R) - int(q.R), int(p.G) - int(q.G), int(p.B) - int(q.B)} {
				worst = max(worst, d, -d)
			}
		}
	}
	return worst
}

// drawnState is any state that a station could be in.
func drawnState(t *rapid.T) State {
	words := rapid.StringMatching(`[a-zäöü]{1,40}(( [a-zß:/.0-9]{1,60}){0,4}){0,4}`)
	s := State{
		Station: rapid.StringMatching(`[a-z0-9-]{0,60}`).Draw(t, "station"),
		Office:  rapid.StringMatching(`(Amt [A-Za-zÄÖÜ ]{0,80})?`).Draw(t, "office"),
		Kiosk:   rapid.SampledFrom([]string{"", "http://192.0.2.20:8080", "http://[2001:db8:1234:5678:9abc:def0:1234:5678]:8080"}).Draw(t, "kiosk"),
		Version: "stationd " + rapid.StringMatching(`[a-z0-9.+-]{0,80}`).Draw(t, "version"),
		Display: rapid.Bool().Draw(t, "display"),
	}
	s.Maintenance = rapid.SampledFrom([]string{"", "http://192.0.2.20:8081"}).Draw(t, "maintenance")
	s.Waiting = rapid.Bool().Draw(t, "waiting")
	for range rapid.IntRange(0, 12).Draw(t, "faults") {
		s.Faults = append(s.Faults, Fault{rapid.StringMatching(`[a-z ]{1,20}`).Draw(t, "part"), words.Draw(t, "words")})
	}
	return s
}

// TestLayout: on every screen and for every state all lies on the page, no line of
// text covers another, letters are large and stand out, and what cannot be shown is counted.
func TestLayout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, size := drawnState(t), rapid.SampledFrom(sizes()).Draw(t, "size")
		p := Lay(s, size)
		all := image.Rectangle{Max: size}
		var texts []item
		for _, i := range p.items {
			if !i.box.In(all) {
				t.Fatalf("%q at %v lies outside %v", i.text, i.box, all)
			}
			if i.text != "" {
				texts = append(texts, i)
			}
		}
		for n, i := range texts {
			if i.size < smallest || contrast(i.colour, i.on) < 7 {
				t.Fatalf("%q: size %d, contrast %.1f", i.text, i.size, contrast(i.colour, i.on))
			}
			for _, other := range texts[n+1:] {
				if i.box.Overlaps(other.box) {
					t.Fatalf("%q at %v covers %q at %v", i.text, i.box, other.text, other.box)
				}
			}
		}
		if err := accounted(s, p); err != nil {
			t.Fatal(err)
		}
	})
}

// accounted: each thing to do is marked, or counted among those that are not.
func accounted(s State, p Page) error {
	marks, more := 0, 0
	for _, i := range p.items {
		if n := 0; i.text == "" && i.colour == amber() {
			marks++
		} else if got, _ := fmt.Sscanf(i.text, "+ %d more", &n); got == 1 {
			more = n
		}
	}
	if want := len(s.todo()); marks+more != want {
		return fmt.Errorf("%d things to do are shown and %d counted, want %d together", marks, more, want)
	}
	return nil
}

// contrast is that of WCAG 2.
func contrast(a, b color.RGBA) float64 {
	light := func(c color.RGBA) float64 {
		l := func(v uint8) float64 { return math.Pow((float64(v)/255+0.055)/1.055, 2.4) }
		return 0.2126*l(c.R) + 0.7152*l(c.G) + 0.0722*l(c.B) + 0.05
	}
	return max(light(a), light(b)) / min(light(a), light(b))
}

// TestBands: a picture drawn in bands is the picture drawn at once.
func TestBands(t *testing.T) {
	size := image.Pt(800, 480)
	p := Lay(states()["dark"], size)
	whole := image.NewRGBA(image.Rectangle{Max: size})
	p.Draw(whole)
	for y := 0; y < size.Y; y += 37 {
		part := image.NewRGBA(image.Rect(0, y, size.X, min(y+37, size.Y)))
		p.Draw(part)
		if !bytes.Equal(part.Pix, whole.Pix[y*whole.Stride:part.Rect.Max.Y*whole.Stride]) {
			t.Fatalf("the band from row %d differs", y)
		}
	}
}

// TestCode: a phone reads the address from every screen.
func TestCode(t *testing.T) {
	s := states()["dark"]
	for _, size := range sizes()[:7] {
		img := image.NewRGBA(image.Rectangle{Max: size})
		Lay(s, size).Draw(img)
		bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
		if err != nil {
			t.Fatal(err)
		}
		got, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
		if err != nil || got.GetText() != s.Maintenance {
			t.Errorf("%v: got %v, %v; want %q", size, got, err, s.Maintenance)
		}
	}
}

// TestSays: the words that somebody comes for are there.
func TestSays(t *testing.T) {
	for name, want := range map[string][]string{
		"works": {"In operation", "station-7, Bürgeramt Musterstadt", "Kiosk page: http://192.0.2.20:8080", "All parts work.", "stationd v1.4.0"},
		"dark":  {"Außer Betrieb", "Bitte gehen Sie an den Schalter.", "Out of order", "Please go to the counter.", "display: open", "camera: no frame"},
		"fresh": {"Außer Betrieb", "Fotobox", "station: the station is not enrolled"},
	} {
		var got []string
		for _, i := range Lay(states()[name], image.Pt(1920, 1080)).items {
			got = append(got, i.text)
		}
		all := strings.Join(got, "\n")
		for _, w := range want {
			if !strings.Contains(all, w) {
				t.Errorf("%s: %q is not on the page:\n%s", name, w, all)
			}
		}
	}
}

func BenchmarkShow(b *testing.B) {
	for _, size := range []image.Point{{1920, 1080}, {3840, 2160}} {
		b.Run(size.String(), func(b *testing.B) {
			b.ReportAllocs()
			f := trueColour(size, 32)
			m := memory{data: make([]byte, f.Stride*size.Y)}
			for b.Loop() {
				if err := show(&m, f, Lay(states()["dark"], size)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
