// SPDX-License-Identifier: EUPL-1.2

package record

import (
	"encoding/binary"
	"time"
)

// exif is the APP1 segment with DateTimeOriginal alone: a TIFF header, a first
// directory that points to the Exif directory, and that with its one entry
// (CIPA DC-008, 4.6.2 and 4.6.5).
func exif(taken time.Time) []byte {
	const (
		exifDirectory    = 0x8769
		dateTimeOriginal = 0x9003
		long, ascii      = 4, 2
		first, second    = 8, 26 // offsets of the two directories
		text             = 44    // offset of the time
	)
	when := taken.Format("2006:01:02 15:04:05") + "\x00"
	tiff := append([]byte("MM\x00\x2a"), 0, 0, 0, first)
	tiff = directory(tiff, exifDirectory, long, 1, second)
	tiff = directory(tiff, dateTimeOriginal, ascii, uint32(len(when)), text)
	tiff = append(tiff, when...)
	payload := append([]byte("Exif\x00\x00"), tiff...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(payload)+2))
	return append(segment, payload...)
}

// directory appends a TIFF directory of one entry, 18 bytes.
func directory(b []byte, tag, kind uint16, count, value uint32) []byte {
	b = binary.BigEndian.AppendUint16(b, 1)
	b = binary.BigEndian.AppendUint16(b, tag)
	b = binary.BigEndian.AppendUint16(b, kind)
	b = binary.BigEndian.AppendUint32(b, count)
	b = binary.BigEndian.AppendUint32(b, value)
	return binary.BigEndian.AppendUint32(b, 0)
}
