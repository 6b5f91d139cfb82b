// SPDX-License-Identifier: EUPL-1.2

package reader

import (
	"strings"
	"unicode/utf8"
)

const (
	// longestScan bounds a scan in characters; an appointment's code has 139.
	longestScan = 256
	// shortestScan is the fewest characters that a pause ends as a scan: a Terminkennung has 9. What
	// is shorter was typed by hand, key by key.
	shortestScan = 9
)

// Types and codes of the kernel's input-event-codes.h.
const (
	typeSyn, typeKey = 0, 1
	synDropped       = 3

	keyTab, keyEnter, keyPadEnter = 15, 28, 96
	keyLeftShift, keyRightShift   = 42, 54
	keyAltGr                      = 100
)

// An event is one of a keyboard; value is 1 for down, 0 for up and 2 for a repetition.
type event struct {
	kind, code uint16
	value      int32
}

// keys gathers the characters of a scan. It needs only a layout.
type keys struct {
	layout  layout
	held    map[uint16]bool // keys that change others
	text    strings.Builder
	length  int
	spoiled bool // events were lost, or too many came: this scan is none
}

// pending reports whether a scan has begun.
func (k *keys) pending() bool { return k.length > 0 || k.spoiled }

// feed takes one event and reports the scan that it ends.
func (k *keys) feed(e event) (scan string, ok bool) {
	if e.kind == typeSyn && e.code == synDropped {
		k.spoiled, k.held = true, nil // which keys are held is lost as well
		return "", false
	}
	if e.kind != typeKey {
		return "", false
	}
	switch e.code {
	case keyLeftShift, keyRightShift, keyAltGr:
		k.hold(e.code, e.value != 0)
	case keyEnter, keyPadEnter, keyTab:
		if e.value == 1 {
			return k.end(1)
		}
	default:
		if e.value == 1 {
			k.put(e.code)
		}
	}
	return "", false
}

// pause ends the scan of a scanner that sends no Enter.
func (k *keys) pause() (scan string, ok bool) { return k.end(shortestScan) }

func (k *keys) end(shortest int) (string, bool) {
	scan, ok := k.text.String(), !k.spoiled && k.length >= shortest
	k.text.Reset()
	k.length, k.spoiled = 0, false
	return scan, ok
}

func (k *keys) hold(code uint16, down bool) {
	if k.held == nil {
		k.held = map[uint16]bool{}
	}
	k.held[code] = down
}

// put adds the character of a key. One that has none there was not meant for a code: the mark in
// its place makes the code malformed instead of another one. Control, Alt, locks and the like
// change nothing that a code has.
func (k *keys) put(code uint16) {
	switch code {
	case 29, 56, 58, 69, 97, 125, 126:
		return
	}
	level := 0
	switch {
	case k.held[keyAltGr]:
		level = 2
	case k.held[keyLeftShift] || k.held[keyRightShift]:
		level = 1
	}
	r := k.layout[code][level]
	if r == 0 {
		r = utf8.RuneError
	}
	if k.length++; k.length > longestScan {
		k.spoiled = true
		return
	}
	k.text.WriteRune(r)
}
