// SPDX-License-Identifier: EUPL-1.2

package cameratest

import "math"

// Places of the face, cm from the middle of the eye line; mirrored for the other side.
const (
	eyeX      = 3.2
	noseTipY  = 3.85
	mouthY    = 7.2
	mouthHalf = 2.5
	slit      = .05 // half height of the line between the closed lips; it opens with the mouth
)

// relief is how far the skin stands out from the skull's section at (x, y), cm.
func relief(x, y float64) float64 {
	return brows(x, y) + nose(x, y) + cheeks(x, y) + lips(x, y) + chin(x, y)
}

func brows(x, y float64) float64 {
	ax := math.Abs(x)
	return .3*bell(ax-2.9, 1.7)*bell(y+2.1, .75) - // ridge
		.95*bell(ax-3.1, 1.25)*bell(y+.1, .95) - // socket
		.25*bell(x, .9)*bell(y+.2, .9) - // root of the nose
		.2*bell(ax-1.75, .45)*bell(y-.05, .7) // inner corner of the eye
}

func nose(x, y float64) float64 {
	ax := math.Abs(x)
	t := smooth(-1.8, noseTipY+.3, y)
	ridge := (.3 + 1.95*t) * smooth(-2.4, .2, y) * (1 - smooth(noseTipY+.05, 5, y))
	wings := .85 * bell(ax-1.32, .36) * bell(y-4.25, .46)
	tip := .32 * bell(x, .62) * bell(y-noseTipY, .6)
	groove := .12 * bell(ax-.98, .2) * bell(y-3.95, .5)
	return ridge*bell(x, .55+.3*t) + wings + tip - groove
}

func cheeks(x, y float64) float64 {
	ax := math.Abs(x)
	fold := ax - 1.75 - .33*(y-4.6) // from the wing of the nose to the corner of the mouth
	return .5*bell(ax-4.4, 1.7)*bell(y-2.8, 1.6) -
		.3*bell(ax-5, 1.6)*bell(y-6.4, 1.7) -
		.1*bell(fold, .3)*bell(y-5.8, .9)
}

func lips(x, y float64) float64 {
	return .32*bell(x, 1.7)*bell(y-mouthY+.45, .42) + // upper
		.42*bell(x, 1.35)*bell(y-mouthY-.62, .42) - // lower
		.22*hump(x, 2.8)*bell(y-mouthY, .14) +
		.3*bell(x, 2.4)*bell(y-mouthY, 1.3) -
		.09*bell(x, .28)*bell(y-5.8, .5) - // philtrum
		.12*bell(math.Abs(x)-mouthHalf-.2, .35)*bell(y-mouthY, .5)
}

func chin(x, y float64) float64 {
	return .55*bell(x, 1.6)*bell(y-10.4, 1.1) - .28*bell(x, 2)*bell(y-8.75, .5)
}
