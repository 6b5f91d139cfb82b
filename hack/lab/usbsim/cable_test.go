// SPDX-License-Identifier: EUPL-1.2

package usbsim

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// A host is the other end of a usbredir cable, as QEMU is.
type host struct {
	t *testing.T
	c *Cable // for its framing alone
}

// qemu connects a device to a host that has all capabilities.
func qemu(t *testing.T, f Function) (*Cable, host) {
	t.Helper()
	near, far := net.Pipe()
	t.Cleanup(func() { far.Close() })
	h := host{t, &Cable{conn: far, debug: t.Logf}}
	greeted := make(chan error, 1)
	go func() {
		kind, _, _, err := h.c.receive()
		if err == nil && kind == rHello {
			hello := make([]byte, 68)
			binary.LittleEndian.PutUint32(hello[64:], 1<<canConnectVersion|1<<canMaxPacket|1<<canWideIDs|1<<canLongBulk)
			err = h.c.send(rHello, 0, hello)
			h.c.can = 1<<canWideIDs | 1<<canLongBulk
		}
		for _, want := range []uint32{rInterfaces, rEndpoints, rConnect} {
			if kind, _, _, e := h.c.receive(); kind != want || e != nil {
				t.Errorf("packet of type %d, %v, want %d", kind, e, want)
			}
		}
		greeted <- err
	}()
	c, err := Connect(near, f, HighSpeed, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := <-greeted; err != nil {
		t.Fatal(err)
	}
	return c, h
}

// ask sends a packet and returns the first answer of the wanted type.
func (h host) ask(kind uint32, id uint64, body []byte, want uint32) []byte {
	h.t.Helper()
	if err := h.c.send(kind, id, body); err != nil {
		h.t.Fatal(err)
	}
	return h.answer(id, want)
}

func (h host) answer(id uint64, want uint32) []byte {
	h.t.Helper()
	for {
		kind, got, body, err := h.c.receive()
		if err != nil {
			h.t.Fatal(err)
		}
		if kind == want && got == id {
			return body
		}
	}
}

func request(s Setup, out ...byte) []byte {
	endpoint := s.Type & 0x80
	return cat(endpoint, s.Request, s.Type, 0, le16(int(s.Value)), le16(int(s.Index)), le16(int(s.Length)), out)
}

// TestCableStreams: QEMU commits a mode and gets the frames, split as it asks.
func TestCableStreams(t *testing.T) {
	c, h := qemu(t, testCamera())
	probe := make([]byte, 34)
	probe[2], probe[3] = 1, 2
	s := Setup{Type: 0x21, Request: setCur, Value: 2 << 8, Index: streamingInterface, Length: 34}
	if r := h.ask(rControlData, 1, request(s, probe...), rControlData); r[3] != rOK {
		t.Fatalf("commit: status %d", r[3])
	}
	var frame []byte
	for id := uint64(2); ; id++ {
		const room = 1000
		b := h.ask(rBulkData, id, cat(0x81, 0, le16(room), le32(0), le16(0)), rBulkData)
		frame = append(frame, b[10:]...)
		if len(b)-10 < room {
			break
		}
	}
	if want := append([]byte{2, 0x82}, bytes.Repeat([]byte{1}, 1920)...); !bytes.Equal(frame, want) {
		t.Errorf("a frame of %d bytes that begins %x, want %d and %x", len(frame), frame[:4], len(want), want[:4])
	}
	go io.Copy(io.Discard, h.c.conn)
	c.Unplug()
}

// TestCableMute: a request that is never answered can be cancelled, and a refused one stalls.
func TestCableMute(t *testing.T) {
	camera := testCamera()
	_, h := qemu(t, camera)
	get := request(Setup{Type: 0xa1, Request: getCur, Value: Gain << 8 & 0xffff, Index: Gain & 0xff00, Length: 2})
	if r := h.ask(rControlData, 1, get, rControlData); r[3] != rOK || !bytes.Equal(r[10:], []byte{0, 0}) {
		t.Errorf("gain: %x", r)
	}
	camera.Mute(true)
	if err := h.c.send(rControlData, 2, get); err != nil {
		t.Fatal(err)
	}
	if r := h.ask(rCancel, 2, nil, rControlData); r[3] != rCancelled {
		t.Errorf("a cancelled request has status %d, want %d", r[3], rCancelled)
	}
	camera.Mute(false)
	if r := h.ask(rControlData, 3, request(Setup{Type: 0xa1, Request: getCur, Value: 0x7f00, Index: Gain & 0xff00, Length: 2}), rControlData); r[3] != rStalled {
		t.Errorf("an unknown control has status %d, want %d", r[3], rStalled)
	}
}

// TestCableScans: keys arrive as interrupt packets once QEMU listens.
func TestCableScans(t *testing.T) {
	s := &Scanner{}
	_, h := qemu(t, s)
	h.ask(rStartInterrupt, 7, []byte{0x81}, rInterrupt)
	go s.Scan("a", 0)
	for id, key := range []byte{4, 0, 40, 0} { // a, released, enter, released
		if b := h.answer(uint64(id), rInterruptData); b[4+2] != key {
			t.Errorf("report %d has key %d, want %d", id, b[4+2], key)
		}
	}
}

// TestPortCancels: a transfer is answered or cancelled, never both.
func TestPortCancels(t *testing.T) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	kernel := os.NewFile(uintptr(fds[1]), "kernel")
	defer kernel.Close()
	s := &Scanner{}
	p := newPort(s, os.NewFile(uintptr(fds[0]), "device"), nil)
	go p.serve()
	send := func(command, seq, in, endpoint, argument uint32) {
		var h [headerLength]byte
		for i, v := range []uint32{command, seq, 0, in, endpoint, argument, 8} {
			binary.BigEndian.PutUint32(h[4*i:], v)
		}
		if _, err := kernel.Write(h[:]); err != nil {
			t.Fatal(err)
		}
	}
	answer := func() (command, seq, status uint32) {
		h := make([]byte, headerLength)
		if _, err := io.ReadFull(kernel, h); err != nil {
			t.Fatal(err)
		}
		be := binary.BigEndian
		if be.Uint32(h) == retSubmit {
			if _, err := io.CopyN(io.Discard, kernel, int64(be.Uint32(h[24:]))); err != nil {
				t.Fatal(err)
			}
		}
		return be.Uint32(h), be.Uint32(h[4:]), be.Uint32(h[20:])
	}
	send(cmdSubmit, 1, 1, 1, 0)
	send(cmdUnlink, 2, 0, 0, 1)
	if command, seq, status := answer(); command != retUnlink || seq != 2 || int32(status) != -int32(unix.ECONNRESET) {
		t.Errorf("cancelled: %d %d %d", command, seq, int32(status))
	}
	send(cmdSubmit, 3, 1, 1, 0)
	go s.Scan("x", 0)
	if command, seq, status := answer(); command != retSubmit || seq != 3 || status != 0 {
		t.Errorf("a key: %d %d %d, want the answer to 3 and not to 1", command, seq, status)
	}
	send(cmdUnlink, 4, 0, 0, 3)
	if command, seq, status := answer(); command != retUnlink || seq != 4 || status != 0 {
		t.Errorf("cancelled too late: %d %d %d", command, seq, int32(status))
	}
	kernel.Close()
	<-p.done
}

func TestFreePort(t *testing.T) {
	const status = "hub port sta spd dev      sockfd local_busid\nhs  0000 006 003 00010002 000005 1-1\nhs  0001 004 000 00000000 000000 0-0\nss  0008 004 000 00000000 000000 0-0\n"
	for speed, want := range map[int]int{HighSpeed: 1, FullSpeed: 1, SuperSpeed: 8} {
		if got, err := freePort(status, speed); got != want || err != nil {
			t.Errorf("speed %d: port %d, %v, want %d", speed, got, err, want)
		}
	}
	if _, err := freePort("hub port sta\nhs 0000 006\n", HighSpeed); err == nil {
		t.Error("a full hub has a free port")
	}
}
