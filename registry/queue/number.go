// SPDX-License-Identifier: EUPL-1.2

package queue

import "strconv"

// A Number is what a waiting person is called by: unique in the office that day.
// The zero Number is nobody's.
type Number int

// Numbers have three digits, 100 to 999, and more only where so many come in one
// day. Those that are given one after the other lie far apart: nobody takes
// the number for a place in the order, which it is not.
const (
	lowest = 100
	many   = 900
	stride = 371 // has no divisor with many, so that it comes to every number once
)

// numberOf is the n-th number of a day, from 1 on.
func numberOf(n int) Number {
	if n < 1 {
		return 0
	}
	round, place := (n-1)/many, (n-1)*stride%many
	return Number(lowest + many*round + place)
}

// String is the number in digits, as it is shown.
func (n Number) String() string { return strconv.Itoa(int(n)) }
