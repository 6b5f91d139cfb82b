// SPDX-License-Identifier: EUPL-1.2

package usbsim

import (
	"strings"
	"sync"
	"time"
)

// Scanner is a USB code scanner in keyboard mode.
type Scanner struct {
	Vendor, Product int
	Name            string

	mu      sync.Mutex
	reports [][]byte // not yet fetched by the host
	pending []*URB
}

var _ Function = (*Scanner)(nil)

// bootKeyboard is the report descriptor of a plain keyboard (HID 1.11, E.6).
func bootKeyboard() []byte {
	return []byte{
		0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x05, 0x07, 0x19, 0xe0, 0x29, 0xe7, 0x15, 0x00, 0x25, 0x01,
		0x75, 0x01, 0x95, 0x08, 0x81, 0x02, 0x95, 0x01, 0x75, 0x08, 0x81, 0x01, 0x95, 0x05, 0x75, 0x01,
		0x05, 0x08, 0x19, 0x01, 0x29, 0x05, 0x91, 0x02, 0x95, 0x01, 0x75, 0x03, 0x91, 0x01, 0x95, 0x06,
		0x75, 0x08, 0x15, 0x00, 0x25, 0x65, 0x05, 0x07, 0x19, 0x00, 0x29, 0x65, 0x81, 0x00, 0xc0,
	}
}

// Descriptors are those of a keyboard with one interrupt endpoint.
func (s *Scanner) Descriptors() (device, config []byte) {
	device = cat(18, 1, le16(0x0200), 0, 0, 0, 64, le16(s.Vendor), le16(s.Product), le16(0x0100), 1, 2, 3, 1)
	body := cat(
		9, 4, 0, 0, 1, 3, 1, 1, 0,
		9, 0x21, le16(0x0111), 0, 1, 0x22, le16(len(bootKeyboard())),
		7, 5, 0x81, 3, le16(8), 4,
	)
	return device, cat(9, 2, le16(9+len(body)), 1, 1, 0, 0x80, 50, body)
}

// Text names maker, product and serial number.
func (s *Scanner) Text(i byte) string {
	return map[byte]string{1: "Lab", 2: s.Name, 3: "SCAN0001"}[i]
}

// Control answers the HID class requests (HID 1.11, 7.2).
func (s *Scanner) Control(r Setup, _ []byte) ([]byte, Answer) {
	switch {
	case r.Type == 0x81 && r.Request == 6 && r.Value>>8 == 0x22:
		return bootKeyboard(), Done
	case r.Type == 0x21: // SET_IDLE, SET_PROTOCOL, SET_REPORT (the LEDs)
		return nil, Done
	case r.Type == 0xa1 && r.Request == 1: // GET_REPORT
		return make([]byte, 8), Done
	}
	return nil, Stall
}

// SetInterface does nothing: there is one setting.
func (s *Scanner) SetInterface(uint16, uint16) {}

// Unplugged does nothing: the scanner has no work of its own.
func (s *Scanner) Unplugged() {}

// Submit takes a transfer that waits for a key.
func (s *Scanner) Submit(u *URB) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = append(s.pending, u)
	s.deliver()
}

// deliver answers waiting transfers, in order.
func (s *Scanner) deliver() {
	for len(s.reports) > 0 && len(s.pending) > 0 {
		u := s.pending[0]
		s.pending = s.pending[1:]
		if u.Reply(0, s.reports[0]) {
			s.reports = s.reports[1:]
		}
	}
}

// Scan types a code as a scanner with US layout would, Enter behind it, with a
// pause after each key. A character that this layout has no key for is left out.
func (s *Scanner) Scan(code string, gap time.Duration) {
	for _, c := range code + "\n" {
		key, shift := usKey(c)
		if key == 0 {
			continue
		}
		s.mu.Lock()
		s.reports = append(s.reports, []byte{shift, 0, key, 0, 0, 0, 0, 0}, make([]byte, 8))
		s.deliver()
		s.mu.Unlock()
		time.Sleep(gap)
	}
}

// usKey is the usage of a key (HID usage tables, 10) and its modifier, 2 for left shift.
func usKey(c rune) (key, shift byte) {
	const plain, shifted = "abcdefghijklmnopqrstuvwxyz1234567890\n\x1b\b\t -=[]\\#;'`,./", "ABCDEFGHIJKLMNOPQRSTUVWXYZ!@#$%^&*()\x00\x00\x00\x00\x00_+{}|\x00:\"~<>?"
	if i := strings.IndexRune(plain, c); i >= 0 && c != '#' {
		return byte(4 + i), 0
	}
	if i := strings.IndexRune(shifted, c); i >= 0 && c != 0 {
		return byte(4 + i), 2
	}
	return 0, 0
}
