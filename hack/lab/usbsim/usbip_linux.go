// SPDX-License-Identifier: EUPL-1.2

package usbsim

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

const vhci = "/sys/devices/platform/vhci_hcd.0/"

// The commands of the USB/IP protocol, as the kernel's usbip_protocol documents them.
const (
	cmdSubmit, cmdUnlink, retSubmit, retUnlink = 1, 2, 3, 4

	headerLength = 48
)

// Port is a device plugged into the running kernel.
type Port struct {
	f     Function
	file  *os.File
	debug func(string, ...any)
	done  chan struct{}

	write sync.Mutex // one answer at a time
	mu    sync.Mutex
	open  map[uint32]*URB
}

// Plug attaches f to the first free port of the fitting speed of vhci_hcd, which
// must be loaded. Debug may be nil; it is told every control request.
func Plug(f Function, speed int, debug func(string, ...any)) (*Port, error) {
	status, err := os.ReadFile(vhci + "status")
	if err != nil {
		return nil, fmt.Errorf("the module vhci-hcd is not loaded: %w", err)
	}
	number, err := freePort(string(status), speed)
	if err != nil {
		return nil, err
	}
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fds[1]) // the kernel keeps its own reference
	if err := unix.SetNonblock(fds[0], true); err != nil {
		return nil, err
	}
	p := newPort(f, os.NewFile(uintptr(fds[0]), "usbip"), debug)
	id := 1<<16 | (number + 2)
	if err := os.WriteFile(vhci+"attach", fmt.Appendf(nil, "%d %d %d %d", number, fds[1], id, speed), 0); err != nil {
		return nil, errors.Join(fmt.Errorf("attach to vhci: %w", err), p.file.Close())
	}
	go p.serve()
	return p, nil
}

func newPort(f Function, file *os.File, debug func(string, ...any)) *Port {
	if debug == nil {
		debug = func(string, ...any) {}
	}
	return &Port{f: f, file: file, open: map[uint32]*URB{}, done: make(chan struct{}), debug: debug}
}

// freePort reads vhci's table: hub, port, state, speed, device, socket, busid.
func freePort(status string, speed int) (int, error) {
	hub := "hs"
	if speed == SuperSpeed {
		hub = "ss"
	}
	for line := range strings.Lines(status) {
		w := strings.Fields(line)
		if len(w) < 3 || w[0] != hub || w[2] != "004" { // VDEV_ST_NULL
			continue
		}
		var n int
		if _, err := fmt.Sscanf(w[1], "%d", &n); err == nil {
			return n, nil
		}
	}
	return 0, errors.New("vhci has no free port")
}

// Unplug pulls the cable and returns when the device has noticed.
func (p *Port) Unplug() {
	_ = p.file.Close() // what could fail is what is wanted
	<-p.done
}

func (p *Port) serve() {
	defer close(p.done)
	defer p.f.Unplugged()
	defer p.file.Close()
	var h [headerLength]byte
	for {
		_, err := io.ReadFull(p.file, h[:])
		if err == nil {
			err = p.command(h)
		}
		if err != nil {
			p.debug("usbip: %v", err)
			return
		}
	}
}

func (p *Port) command(h [headerLength]byte) error {
	be := binary.BigEndian
	seq := be.Uint32(h[4:])
	switch be.Uint32(h[0:]) {
	case cmdUnlink:
		return p.unlink(seq, be.Uint32(h[20:]))
	case cmdSubmit:
		u, err := p.receive(h)
		if err != nil {
			return err
		}
		u.reply = func(status int32, in []byte) bool { return p.finish(u, seq, status, in) }
		u.alive = func() bool { p.mu.Lock(); defer p.mu.Unlock(); return p.open[seq] == u }
		p.mu.Lock()
		p.open[seq] = u
		p.mu.Unlock()
		if u.Endpoint == 0 {
			p.control(u, h)
		} else {
			p.f.Submit(u)
		}
		return nil
	}
	return fmt.Errorf("unknown command %x", h)
}

// receive reads what follows a submit's header: the data to write, and the packets' places.
func (p *Port) receive(h [headerLength]byte) (*URB, error) {
	be := binary.BigEndian
	u := &URB{Endpoint: byte(be.Uint32(h[16:])), In: be.Uint32(h[12:]) == 1, Length: int(int32(be.Uint32(h[24:])))}
	if !u.In && u.Length > 0 {
		u.Out = make([]byte, u.Length)
		if _, err := io.ReadFull(p.file, u.Out); err != nil {
			return nil, err
		}
	}
	packets := int(int32(be.Uint32(h[32:])))
	if packets <= 0 || packets >= 1<<16 {
		return u, nil
	}
	b := make([]byte, 16*packets)
	if _, err := io.ReadFull(p.file, b); err != nil {
		return nil, err
	}
	for i := range packets {
		u.Packets = append(u.Packets, IsoPacket{Offset: int32(be.Uint32(b[16*i:])), Length: int32(be.Uint32(b[16*i+4:]))})
	}
	return u, nil
}

func (p *Port) control(u *URB, h [headerLength]byte) {
	le := binary.LittleEndian
	s := Setup{h[40], h[41], le.Uint16(h[42:]), le.Uint16(h[44:]), le.Uint16(h[46:])}
	in, answer := control(p.f, s, u.Out)
	p.debug("control %+v out=%x -> %x %d", s, u.Out, in, answer)
	switch answer {
	case Done:
		u.Reply(0, in[:min(len(in), u.Length)])
	case Stall:
		u.Reply(-int32(unix.EPIPE), nil)
	case Silent: // stays open until the host gives up and unlinks it
	}
}

// unlink cancels a transfer that has not been answered yet.
func (p *Port) unlink(seq, victim uint32) error {
	be := binary.BigEndian
	var r [headerLength]byte
	be.PutUint32(r[0:], retUnlink)
	be.PutUint32(r[4:], seq)
	p.write.Lock()
	defer p.write.Unlock()
	if p.take(victim) {
		be.PutUint32(r[20:], ^uint32(unix.ECONNRESET)+1)
	}
	_, err := p.file.Write(r[:])
	return err
}

// finish completes a transfer. Taking it and answering it are one step: an answer
// after the answer to its cancellation makes the kernel drop the connection.
func (p *Port) finish(u *URB, seq uint32, status int32, in []byte) bool {
	b := answered(u, seq, status, in)
	p.write.Lock()
	defer p.write.Unlock()
	if !p.take(seq) {
		return false
	}
	_, err := p.file.Write(b)
	return err == nil
}

func (p *Port) take(seq uint32) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, ok := p.open[seq]
	delete(p.open, seq)
	return ok
}

// answered is the message that completes a transfer.
func answered(u *URB, seq uint32, status int32, in []byte) []byte {
	be := binary.BigEndian
	actual := len(in)
	if !u.In && status == 0 {
		actual = len(u.Out)
	}
	b := make([]byte, headerLength, headerLength+len(in)+16*len(u.Packets))
	be.PutUint32(b[0:], retSubmit)
	be.PutUint32(b[4:], seq)
	be.PutUint32(b[20:], uint32(status))
	be.PutUint32(b[24:], uint32(actual))
	be.PutUint32(b[32:], uint32(len(u.Packets)))
	if u.In {
		b = append(b, in...)
	}
	for _, k := range u.Packets {
		for _, v := range []int32{k.Offset, k.Length, k.Actual, k.Status} {
			b = be.AppendUint32(b, uint32(v))
		}
	}
	return b
}
