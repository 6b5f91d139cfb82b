// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"image/color"
	"math"
)

// linear is the linear light of an sRGB colour.
func linear(c color.NRGBA) vec {
	return vec{linearLevel(c.R), linearLevel(c.G), linearLevel(c.B)}
}

// linearLevel is IEC 61966-2-1.
func linearLevel(level uint8) float64 {
	v := float64(level) / 255
	if v <= .04045 {
		return v / 12.92
	}
	return math.Pow((v+.055)/1.055, 2.4)
}

// tones are skin colours from light to very dark, linear light.
func tones() []vec {
	return []vec{
		linear(color.NRGBA{R: 229, G: 184, B: 164, A: 255}),
		linear(color.NRGBA{R: 216, G: 168, B: 144, A: 255}),
		linear(color.NRGBA{R: 172, G: 120, B: 94, A: 255}),
		linear(color.NRGBA{R: 120, G: 80, B: 61, A: 255}),
		linear(color.NRGBA{R: 96, G: 66, B: 52, A: 255}),
	}
}

// tone is the colour of skin between 0 (light) and 1 (very dark).
func tone(skin float64) vec {
	t := tones()
	at := min(max(skin, 0), 1) * float64(len(t)-1)
	i := min(int(at), len(t)-2)
	return t[i].mix(t[i+1], at-float64(i))
}

// hairTone and irisTone are colours that go with skin between 0 (light) and 1 (very dark). A light
// iris in very dark skin is rare, and face finders that look for a dark pupil in it miss it.
func hairTone(skin float64) vec {
	brown, black := color.NRGBA{R: 78, G: 54, B: 38, A: 255}, color.NRGBA{R: 29, G: 24, B: 21, A: 255}
	return linear(brown).mix(linear(black), smooth(.2, .7, skin))
}

func irisTone(skin float64) vec {
	hazel, brown := color.NRGBA{R: 112, G: 82, B: 52, A: 255}, color.NRGBA{R: 40, G: 27, B: 20, A: 255}
	return linear(hazel).mix(linear(brown), smooth(.2, .7, skin))
}
