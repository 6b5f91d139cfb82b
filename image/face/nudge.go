// SPDX-License-Identifier: EUPL-1.2

package face

// A nudge moves a start: by x and y windows, and its window by the factor size.
// A mirrored one searches the mirror image of the face.
type nudge struct {
	x, y, size float64
	mirrored   bool
}

// nudges gives n starts that fill the range of pico's training evenly: 7.5 % of
// the window to each side, the window itself by 7.5 %. They are points of the
// Halton sequence in the bases 2, 3 and 5 and thus always the same.
func nudges(n int) []nudge {
	out := make([]nudge, n)
	for i := range out {
		out[i] = nudge{
			x:    0.15 * (halton(i+1, 2) - 0.5),
			y:    0.15 * (halton(i+1, 3) - 0.5),
			size: 1 + float64(0.15*(halton(i+1, 5)-0.5)),
		}
	}
	return out
}

// pairs gives n starts of which every second is the mirror image of the one
// before. For a pupil and for points in the middle of the face it takes out
// the side to which the trees lean: 1.5 % of the IED for the nose.
func pairs(n int) []nudge {
	out := make([]nudge, 0, n+1)
	for _, m := range nudges((n + 1) / 2) {
		out = append(out, m, nudge{-m.x, m.y, m.size, true})
	}
	return out
}

// halton is the i-th number of the van der Corput sequence, in (0, 1).
func halton(i, base int) float64 {
	value, digit := 0.0, 1.0
	for ; i > 0; i /= base {
		digit /= float64(base)
		value += float64(digit * float64(i%base))
	}
	return value
}
