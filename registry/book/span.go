// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"math/bits"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/registry/calendar"
)

// longest is how long a slot can be, and an appointment.
const longest = calendar.MaxMinutes * time.Minute

// A span is a slot with who has its seats. Sets of seats are bits: bit n is
// seat n.
type span struct {
	id         int64
	start, end time.Time
	seats      int    // of the office; 0 when the calendar gives the slot no more
	open       int    // so many of them for everybody, now
	taken      uint64 // by whomever
}

// free gives the seats that can be had, by everybody or by the office.
func (s span) free(inside bool) uint64 {
	n := s.open
	if inside {
		n = s.seats
	}
	return (1<<n - 1) &^ s.taken
}

// overlay marks the seats as taken that somebody has in another slot at the
// same time, as there is after rules were changed. Spans are in order of start.
func overlay(spans []span) {
	own := make([]uint64, len(spans))
	for i, s := range spans {
		own[i] = s.taken
	}
	for i := range spans {
		for j := i - 1; j >= 0 && spans[i].start.Sub(spans[j].start) < longest; j-- {
			if spans[j].end.After(spans[i].start) {
				spans[i].taken |= own[j]
				spans[j].taken |= own[i]
			}
		}
	}
}

// A need is what an appointment takes: seats for its length.
type need struct {
	length time.Duration
	seats  int
	inside bool // the office itself books, also from the reserve
}

// row gives the slots that follow each other from the i-th on until the length
// is reached, and the seats that are free in all of them.
func (n need) row(spans []span, i int) (row []span, free uint64, ok bool) {
	free = spans[i].free(n.inside)
	row = append(row, spans[i])
	for row[len(row)-1].end.Sub(spans[i].start) < n.length {
		end := row[len(row)-1].end
		next := slices.IndexFunc(spans[i:], func(s span) bool { return s.seats > 0 && s.start.Equal(end) })
		if next < 0 || bits.OnesCount64(free) < n.seats {
			return nil, 0, false
		}
		row = append(row, spans[i+next])
		free &= spans[i+next].free(n.inside)
	}
	fits := row[len(row)-1].end.Sub(spans[i].start) <= longest
	return row, free, fits && bits.OnesCount64(free) >= n.seats
}

// choose takes n of the seats: everybody from the lowest on, the office from the
// highest, where its reserve is.
func choose(free uint64, n int, inside bool) (numbers []int) {
	for range n {
		i := bits.TrailingZeros64(free)
		if inside {
			i = bits.Len64(free) - 1
		}
		free &^= 1 << i
		numbers = append(numbers, i)
	}
	return numbers
}
