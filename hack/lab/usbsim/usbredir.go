// SPDX-License-Identifier: EUPL-1.2

package usbsim

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// Packet types, capabilities and states of the usbredir protocol (usbredirproto.h).
const (
	rHello, rConnect, rDisconnect, rReset, rInterfaces, rEndpoints = 0, 1, 2, 3, 4, 5
	rSetConfig, rGetConfig, rConfig, rSetAlt, rGetAlt, rAlt        = 6, 7, 8, 9, 10, 11
	rStartIso, rStopIso, rIso                                      = 12, 13, 14
	rStartInterrupt, rStopInterrupt, rInterrupt                    = 15, 16, 17
	rCancel                                                        = 21
	rControlData, rBulkData, rInterruptData                        = 100, 101, 103

	canConnectVersion, canMaxPacket, canWideIDs, canLongBulk = 1, 4, 5, 6

	rOK, rCancelled, rInvalid, rIOError, rStalled = 0, 1, 2, 3, 4
)

// Cable is a device plugged into a virtual machine through QEMU's usb-redir
// device, which no driver in the guest knows of:
//
//	-device qemu-xhci -chardev socket,id=c0,path=SOCKET,reconnect=1 -device usb-redir,chardev=c0
//
// It carries control, bulk and interrupt transfers; a Camera must not be Iso.
type Cable struct {
	f     Function
	conn  net.Conn
	debug func(string, ...any)
	done  chan struct{}
	can   uint32            // what QEMU has and we use
	alt   map[uint16]uint16 // the setting of each interface; of serve alone

	write sync.Mutex // one packet at a time
	mu    sync.Mutex
	open  map[uint64]*URB
	heard map[byte]bool // interrupt endpoints that QEMU listens to
}

func (c *Cable) has(capability int) bool { return c.can>>capability&1 == 1 }

// Connect plugs f into the machine at the other end of conn, and serves it until
// the machine goes or Unplug is called. Debug may be nil; it is told every control
// request.
func Connect(conn net.Conn, f Function, speed int, debug func(string, ...any)) (*Cable, error) {
	if debug == nil {
		debug = func(string, ...any) {}
	}
	c := &Cable{f: f, conn: conn, open: map[uint64]*URB{}, heard: map[byte]bool{}, alt: map[uint16]uint16{}, done: make(chan struct{}), debug: debug}
	if err := c.greet(); err != nil {
		return nil, err
	}
	if err := c.describe(); err != nil {
		return nil, err
	}
	d, _ := f.Descriptors()
	speeds := map[int]byte{FullSpeed: 1, HighSpeed: 2, SuperSpeed: 3}
	hello := cat(speeds[speed], d[4], d[5], d[6], d[8:12])
	if c.has(canConnectVersion) {
		hello = append(hello, d[12:14]...)
	}
	if err := c.send(rConnect, 0, hello); err != nil {
		return nil, err
	}
	go c.serve()
	return c, nil
}

// greet exchanges names and capabilities.
func (c *Cable) greet() error {
	const named, able = 64, 68
	hello := make([]byte, able)
	copy(hello, "fotobox lab")
	const ours = 1<<canConnectVersion | 1<<canMaxPacket | 1<<canWideIDs | 1<<canLongBulk
	binary.LittleEndian.PutUint32(hello[named:], ours)
	if err := c.send(rHello, 0, hello); err != nil {
		return err
	}
	kind, _, body, err := c.receive()
	if err != nil {
		return fmt.Errorf("usbredir: %w", err)
	}
	if kind != rHello || len(body) < named {
		return errors.New("usbredir: the other end does not say hello")
	}
	if len(body) >= able {
		c.can = ours & binary.LittleEndian.Uint32(body[named:])
	}
	return nil
}

// describe sends the tables of interfaces and endpoints in their present settings.
func (c *Cable) describe() error {
	le := binary.LittleEndian
	interfaces := make([]byte, 4+4*32)
	endpoints := make([]byte, 3*32) // type, interval, interface
	packet := make([]byte, 2*32)
	for i := range 32 {
		endpoints[i] = 255 // there is none
	}
	for _, i := range []int{0, 16} {
		endpoints[i] = 0
		le.PutUint16(packet[2*i:], 64)
	}
	n, iface, active := 0, byte(0), false
	_, b := c.f.Descriptors()
	for ; len(b) >= 2; b = b[b[0]:] {
		switch d := b[:b[0]]; d[1] {
		case 4: // interface
			iface, active = d[2], c.alt[uint16(d[2])] == uint16(d[3])
			if d[3] == 0 {
				interfaces[4+n], interfaces[36+n], interfaces[68+n], interfaces[100+n] = d[2], d[5], d[6], d[7]
				n++
			}
		case 5: // endpoint
			if active {
				i := int(d[2]&15) | int(d[2]>>7)<<4
				endpoints[i], endpoints[32+i], endpoints[64+i] = d[3]&3, d[6], iface
				copy(packet[2*i:], d[4:6])
			}
		}
	}
	le.PutUint32(interfaces, uint32(n))
	if c.has(canMaxPacket) {
		endpoints = append(endpoints, packet...)
	}
	return errors.Join(c.send(rInterfaces, 0, interfaces), c.send(rEndpoints, 0, endpoints))
}

func (c *Cable) send(kind uint32, id uint64, body []byte) error {
	le := binary.LittleEndian
	b := le.AppendUint32(make([]byte, 0, 16+len(body)), kind)
	b = le.AppendUint32(b, uint32(len(body)))
	if c.has(canWideIDs) {
		b = le.AppendUint64(b, id)
	} else {
		b = le.AppendUint32(b, uint32(id))
	}
	c.write.Lock()
	defer c.write.Unlock()
	_, err := c.conn.Write(append(b, body...))
	return err
}

func (c *Cable) receive() (kind uint32, id uint64, body []byte, err error) {
	le := binary.LittleEndian
	h := make([]byte, 12)
	if c.has(canWideIDs) {
		h = make([]byte, 16)
	}
	if _, err := io.ReadFull(c.conn, h); err != nil {
		return 0, 0, nil, err
	}
	id = uint64(le.Uint32(h[8:]))
	if len(h) == 16 {
		id = le.Uint64(h[8:])
	}
	const most = 64 << 20
	n := le.Uint32(h[4:])
	if n > most {
		return 0, 0, nil, fmt.Errorf("packet of %d bytes, want at most %d", n, most)
	}
	body = make([]byte, n)
	_, err = io.ReadFull(c.conn, body)
	return le.Uint32(h[0:]), id, body, err
}

// Unplug pulls the cable; the connection to QEMU ends with it.
func (c *Cable) Unplug() {
	_ = c.send(rDisconnect, 0, nil) // QEMU notices the closed connection as well
	_ = c.conn.Close()
	<-c.done
}

// Done is closed when QEMU has gone or Unplug was called.
func (c *Cable) Done() <-chan struct{} { return c.done }

func (c *Cable) serve() {
	defer close(c.done)
	defer c.f.Unplugged()
	defer c.conn.Close()
	for {
		kind, id, body, err := c.receive()
		if err == nil {
			err = c.packet(kind, id, body)
		}
		if err != nil {
			c.debug("usbredir: %v", err)
			return
		}
	}
}
