// SPDX-License-Identifier: EUPL-1.2

// Package usbsim makes USB devices in plain Go that a kernel's own class drivers
// (uvcvideo, usbhid) take for hardware.
//
// There are two cables. Plug connects a device to the kernel that the program
// itself runs on, through vhci_hcd (USB/IP), over a socket pair: no gadget
// hardware and no network. Connect speaks usbredir with QEMU and so reaches a
// guest whose kernel has no vhci_hcd, like gokrazy's.
package usbsim

// Speeds of a device, numbered as the kernel numbers them (enum usb_device_speed).
const (
	FullSpeed  = 2 // 12 Mbit/s: keyboards, scanners
	HighSpeed  = 3 // 480 Mbit/s: cameras
	SuperSpeed = 5 // 5 Gbit/s
)

// Setup is a decoded control request (USB 2.0, 9.3).
type Setup struct {
	Type, Request        byte
	Value, Index, Length uint16
}

// Function is the device at the end of the cable.
type Function interface {
	// Descriptors are the device's and the whole configuration's descriptor,
	// sent to the host as they are.
	Descriptors() (device, config []byte)
	// Text is the string descriptor with this index, "" when there is none.
	Text(index byte) string
	// Control answers class requests and the standard requests that are about an
	// interface. Answer is how; in is what the host reads.
	Control(s Setup, out []byte) (in []byte, answer Answer)
	// SetInterface tells which alternate setting the host has chosen.
	SetInterface(iface, alt uint16)
	// Submit hands over a transfer on another endpoint than 0. The function
	// answers with Reply, now or later.
	Submit(*URB)
	// Unplugged is called once when the cable is gone.
	Unplugged()
}

// Answer is how a device takes a control request.
type Answer int

// The answers to a control request.
const (
	Stall  Answer = iota // refused
	Done                 // carried out
	Silent               // never answered: the host runs into its own timeout
)

// A URB is a pending transfer on a data endpoint.
type URB struct {
	Endpoint byte // number without direction
	In       bool // from the device to the host
	Length   int  // bytes that the host has room for
	Out      []byte
	Packets  []IsoPacket // of isochronous transfers only

	reply func(status int32, in []byte) bool
	alive func() bool
}

// Reply completes the transfer with a status (0 or a negative errno). It returns
// false when the host has cancelled the transfer meanwhile.
func (u *URB) Reply(status int32, in []byte) bool { return u.reply(status, in) }

// Alive tells whether the host still waits for the transfer.
func (u *URB) Alive() bool { return u.alive() }

// IsoPacket is one packet slot of an isochronous transfer, in bytes.
type IsoPacket struct{ Offset, Length, Actual, Status int32 }

// control answers the standard requests and leaves the rest to the device.
func control(f Function, s Setup, out []byte) ([]byte, Answer) {
	switch {
	case s.Type == 0x80 && s.Request == 6: // GET_DESCRIPTOR
		return descriptor(f, s)
	case s.Type&^3 == 0x80 && s.Request == 0: // GET_STATUS
		return []byte{0, 0}, Done
	case s.Type == 0x80 && s.Request == 8: // GET_CONFIGURATION
		return []byte{1}, Done
	case s.Type == 0 && (s.Request == 5 || s.Request == 9): // SET_ADDRESS, SET_CONFIGURATION
		return nil, Done
	case s.Type == 1 && s.Request == 11: // SET_INTERFACE
		f.SetInterface(s.Index, s.Value)
		return nil, Done
	case s.Type == 2 && s.Request == 1: // CLEAR_FEATURE(ENDPOINT_HALT)
		return nil, Done
	}
	return f.Control(s, out)
}

func descriptor(f Function, s Setup) ([]byte, Answer) {
	device, config := f.Descriptors()
	switch s.Value >> 8 {
	case 1:
		return device, Done
	case 2:
		return config, Done
	case 3:
		if s.Value&0xff == 0 {
			return []byte{4, 3, 9, 4}, Done // US English
		}
		text := f.Text(byte(s.Value))
		if text == "" {
			return nil, Stall
		}
		b := []byte{byte(2 + 2*len(text)), 3}
		for _, c := range []byte(text) {
			b = append(b, c, 0)
		}
		return b, Done
	}
	return nil, Stall
}

func le16(v int) []byte { return []byte{byte(v), byte(v >> 8)} }

func le32(v int) []byte { return []byte{byte(v), byte(v >> 8), byte(v >> 16), byte(v >> 24)} }

// cat joins bytes, given as int, byte or []byte, as descriptors are written down.
func cat(parts ...any) []byte {
	var b []byte
	for _, p := range parts {
		switch v := p.(type) {
		case int:
			b = append(b, byte(v))
		case byte:
			b = append(b, v)
		case []byte:
			b = append(b, v...)
		default:
			panic("usbsim: cat joins int, byte and []byte only")
		}
	}
	return b
}
