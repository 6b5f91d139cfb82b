// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"image"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// icao is the source of the photometry.
const icao = "ICAO TR Portrait Quality 2018 (ISO/IEC 39794-5 D.1)"

func fourSquares() Measure {
	return Measure{
		ID: "icao-light", Name: "FourSquares", Source: icao, Unit: "ratio", Limit: "at least 0.5",
		Method: "Four squares of 0.3 inter-eye distances on forehead, chin and cheeks: the lowest of their mean values over the highest, " +
			"in the channel where that is least.",
		Native: onFace(func(p *Picture) float64 { return p.aligned().evenness() }),
		Met:    func(ratio float64) bool { return ratio >= 0.5 },
	}
}

// squares are forehead, chin and both cheeks. Forehead and chin lie on the line
// through eyes and mouth, half the distance from eyes to mouth above the eyes and
// one and a half below them; the cheeks lie half way, their outer edges below the eyes.
func (a *aligned) squares() []image.Rectangle {
	zone := 0.3 * a.ied()
	m := a.eyes()
	dx, dy := a.lips.x-m.x, a.lips.y-m.y
	var list []image.Rectangle
	for _, c := range []point{
		{m.x - dx/2, m.y - dy/2}, {m.x + float64(1.5*dx), m.y + float64(1.5*dy)},
		{a.eyeLeft.x + zone/2, a.eyeLeft.y + dy/2}, {a.eyeRight.x - zone/2, a.eyeRight.y + dy/2},
	} {
		x, y := int(c.x-zone/2+0.5), int(c.y-zone/2+0.5)
		list = append(list, image.Rect(x, y, x+int(zone), y+int(zone)).Intersect(image.Rect(0, 0, side, side)))
	}
	return list
}

// evenness is 0 where a square lies outside the picture, and where all are black.
func (a *aligned) evenness() float64 {
	low, high := [3]float64{255, 255, 255}, [3]float64{}
	for _, r := range a.squares() {
		if r.Empty() {
			return 0
		}
		for i, v := range a.mean(r) {
			low[i], high[i] = min(low[i], v), max(high[i], v)
		}
	}
	least := 1.0
	for i := range low {
		if high[i] == 0 {
			return 0
		}
		least = min(least, low[i]/high[i])
	}
	return least
}

func intensityLevels() Measure {
	return Measure{
		ID: "icao-levels", Name: "IntensityLevels", Source: icao, Unit: "levels", Limit: "at least 128",
		Method: "How many of the 256 values of a channel occur in the face from brows to chin, in the channel with the fewest; " +
			"counted on the photo's own pixels.",
		Native: onFace(func(p *Picture) float64 {
			least := 256
			for _, n := range p.levels() {
				least = min(least, n)
			}
			return float64(least)
		}),
		Met: func(levels float64) bool { return levels >= 128 },
	}
}

// levels counts the values that occur in the face, by channel.
func (p *Picture) levels() (n [3]int) {
	m := p.marks()
	r, reach := m.region(), float64(1.5*max(m.ied(), m.depth(), m.width))
	size := p.Image.Bounds().Size()
	around := image.Rect(int(r.origin.x-reach), int(r.origin.y-reach), int(r.origin.x+reach), int(r.origin.y+reach))
	around = around.Intersect(image.Rectangle{Max: size})
	at := pixel.At(p.Image)
	var seen [3][256]bool
	for y := around.Min.Y; y < around.Max.Y; y++ {
		for x := around.Min.X; x < around.Max.X; x++ {
			if r.contains(point{float64(x) + 0.5, float64(y) + 0.5}) {
				red, green, blue := at(x, y)
				seen[0][red], seen[1][green], seen[2][blue] = true, true, true
			}
		}
	}
	for i := range seen {
		for _, yes := range seen[i] {
			if yes {
				n[i]++
			}
		}
	}
	return n
}

func skinColour() Measure {
	return Measure{
		ID: "icao-colour", Name: "SkinColour", Source: icao, Unit: "CIELAB", Limit: "0",
		Method: "Distance of the mean colour of both cheek squares to the box a* 5 to 25, b* 5 to 35 of CIELAB; " +
			"a grey picture is outside.",
		Native: onFace(func(p *Picture) float64 {
			a := p.aligned()
			return fromBox(lab(a.mean(pair(a.cheeks())...)))
		}),
		Met: func(distance float64) bool { return distance == 0 },
	}
}
