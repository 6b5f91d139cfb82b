// SPDX-License-Identifier: EUPL-1.2

package record

import (
	"encoding/binary"
	"slices"
)

// element is a BER-TLV data object with a tag of one or two bytes and the
// shortest length that holds its parts: DER (ISO/IEC 8825-1, 10.1).
func element(tag uint16, parts ...[]byte) []byte {
	content := slices.Concat(parts...)
	var b []byte
	if tag > 0xff {
		b = append(b, byte(tag>>8))
	}
	b = append(b, byte(tag))
	switch n := len(content); {
	case n < 1<<7:
		b = append(b, byte(n))
	case n < 1<<8:
		b = append(b, 0x81, byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x82), uint16(n))
	case n < 1<<24:
		b = append(b, 0x83, byte(n>>16), byte(n>>8), byte(n))
	default:
		b = binary.BigEndian.AppendUint32(append(b, 0x84), uint32(n))
	}
	return append(b, content...)
}

// integer is an INTEGER that is not negative: the fewest bytes, the first below 0x80.
func integer(tag byte, v uint) []byte {
	b := []byte{byte(v)}
	for v >>= 8; v > 0; v >>= 8 {
		b = append(b, byte(v))
	}
	if b[len(b)-1] >= 0x80 {
		b = append(b, 0)
	}
	slices.Reverse(b)
	return element(uint16(tag), b)
}

// boolean is a BOOLEAN as DER has it.
func boolean(tag byte, v bool) []byte {
	if v {
		return element(uint16(tag), []byte{0xff})
	}
	return element(uint16(tag), []byte{0})
}

// enumerated is an enumerated CHOICE in its extension form, [1]{ [0] code }: the
// only one that the ICAO application profile knows, but for the image's format.
func enumerated(tag byte, code uint8) []byte {
	return element(uint16(tag), element(0xa1, integer(0x80, uint(code))))
}
