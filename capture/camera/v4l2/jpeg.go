// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"slices"
	"sync"
)

// The markers that a frame is read by (ITU-T T.81, table B.1).
const (
	markSOI = 0xd8
	markEOI = 0xd9
	markSOS = 0xda
	markDHT = 0xc4
	markRST = 0xd0 // to 0xd7
	markTEM = 0x01
)

// A jpegFrame is where the parts of one frame lie.
type jpegFrame struct {
	size   image.Point
	tables bool // Huffman tables are there
	scan   int  // where the first scan's segment begins
	end    int  // after EOI; 0 when there is none
}

// inspect walks through a frame and tells whether it is whole: each segment, and the scan up to
// EOI. What comes after it is padding, or left from an earlier frame.
func inspect(data []byte) (f jpegFrame, err error) {
	if len(data) < 4 || data[0] != 0xff || data[1] != markSOI {
		return f, errTorn
	}
	for at := 2; ; {
		marker, body := segment(data, at)
		switch {
		case marker == 0:
			return f, errTorn
		case marker == markEOI:
			f.end = at + 2
			if f.scan == 0 || f.size == (image.Point{}) {
				return f, errTorn
			}
			return f, nil
		case marker == markDHT:
			f.tables = true
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc8 && marker != 0xcc && len(body) >= 5:
			f.size = image.Pt(int(binary.BigEndian.Uint16(body[3:])), int(binary.BigEndian.Uint16(body[1:])))
		case marker == markSOS && f.scan == 0:
			f.scan = at
		}
		if at += 2; marker != markTEM {
			at += 2 + len(body)
		}
		if marker == markSOS {
			at += coded(data[at:])
		}
	}
}

// segment gives the marker at data[at] and its segment's content; marker 0 when there is none.
func segment(data []byte, at int) (marker byte, body []byte) {
	if at+2 > len(data) || data[at] != 0xff {
		return 0, nil
	}
	marker = data[at+1]
	if marker == markEOI || marker == markTEM {
		return marker, nil
	}
	if at+4 > len(data) {
		return 0, nil
	}
	size := int(binary.BigEndian.Uint16(data[at+2:]))
	if size < 2 || at+2+size > len(data) {
		return 0, nil
	}
	return marker, data[at+4 : at+2+size]
}

// coded is the length of the entropy-coded data at the start of data: up to a marker that does not
// belong to it.
func coded(data []byte) int {
	for at := 0; ; {
		next := bytes.IndexByte(data[at:], 0xff)
		if next < 0 || at+next+1 >= len(data) {
			return len(data)
		}
		at += next
		switch m := data[at+1]; {
		case m == 0xff: // a marker may have any number of them before it
			at++
		case m == 0 || m >= markRST && m <= markRST+7:
			at += 2
		default:
			return at
		}
	}
}

// whole gives the frame without what follows it, and with the Huffman tables that cameras leave
// out because Motion JPEG always uses the same.
func (f jpegFrame) whole(data []byte) []byte {
	if f.tables {
		return slices.Clone(data[:f.end])
	}
	return slices.Concat(data[:f.scan], standardTables(), data[f.scan:f.end])
}

// standardTables is a DHT segment with the tables of ITU-T T.81 annex K.3, those that the standard
// library writes into every picture.
var standardTables = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewYCbCr(image.Rect(0, 0, 1, 1), image.YCbCrSubsampleRatio420), nil); err != nil {
		panic("v4l2: " + err.Error()) // a buffer takes everything
	}
	for at := 2; ; {
		marker, body := segment(b.Bytes(), at)
		if marker == markDHT {
			return b.Bytes()[at : at+4+len(body)]
		}
		at += 4 + len(body)
	}
})

// decodeJPEG gives the picture of a whole frame.
func decodeJPEG(data []byte) (*image.YCbCr, error) {
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, errTorn
	}
	if img, ok := img.(*image.YCbCr); ok {
		return img, nil
	}
	return nil, errColour
}
