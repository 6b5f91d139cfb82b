// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"fmt"
	"image"
	"testing"
)

func BenchmarkRender(b *testing.B) {
	for _, size := range []image.Point{previewSize(), stillSize()} {
		b.Run(fmt.Sprintf("%dx%d", size.X, size.Y), func(b *testing.B) {
			for b.Loop() {
				Default().Render(size)
			}
		})
	}
}

// BenchmarkFilm is what each preview frame and each further still costs: noise on a rendered base.
func BenchmarkFilm(b *testing.B) {
	n := newNoise()
	for _, size := range []image.Point{previewSize(), stillSize()} {
		base := image.NewNRGBA(image.Rectangle{Max: size})
		b.Run(fmt.Sprintf("%dx%d", size.X, size.Y), func(b *testing.B) {
			for b.Loop() {
				n.film(base, image.Point{}, size, 1.2, 1)
			}
		})
	}
}
