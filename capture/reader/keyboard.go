// SPDX-License-Identifier: EUPL-1.2

package reader

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// inputClass and inputNodes are where the kernel shows its input devices.
const (
	inputClass = "/sys/class/input"
	inputNodes = "/dev/input"
)

// A keyboard is an input device as sysfs describes it.
type keyboard struct {
	name string
	id   string // USB vendor and product: "05e0:1200"
	bus  uint64
	keys []uint64 // bits, 64 to a word, lowest first
}

// describe reads what the kernel says of an input device such as "event3".
func describe(class, node string) (keyboard, error) {
	dir := filepath.Join(class, node, "device")
	var words [5]string
	for i, file := range []string{"name", "id/vendor", "id/product", "id/bustype", "capabilities/key"} {
		data, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			return keyboard{}, err
		}
		words[i] = strings.TrimSpace(string(data))
	}
	k := keyboard{name: words[0], id: words[1] + ":" + words[2]}
	k.bus, _ = strconv.ParseUint(words[3], 16, 16) // 0 is no bus that is asked for
	for _, word := range slices.Backward(strings.Fields(words[4])) {
		bits, err := strconv.ParseUint(word, 16, 64)
		if err != nil {
			return keyboard{}, err
		}
		k.keys = append(k.keys, bits)
	}
	return k, nil
}

func (k keyboard) has(code int) bool {
	return code/64 < len(k.keys) && k.keys[code/64]>>(code%64)&1 != 0
}

// pluggable reports whether the device is plugged in by USB or Bluetooth. A laptop's own keyboard
// and a remote control hang on other buses.
func (k keyboard) pluggable() bool { return k.bus == 0x03 || k.bus == 0x05 }

// types reports whether the device has the keys of a code: all letters, digits, shift and Enter.
// Power keys, volume keys and mice have not.
func (k keyboard) types() bool {
	if !k.has(keyEnter) || !k.has(keyLeftShift) {
		return false
	}
	for _, row := range [][2]int{{2, 11}, {16, 25}, {30, 38}, {44, 50}} {
		for code := row[0]; code <= row[1]; code++ {
			if !k.has(code) {
				return false
			}
		}
	}
	return true
}
