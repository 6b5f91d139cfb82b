// SPDX-License-Identifier: EUPL-1.2

package record

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Second bytes of the JPEG markers that matter here (ISO/IEC 10918-1, table B.1).
const (
	startOfImage  = 0xd8
	endOfImage    = 0xd9
	startOfScan   = 0xda
	baselineFrame = 0xc0
	app0, app15   = 0xe0, 0xef
	comment       = 0xfe
)

var errSegments = errors.New("not a JPEG file")

// segments splits what follows the start of a JPEG file in its segments, each
// with marker and length. The last one runs from the first scan to the file's end.
func segments(file []byte) ([][]byte, error) {
	if len(file) < 4 || file[0] != 0xff || file[1] != startOfImage {
		return nil, errSegments
	}
	var list [][]byte
	for rest := file[2:]; len(rest) >= 4 && rest[0] == 0xff; {
		n := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if n < 4 || n > len(rest) {
			break
		}
		if rest[1] == startOfScan {
			return append(list, rest), nil
		}
		list, rest = append(list, rest[:n]), rest[n:]
	}
	return nil, errSegments
}

// bare copies a JPEG without its application and comment segments. JFIF goes too:
// it must be the first segment, and so must Exif, which alone was asked for; it
// would add a density that nobody measured; and no reader needs its word for the
// colours, since every one takes components 1, 2 and 3 without a mark for YCbCr.
func bare(file []byte) ([]byte, error) {
	list, err := segments(file)
	if err != nil {
		return nil, err
	}
	out := append([]byte(nil), file[:2]...)
	for _, s := range list {
		if marker := s[1]; (marker < app0 || marker > app15) && marker != comment {
			out = append(out, s...)
		}
	}
	return out, nil
}

// picture is what a record says about the JPEG file inside it.
type picture struct {
	width, height int // pixels
	grey          bool
}

// look reads the frame header. Both records take sequential baseline files of
// 8 bits only: what a portrait is coded as, and what every reader can show.
func look(file []byte) (picture, error) {
	list, err := segments(file)
	if err != nil {
		return picture{}, err
	}
	if n := len(file); file[n-2] != 0xff || file[n-1] != endOfImage {
		return picture{}, fmt.Errorf("%w: cut off, or followed by other bytes", errSegments)
	}
	for _, s := range list {
		if s[1] == baselineFrame {
			return frame(s[4:])
		}
	}
	return picture{}, errors.New("not a baseline JPEG file")
}

// frame reads a frame header behind its length (ISO/IEC 10918-1, B.2.2).
func frame(b []byte) (picture, error) {
	if len(b) < 6 || len(b) != 6+3*int(b[5]) || b[0] != 8 {
		return picture{}, errSegments
	}
	p := picture{
		height: int(binary.BigEndian.Uint16(b[1:])),
		width:  int(binary.BigEndian.Uint16(b[3:])),
		grey:   b[5] == 1,
	}
	if p.width == 0 || p.height == 0 {
		return picture{}, errors.New("a JPEG file without size")
	}
	if components := b[5]; components != 1 && components != 3 {
		return picture{}, fmt.Errorf("a JPEG file of %d components", components)
	}
	return p, nil
}
