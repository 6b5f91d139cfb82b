// SPDX-License-Identifier: EUPL-1.2

package usbsim

import "encoding/binary"

// The units of the camera (UVC 1.1, 3.7.2): sensor, processing unit, output.
const sensor, processing, output = 1, 2, 3

// The camera's controls, as ControlValue takes them: unit<<8 | selector (UVC 1.1, tables ).
const (
	AEMode        = sensor<<8 | 0x02 // 1: manual, 8: aperture priority
	ExposureAbs   = sensor<<8 | 0x04 // 100 µs
	FocusAbs      = sensor<<8 | 0x06
	FocusAuto     = sensor<<8 | 0x08
	Brightness    = processing<<8 | 0x02
	Contrast      = processing<<8 | 0x03
	Gain          = processing<<8 | 0x04
	PowerLine     = processing<<8 | 0x05 // 1: 50 Hz, 2: 60 Hz
	Saturation    = processing<<8 | 0x07
	Sharpness     = processing<<8 | 0x08
	WhiteTemp     = processing<<8 | 0x0a // kelvin
	WhiteTempAuto = processing<<8 | 0x0b
)

// A setting is one control's range and state.
type setting struct {
	size                       int // bytes on the wire
	min, max, step, def, value int32
	needs                      uint16 // may be set only while this control ...
	needed                     int32  // ... has this value
}

func settings() map[uint16]*setting {
	return map[uint16]*setting{
		AEMode:        {1, 1, 8, 9, 8, 8, 0, 0}, // the step is the bitmap of what there is: 1 and 8
		ExposureAbs:   {4, 3, 2047, 1, 250, 250, AEMode, 1},
		FocusAbs:      {2, 0, 250, 5, 0, 0, FocusAuto, 0},
		FocusAuto:     {1, 0, 1, 1, 1, 1, 0, 0},
		Brightness:    {2, 0, 255, 1, 128, 128, 0, 0},
		Contrast:      {2, 0, 255, 1, 128, 128, 0, 0},
		Gain:          {2, 0, 255, 1, 0, 0, 0, 0},
		PowerLine:     {1, 0, 2, 1, 2, 2, 0, 0},
		Saturation:    {2, 0, 255, 1, 128, 128, 0, 0},
		Sharpness:     {2, 0, 255, 1, 128, 128, 0, 0},
		WhiteTemp:     {2, 2000, 6500, 1, 4000, 4000, WhiteTempAuto, 0},
		WhiteTempAuto: {1, 0, 1, 1, 1, 1, 0, 0},
	}
}

// The class requests (UVC 1.1, table A-8).
const (
	setCur, getCur, getMin, getMax, getRes, getLen, getInfo, getDef = 0x01, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87
)

// The reasons for a refused request (UVC 1.1, 4.2.1.2).
const wrongState, outOfRange, invalidControl, invalidRequest = 2, 4, 6, 7

// Control answers the camera's class requests.
func (c *Camera) Control(s Setup, out []byte) ([]byte, Answer) {
	c.prepare()
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.Type != 0xa1 && s.Type != 0x21 {
		return nil, Stall
	}
	if c.mute {
		return nil, Silent
	}
	selector := byte(s.Value >> 8)
	switch {
	case s.Index&0xff == streamingInterface:
		return c.negotiation(s.Request, selector, out)
	case s.Index>>8 == 0 && selector == 2: // VC_REQUEST_ERROR_CODE_CONTROL
		return []byte{c.lastErr}, Done
	}
	k := c.settings[s.Index&0xff00|uint16(selector)]
	if k == nil {
		return c.refuse(invalidControl)
	}
	value := func(v int32) ([]byte, Answer) { return le32(int(v))[:k.size], Done }
	switch s.Request {
	case setCur:
		return c.set(k, out)
	case getCur:
		return value(k.value)
	case getMin:
		return value(k.min)
	case getMax:
		return value(k.max)
	case getRes:
		return value(k.step)
	case getDef:
		return value(k.def)
	case getLen:
		return le16(k.size), Done
	case getInfo:
		return []byte{3}, Done // may be read and written
	}
	return c.refuse(invalidRequest)
}

func (c *Camera) refuse(reason byte) ([]byte, Answer) {
	c.lastErr = reason
	return nil, Stall
}

func (c *Camera) set(k *setting, out []byte) ([]byte, Answer) {
	if k.needs != 0 && c.settings[k.needs].value != k.needed {
		return c.refuse(wrongState)
	}
	var b [4]byte
	copy(b[:], out)
	v := int32(binary.LittleEndian.Uint32(b[:]))
	if k.size == 2 {
		v = int32(int16(v))
	}
	if v < k.min || v > k.max {
		return c.refuse(outOfRange)
	}
	k.value = v
	return nil, Done
}

// negotiation is the dialogue about format, size and rate (UVC 1.1, 4.3.1.1).
func (c *Camera) negotiation(request, selector byte, out []byte) ([]byte, Answer) {
	const probe, commit = 1, 2
	if selector != probe && selector != commit {
		return nil, Stall
	}
	switch request {
	case setCur:
		n := copy(c.probe[:], out)
		c.settle(c.probe[:max(n, 26)])
		if selector == commit {
			c.commit()
		}
		return nil, Done
	case getLen:
		return le16(len(c.probe)), Done
	case getInfo:
		return []byte{3}, Done
	case getCur, getMin, getMax, getDef:
		b := make([]byte, len(c.probe))
		if request != getDef {
			copy(b, c.probe[:])
		}
		c.settle(b)
		return b, Done
	}
	return nil, Stall
}

// ticks is a frame's time in the unit of the protocol, 100 ns.
func ticks(fps int) uint32 { return uint32(10_000_000 / fps) }

// settle makes a probe block consistent: a format, size and rate that there are.
func (c *Camera) settle(b []byte) {
	le := binary.LittleEndian
	formats := c.formats()
	format := max(1, min(int(b[2]), len(formats)))
	sizes := formats[format-1]
	frame := int(b[3])
	if frame < 1 || frame > len(sizes) {
		frame = 1
	}
	size := sizes[frame-1]
	want, best := int64(le.Uint32(b[4:])), ticks(size.FPS[0])
	for _, fps := range size.FPS {
		if distance(want, ticks(fps)) < distance(want, best) {
			best = ticks(fps)
		}
	}
	b[2], b[3] = byte(format), byte(frame)
	le.PutUint32(b[4:], best)
	le.PutUint32(b[18:], uint32(size.W*size.H*2))
	payload := uint32(size.W*size.H*2 + 2)
	if c.Iso {
		payload = 3 * 1024
	}
	le.PutUint32(b[22:], payload)
	if len(b) >= 34 {
		le.PutUint32(b[26:], clock)
		copy(b[30:], []byte{3, 0, 1, 1})
	}
}

func distance(a int64, b uint32) int64 { return max(a-int64(b), int64(b)-a) }

// formats are the sizes of each format that the camera has, MJPEG first.
func (c *Camera) formats() [][]Size {
	var all [][]Size
	for _, sizes := range [][]Size{c.MJPEG, c.YUY2} {
		if len(sizes) > 0 {
			all = append(all, sizes)
		}
	}
	return all
}

func (c *Camera) commit() {
	size := c.formats()[c.probe[2]-1][c.probe[3]-1]
	rate := 1e7 / float64(binary.LittleEndian.Uint32(c.probe[4:]))
	c.stream++
	c.mode = Mode{c.probe[2] == 1 && len(c.MJPEG) > 0, size.W, size.H, rate}
	if !c.started {
		c.started = true
		go c.play()
	}
}
