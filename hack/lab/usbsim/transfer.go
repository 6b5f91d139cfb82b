// SPDX-License-Identifier: EUPL-1.2

package usbsim

import (
	"encoding/binary"
	"errors"
)

var errShort = errors.New("a packet is too short")

// packet does what QEMU asks for in one packet.
func (c *Cable) packet(kind uint32, id uint64, b []byte) error {
	if len(b) == 0 && kind != rReset && kind != rGetConfig && kind != rCancel {
		return errShort
	}
	switch kind {
	case rReset:
		c.mu.Lock()
		clear(c.open)
		c.mu.Unlock()
	case rSetConfig, rGetConfig:
		return c.send(rConfig, id, []byte{rOK, 1})
	case rSetAlt:
		if len(b) < 2 {
			return errShort
		}
		c.alt[uint16(b[0])] = uint16(b[1])
		c.f.SetInterface(uint16(b[0]), uint16(b[1]))
		return errors.Join(c.describe(), c.send(rAlt, id, []byte{rOK, b[0], b[1]}))
	case rGetAlt:
		return c.send(rAlt, id, []byte{rOK, b[0], byte(c.alt[uint16(b[0])])})
	case rStartIso:
		return c.send(rIso, id, []byte{rInvalid, b[0]})
	case rStopIso:
		return c.send(rIso, id, []byte{rOK, b[0]})
	case rStartInterrupt, rStopInterrupt:
		return c.listen(id, b[0], kind == rStartInterrupt)
	case rCancel:
		return c.cancel(id)
	case rControlData:
		return c.control(id, b)
	case rBulkData:
		return c.bulk(id, b)
	default:
		c.debug("usbredir: packet type %d is not known", kind)
	}
	return nil
}

func (c *Cable) register(id uint64, u *URB) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open[id] = u
}

// take removes a pending transfer; nil means it was cancelled or answered.
func (c *Cable) take(id uint64) *URB {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.open[id]
	delete(c.open, id)
	return u
}

func (c *Cable) cancel(id uint64) error {
	u := c.take(id)
	switch {
	case u == nil:
		return nil
	case u.Endpoint == 0: // a control request that was never answered; Out is its head
		u.Out[3] = rCancelled
		return c.send(rControlData, id, u.Out)
	}
	return c.bulkAnswer(id, u, rCancelled, nil)
}

func (c *Cable) control(id uint64, b []byte) error {
	const head = 10 // endpoint, request, type, status, value, index, length
	if len(b) < head {
		return errShort
	}
	le := binary.LittleEndian
	s := Setup{b[2], b[1], le.Uint16(b[4:]), le.Uint16(b[6:]), le.Uint16(b[8:])}
	in, answer := control(c.f, s, b[head:])
	c.debug("control %+v out=%x -> %x %d", s, b[head:], in, answer)
	r := append([]byte(nil), b[:head]...)
	r[3] = rOK // QEMU leaves an old value in the request's status
	n := len(b) - head
	switch {
	case answer == Silent:
		c.register(id, &URB{Out: r})
		return nil
	case answer == Stall:
		r[3], in, n = rStalled, nil, 0
	case s.Type&0x80 != 0:
		in = in[:min(len(in), int(s.Length))]
		n = len(in)
	default:
		in = nil
	}
	le.PutUint16(r[8:], uint16(n))
	return c.send(rControlData, id, append(r, in...))
}

func (c *Cable) bulk(id uint64, b []byte) error {
	head := 8 // endpoint, status, length, stream
	if c.has(canLongBulk) {
		head = 10 // and the length's upper half
	}
	if len(b) < head {
		return errShort
	}
	le := binary.LittleEndian
	n := int(le.Uint16(b[2:]))
	if c.has(canLongBulk) {
		n |= int(le.Uint16(b[8:])) << 16
	}
	u := &URB{Endpoint: b[0] & 15, In: b[0]&0x80 != 0, Length: n, Out: b[head:]}
	u.alive = func() bool { c.mu.Lock(); defer c.mu.Unlock(); return c.open[id] == u }
	u.reply = func(status int32, in []byte) bool {
		state := byte(rOK)
		if status != 0 {
			state = rIOError
		}
		return c.take(id) != nil && c.bulkAnswer(id, u, state, in) == nil
	}
	c.register(id, u)
	c.f.Submit(u)
	return nil
}

func (c *Cable) bulkAnswer(id uint64, u *URB, state byte, in []byte) error {
	n, endpoint := len(u.Out), u.Endpoint
	if u.In {
		n, endpoint = len(in), u.Endpoint|0x80
	}
	b := cat(endpoint, state, le16(n), le32(0))
	if c.has(canLongBulk) {
		b = append(b, le16(n>>16)...)
	}
	if u.In {
		b = append(b, in...)
	}
	return c.send(rBulkData, id, b)
}

// listen begins or ends the polling of an interrupt endpoint.
func (c *Cable) listen(id uint64, endpoint byte, on bool) error {
	c.mu.Lock()
	c.heard[endpoint] = on
	c.mu.Unlock()
	err := c.send(rInterrupt, id, []byte{rOK, endpoint})
	if on {
		c.poll(endpoint, 0)
	}
	return err
}

// poll keeps one transfer of an interrupt endpoint with the device.
func (c *Cable) poll(endpoint byte, id uint64) {
	u := &URB{Endpoint: endpoint & 15, In: true, Length: 64}
	u.alive = func() bool { c.mu.Lock(); defer c.mu.Unlock(); return c.heard[endpoint] }
	u.reply = func(_ int32, in []byte) bool {
		if !u.alive() || c.send(rInterruptData, id, cat(endpoint, rOK, le16(len(in)), in)) != nil {
			return false
		}
		go c.poll(endpoint, id+1) // not from here: the device answers under its own lock
		return true
	}
	c.f.Submit(u)
}
