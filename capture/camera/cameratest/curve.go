// SPDX-License-Identifier: EUPL-1.2

package cameratest

// curve is a smooth function through knots {x, value} in rising x, constant beyond the ends.
type curve [][2]float64

func (c curve) at(x float64) float64 {
	last := len(c) - 1
	if x <= c[0][0] {
		return c[0][1]
	}
	if x >= c[last][0] {
		return c[last][1]
	}
	i := 0
	for x > c[i+1][0] {
		i++
	}
	h := c[i+1][0] - c[i][0]
	t := (x - c[i][0]) / h
	a, b := c[i][1], c[i+1][1]
	da, db := c.slope(i)*h, c.slope(i+1)*h
	// cubic Hermite
	return a + t*(da+t*(3*(b-a)-2*da-db+t*(2*(a-b)+da+db)))
}

// slope at a knot is that of its two neighbours.
func (c curve) slope(i int) float64 {
	lo, hi := max(i-1, 0), min(i+1, len(c)-1)
	return (c[hi][1] - c[lo][1]) / (c[hi][0] - c[lo][0])
}
