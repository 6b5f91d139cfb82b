// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"encoding/binary"
	"errors"
	"image"
)

// The preview needs a sixteenth of the pixels of a large frame, and most of the time of a decoder
// goes into the others. This one reads the frame's codes, keeps the lowest frequencies of each
// block of 8x8 and makes 4x4, 2x2 or 1x1 pixels of them: an eighth of image/jpeg's time and memory,
// a fifth of those of jpegli, which scales too (docs/measurements.md). It reads what cameras send:
// baseline, three components, one scan (ITU-T T.81). The rest is left to image/jpeg, and so are
// stills.

// errUnusual says that a frame is for image/jpeg.
var errUnusual = errors.New("not the usual frame of a camera")

// A component is one of the three planes of a frame.
type component struct {
	id         byte
	h, v       int // blocks in an MCU
	quant      *[64]int32
	dc, ac     *codes
	last       int32 // DC of the block before
	plane      []uint8
	stride     int
	quantIndex byte
}

// A scaledDecoder holds the tables of one frame.
type scaledDecoder struct {
	side       int // pixels made of a block's 8: 1, 2 or 4
	size       image.Point
	quants     [4]*[64]int32
	codes      [2][4]*codes // DC and AC
	components [3]component
	restart    int // MCUs between restarts; 0: none
	mcus       image.Point
}

// decodeScaled decodes a whole frame so that 8 pixels become side. The error is errUnusual or errTorn.
func decodeScaled(data []byte, side int) (*image.YCbCr, error) {
	d := scaledDecoder{side: side}
	for at := 2; ; {
		marker, body := segment(data, at)
		var err error
		switch {
		case marker == 0 || marker == markEOI:
			return nil, errTorn
		case marker == 0xdb:
			err = d.readQuants(body)
		case marker == markDHT:
			err = d.readCodes(body)
		case marker == 0xc0 || marker == 0xc1:
			err = d.readFrame(body)
		case marker > 0xc1 && marker <= 0xcf || marker == 0xee: // other codings; Adobe's colours
			err = errUnusual
		case marker == 0xdd && len(body) == 2:
			d.restart = int(binary.BigEndian.Uint16(body))
		case marker == markSOS:
			if err := d.readScan(body); err != nil {
				return nil, err
			}
			return d.picture(data[at+4+len(body):])
		}
		if err != nil {
			return nil, err
		}
		at += 4 + len(body)
	}
}

func (d *scaledDecoder) readQuants(b []byte) error {
	for len(b) > 0 {
		wide, index := int(b[0]>>4), b[0]&15
		if wide > 1 || index > 3 || len(b) < 1+64*(1+wide) {
			return errTorn
		}
		q := new([64]int32)
		for i := range q {
			if q[i] = int32(b[1+i]); wide == 1 {
				q[i] = int32(binary.BigEndian.Uint16(b[1+2*i:]))
			}
		}
		d.quants[index] = q
		b = b[1+64*(1+wide):]
	}
	return nil
}

func (d *scaledDecoder) readCodes(b []byte) error {
	for len(b) > 0 {
		if len(b) < 17 || b[0]>>4 > 1 || b[0]&15 > 3 {
			return errTorn
		}
		total := 0
		for _, n := range b[1:17] {
			total += int(n)
		}
		if len(b) < 17+total {
			return errTorn
		}
		c, err := newCodes(b[1:17], b[17:17+total])
		if err != nil {
			return err
		}
		d.codes[b[0]>>4][b[0]&15] = c
		b = b[17+total:]
	}
	return nil
}

// readFrame takes three components of which the second and third are colour, at most once for two
// pixels each way.
func (d *scaledDecoder) readFrame(b []byte) error {
	if len(b) != 15 || b[0] != 8 || b[5] != 3 {
		return errUnusual
	}
	d.size = image.Pt(int(binary.BigEndian.Uint16(b[3:])), int(binary.BigEndian.Uint16(b[1:])))
	for i := range d.components {
		at := b[6+3*i:]
		d.components[i] = component{id: at[0], h: int(at[1] >> 4), v: int(at[1] & 15), quantIndex: at[2] & 3}
	}
	y, cb, cr := &d.components[0], &d.components[1], &d.components[2]
	if y.id == 'R' || y.h < 1 || y.h > 2 || y.v < 1 || y.v > 2 || cb.h != 1 || cb.v != 1 || cr.h != 1 || cr.v != 1 || area(d.size) == 0 {
		return errUnusual
	}
	d.mcus = image.Pt((d.size.X+8*y.h-1)/(8*y.h), (d.size.Y+8*y.v-1)/(8*y.v))
	return nil
}

// readScan ties tables to components.
func (d *scaledDecoder) readScan(b []byte) error {
	if len(b) != 10 || b[0] != 3 || d.mcus == (image.Point{}) {
		return errUnusual
	}
	for i := range d.components {
		c, tables := &d.components[i], b[2+2*i]
		if b[1+2*i] != c.id {
			return errUnusual
		}
		c.dc, c.ac, c.quant = d.codes[0][tables>>4&3], d.codes[1][tables&3], d.quants[c.quantIndex]
		if c.dc == nil || c.ac == nil || c.quant == nil {
			return errTorn
		}
		c.stride = d.mcus.X * c.h * d.side
		c.plane = make([]uint8, c.stride*d.mcus.Y*c.v*d.side)
	}
	return nil
}

// picture decodes the scan.
func (d *scaledDecoder) picture(coded []byte) (*image.YCbCr, error) {
	bits := bitReader{data: coded}
	for n := range d.mcus.X * d.mcus.Y {
		if d.restart > 0 && n > 0 && n%d.restart == 0 {
			if !bits.restart() {
				return nil, errTorn
			}
			for i := range d.components {
				d.components[i].last = 0
			}
		}
		for i := range d.components {
			c := &d.components[i]
			for block := range c.h * c.v {
				x, y := n%d.mcus.X*c.h+block%c.h, n/d.mcus.X*c.v+block/c.h
				if !c.block(&bits, d.side, c.plane[(y*c.stride+x)*d.side:]) {
					return nil, errTorn
				}
			}
		}
	}
	if bits.exhausted() {
		return nil, errTorn
	}
	y, cb, cr := &d.components[0], &d.components[1], &d.components[2]
	ratio := [2][2]image.YCbCrSubsampleRatio{
		{image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio440},
		{image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420},
	}[y.h-1][y.v-1]
	return &image.YCbCr{
		Y: y.plane, Cb: cb.plane, Cr: cr.plane, YStride: y.stride, CStride: cb.stride, SubsampleRatio: ratio,
		Rect: image.Rectangle{Max: d.size.Mul(d.side).Div(8)},
	}, nil
}

// zigzag gives the place of each coefficient in the block, column by row of eight.
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// block reads one block into dst; false when its codes are none.
func (c *component) block(bits *bitReader, side int, dst []uint8) bool {
	var low [16]int32 // the lowest 4x4 frequencies
	size, ok := bits.code(c.dc)
	if !ok || size > 11 {
		return false
	}
	c.last += bits.value(uint(size))
	low[0] = c.last * c.quant[0]
	for k := 1; k < 64; k++ {
		symbol, ok := bits.code(c.ac)
		if !ok {
			return false
		}
		size := uint(symbol & 15)
		if size == 0 {
			if symbol != 0xf0 {
				break
			}
			k += 15
			continue
		}
		if k += int(symbol >> 4); k > 63 {
			return false
		}
		v := bits.value(size)
		if at := zigzag[k]; at&7 < 4 && at < 32 {
			low[at>>3*4+at&7] = v * c.quant[k]
		}
	}
	paint(dst, c.stride, &low, side)
	return true
}

// paint makes side x side pixels of a block's lowest frequencies: the inverse cosine transform of
// that size, which shows the block smaller.
func paint(dst []uint8, stride int, low *[16]int32, side int) {
	switch side {
	case 1:
		dst[0] = sample(low[0], 3)
	case 2:
		a, b, c, d := low[0], low[1], low[4], low[5]
		dst[0], dst[1] = sample(a+b+c+d, 3), sample(a-b+c-d, 3)
		dst[stride], dst[stride+1] = sample(a+b-c-d, 3), sample(a-b-c+d, 3)
	case 4:
		for i := range 4 { // columns
			low[i], low[4+i], low[8+i], low[12+i] = inverse4(low[i], low[4+i], low[8+i], low[12+i])
		}
		for i := range 4 { // rows
			p0, p1, p2, p3 := inverse4(low[4*i], low[4*i+1], low[4*i+2], low[4*i+3])
			row := dst[i*stride : i*stride+4]
			row[0], row[1], row[2], row[3] = sample(p0, 13), sample(p1, 13), sample(p2, 13), sample(p3, 13)
		}
	}
}

// inverse4 is the cosine transform of four, 32 times as large, which two of them make 1024 times;
// an orthonormal one is half of that sum.
func inverse4(a, b, c, d int32) (p0, p1, p2, p3 int32) {
	const cos1, cos3 = 42, 17 // 32 times the square root of 2, times the cosine of 22.5 and 67.5 degrees
	even, odd := 32*(a+c), 32*(a-c)
	near, far := cos1*b+cos3*d, cos3*b-cos1*d
	return even + near, odd + far, odd - far, even - near
}

// sample is a pixel of a value that is 2 to the shift times as large.
func sample(v int32, shift uint) uint8 {
	return uint8(min(max((v+1<<(shift-1))>>shift+128, 0), 255))
}
