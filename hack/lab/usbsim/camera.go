// SPDX-License-Identifier: EUPL-1.2

package usbsim

import (
	"sync"
	"time"
)

// Size is a picture size that the camera offers, in pixels, with its rates in
// frames per second; the first rate is the default.
type Size struct {
	W, H int
	FPS  []int
}

// Mode is what the host has committed the camera to.
type Mode struct {
	MJPEG bool // false: YUY2
	W, H  int
	FPS   float64
}

// Camera is a USB Video Class 1.1 camera with an MJPEG and a YUY2 format. It
// streams over a bulk endpoint, or over an isochronous one when Iso is set.
type Camera struct {
	Vendor, Product int
	Name            string
	MJPEG, YUY2     []Size
	Iso             bool
	// Frame returns the bytes of the n-th frame, from 0, in the committed mode.
	Frame func(mode Mode, n int) []byte

	once     sync.Once
	mu       sync.Mutex
	wake     *sync.Cond
	settings map[uint16]*setting // by entity<<8 | selector
	lastErr  byte
	probe    [34]byte
	mode     Mode
	pending  []*URB
	gone     bool
	started  bool
	stream   int // counts commits: a frame begun before a restart must not go on after it

	frozen     bool // no frames any more
	mute       bool // control requests are not answered
	errorEvery int  // the error bit is set in every n-th frame; 0: in none
	sent       int
}

var _ Function = (*Camera)(nil)

func (c *Camera) prepare() {
	c.once.Do(func() {
		c.wake = sync.NewCond(&c.mu)
		c.settings = settings()
	})
}

// ControlValue is what the camera itself holds now for one of its controls.
func (c *Camera) ControlValue(id uint16) int32 {
	c.prepare()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.settings[id].value
}

// Freeze stops or resumes the frames without telling the host.
func (c *Camera) Freeze(on bool) { c.mu.Lock(); c.frozen = on; c.mu.Unlock() }

// Mute lets the camera's own control requests run into the host's timeout.
func (c *Camera) Mute(on bool) { c.mu.Lock(); c.mute = on; c.mu.Unlock() }

// ErrorEvery marks every n-th frame as damaged; 0 ends that.
func (c *Camera) ErrorEvery(n int) { c.mu.Lock(); c.errorEvery = n; c.mu.Unlock() }

// Sent counts the frames that left the camera whole.
func (c *Camera) Sent() int { c.mu.Lock(); defer c.mu.Unlock(); return c.sent }

// Mode is the mode that the host committed last.
func (c *Camera) Mode() Mode { c.mu.Lock(); defer c.mu.Unlock(); return c.mode }

// Text names maker, product and serial number.
func (c *Camera) Text(i byte) string {
	return map[byte]string{1: "Lab", 2: c.Name, 3: "CAM0001"}[i]
}

// SetInterface drops the transfers of a stream that has ended.
func (c *Camera) SetInterface(iface, alt uint16) {
	if iface == streamingInterface && alt == 0 {
		c.mu.Lock()
		c.pending = nil
		c.mu.Unlock()
	}
}

// Submit takes a transfer that waits for picture data.
func (c *Camera) Submit(u *URB) {
	c.prepare()
	c.mu.Lock()
	c.pending = append(c.pending, u)
	c.wake.Signal()
	c.mu.Unlock()
}

// Unplugged ends the stream.
func (c *Camera) Unplugged() {
	c.prepare()
	c.mu.Lock()
	c.gone = true
	c.wake.Broadcast()
	c.mu.Unlock()
}

// next waits for a transfer to fill, and returns nil when the cable is gone. In
// the middle of a frame it also returns nil when another stream than the given
// one has begun; stream 0 takes any.
func (c *Camera) next(stream int) (*URB, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.gone {
		if len(c.pending) == 0 {
			c.wake.Wait()
			continue
		}
		if stream != 0 && stream != c.stream {
			return nil, 0
		}
		u := c.pending[0]
		c.pending = c.pending[1:]
		if u.Alive() {
			return u, c.stream
		}
	}
	return nil, 0
}

// play sends frames at the committed rate for as long as the host asks for them.
func (c *Camera) play() {
	due := time.Now()
	for n := 0; ; n++ {
		u, stream := c.next(0)
		if u == nil || !c.thaw() {
			return
		}
		c.mu.Lock()
		mode := c.mode
		damaged := c.errorEvery > 0 && n%c.errorEvery == c.errorEvery-1
		c.mu.Unlock()
		if now := time.Now(); due.After(now) {
			time.Sleep(due.Sub(now))
		} else {
			due = now
		}
		due = due.Add(time.Duration(float64(time.Second) / mode.FPS))
		send := c.sendBulk
		if len(u.Packets) > 0 {
			send = c.sendIso
		}
		if send(u, stream, c.Frame(mode, n), byte(n&1), damaged) {
			c.mu.Lock()
			c.sent++
			c.mu.Unlock()
		}
	}
}

// thaw waits while the camera is frozen; false means the cable is gone.
func (c *Camera) thaw() bool {
	for {
		c.mu.Lock()
		frozen, gone := c.frozen, c.gone
		c.mu.Unlock()
		if gone || !frozen {
			return !gone
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// header is a payload header (UVC 1.1, 2.4.3.3): its length and the frame's bits.
func header(toggle byte, last, damaged bool) []byte {
	bits := 0x80 | toggle
	if last {
		bits |= 0x02
	}
	if damaged {
		bits |= 0x40
	}
	return []byte{2, bits}
}

// sendBulk sends a frame as one payload: a header, the data, a short transfer.
func (c *Camera) sendBulk(u *URB, stream int, frame []byte, toggle byte, damaged bool) bool {
	data := append(header(toggle, true, damaged), frame...)
	for {
		n := min(len(data), u.Length)
		short := n < u.Length
		if !u.Reply(0, data[:n]) {
			return false // the stream was stopped
		}
		data = data[n:]
		if len(data) == 0 && short {
			return true
		}
		if u, _ = c.next(stream); u == nil {
			return false
		}
	}
}

// sendIso spreads a frame over the packets of isochronous transfers.
func (c *Camera) sendIso(u *URB, stream int, frame []byte, toggle byte, damaged bool) bool {
	for {
		var b []byte
		for i := range u.Packets {
			k := &u.Packets[i]
			k.Actual, k.Status = 0, 0
			if len(frame) == 0 {
				continue
			}
			n := min(len(frame), int(k.Length)-2)
			b = append(b, header(toggle, n == len(frame), damaged)...)
			b = append(b, frame[:n]...)
			frame = frame[n:]
			k.Actual = int32(n + 2)
		}
		if !u.Reply(0, b) {
			return false
		}
		if len(frame) == 0 {
			return true
		}
		if u, _ = c.next(stream); u == nil {
			return false
		}
	}
}
