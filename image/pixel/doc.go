// SPDX-License-Identifier: EUPL-1.2

// Package pixel reads pictures and gives their pixels in the forms that the
// finder of faces and the rules measure on.
//
// A photo is judged alike on every machine. Some processors add a product without
// rounding it first, unless it is converted: that is why sums in the packages below
// image are written float64(x*y) + z wherever the product is not exact.
package pixel
