// SPDX-License-Identifier: EUPL-1.2

package v4l2

import "encoding/binary"

// quickBits is the length up to which a code is found in one step; nearly all are shorter.
const quickBits = 9

// codes is a table of Huffman codes (ITU-T T.81, annex F.2.2.3).
type codes struct {
	quick   [1 << quickBits]uint16 // length<<8 | symbol; 0: the code is longer
	symbols []byte
	most    [17]int32 // largest code of each length; -1: none
	first   [17]int32 // index of its first symbol, less its first code
}

// newCodes makes a table from how many codes of each length there are.
func newCodes(counts, symbols []byte) (*codes, error) {
	c := &codes{symbols: symbols}
	code, index := int32(0), int32(0)
	for length := 1; length <= 16; length++ {
		n := int32(counts[length-1])
		c.first[length], c.most[length] = index-code, -1
		if code+n > 1<<length {
			return nil, errTorn
		}
		if n > 0 {
			c.most[length] = code + n - 1
		}
		for range n {
			if length <= quickBits {
				from := code << (quickBits - length)
				for i := range int32(1) << (quickBits - length) {
					c.quick[from+i] = uint16(length)<<8 | uint16(symbols[index])
				}
			}
			code++
			index++
		}
		code <<= 1
	}
	return c, nil
}

// A bitReader reads entropy-coded data. After its end it gives zeros, and over counts them.
type bitReader struct {
	data []byte
	at   int
	acc  uint64 // its upper n bits are the next ones
	n    uint
	over int // bytes after the end
}

// fill makes at least 32 bits ready, from fewer.
func (b *bitReader) fill() {
	if b.at+4 <= len(b.data) {
		four := binary.BigEndian.Uint32(b.data[b.at:])
		if (^four-0x01010101)&four&0x80808080 == 0 { // none of them is 0xff
			b.acc |= uint64(four) << (32 - b.n)
			b.n += 32
			b.at += 4
			return
		}
	}
	for b.n <= 56 {
		var next byte
		switch {
		case b.at < len(b.data) && b.data[b.at] != 0xff:
			next = b.data[b.at]
			b.at++
		case b.at+1 < len(b.data) && b.data[b.at+1] == 0:
			next = 0xff
			b.at += 2
		default:
			b.over++ // a marker, which stays where it is
		}
		b.acc |= uint64(next) << (56 - b.n)
		b.n += 8
	}
}

// exhausted tells whether bits were taken that are not there.
func (b *bitReader) exhausted() bool { return 8*b.over > int(b.n) }

// code reads a symbol; false when the bits are no code.
func (b *bitReader) code(c *codes) (symbol byte, ok bool) {
	if b.n < 32 {
		b.fill()
	}
	if q := c.quick[b.acc>>(64-quickBits)]; q != 0 {
		b.skip(uint(q >> 8))
		return byte(q), true
	}
	for length := quickBits + 1; length <= 16; length++ {
		if code := int32(b.acc >> (64 - length)); code <= c.most[length] {
			b.skip(uint(length))
			return c.symbols[c.first[length]+code], true
		}
	}
	return 0, false
}

func (b *bitReader) skip(n uint) {
	b.acc <<= n
	b.n -= n
}

// value reads a number of that many bits in JPEG's way: those that begin with 0 are negative. There
// are enough bits ready after a code.
func (b *bitReader) value(size uint) int32 {
	if size == 0 {
		return 0
	}
	v := int32(b.acc >> (64 - size))
	b.skip(size)
	if v < 1<<(size-1) {
		v -= 1<<size - 1
	}
	return v
}

// restart goes on after the next restart marker; false when something else is there.
func (b *bitReader) restart() bool {
	if b.exhausted() || b.at+1 >= len(b.data) || b.data[b.at] != 0xff || b.data[b.at+1] < markRST || b.data[b.at+1] > markRST+7 {
		return false
	}
	*b = bitReader{data: b.data, at: b.at + 2}
	return true
}
