// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/hack/lab/gpiosim"
	"github.com/fotobox-project/fotobox/hack/lab/usbsim"
	"github.com/fotobox-project/fotobox/hack/visitor"
)

// boothSettings wire a station to the simulated booth.
const boothSettings = `
[panel]
chip = "lab-booth"
lamps = { left = { line = "LEFT" }, right = { line = "RIGHT" }, background = { line = "BACK" } }
keys = { left = "KEY1", middle = "KEY2", right = "KEY3" }
[panel.scenes]
idle = { background = 1 }
welcome = { left = 1 }
review = { right = 1 }
[scanner]
device = "05e0:1200"
`

// A booth is what stands around a station: camera, panel and scanner, each of which
// can be pulled and plugged.
type booth struct {
	t       *testing.T
	scene   atomic.Pointer[visitor.Scene]
	chip    *gpiosim.Chip
	scanner *usbsim.Scanner
	ports   map[string]*usbsim.Port
	plugged map[string]bool
}

// shows puts a scene before the camera.
func (b *booth) shows(s *visitor.Scene, err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	b.scene.Store(s)
}

// newBooth plugs everything in.
func newBooth(t *testing.T) *booth {
	t.Helper()
	b := &booth{t: t, ports: map[string]*usbsim.Port{}, plugged: map[string]bool{}}
	b.shows(visitor.Paper(""))
	for _, part := range []string{"camera", "panel", "scanner"} {
		b.plug(part)
	}
	t.Cleanup(func() {
		for part := range b.plugged {
			b.pull(part)
		}
	})
	return b
}

// plug plugs a part in; a simulated USB device is made anew.
func (b *booth) plug(part string) {
	b.t.Helper()
	var err error
	switch part {
	case "camera":
		b.ports[part], err = usbsim.Plug(visitor.Camera(&b.scene), usbsim.HighSpeed, nil)
	case "scanner":
		b.scanner = &usbsim.Scanner{Vendor: 0x05e0, Product: 0x1200, Name: "Lab scanner"}
		b.ports[part], err = usbsim.Plug(b.scanner, usbsim.FullSpeed, nil)
	case "panel":
		b.chip, err = gpiosim.New("lab-booth", "LEFT", "RIGHT", "BACK", "KEY1", "KEY2", "KEY3")
		for _, key := range []string{"KEY1", "KEY2", "KEY3"} { // keys pull down to ground
			if err == nil {
				err = b.chip.Pull(key, true)
			}
		}
	}
	if err != nil {
		b.t.Fatal(err)
	}
	b.plugged[part] = true
}

func (b *booth) pull(part string) {
	b.t.Helper()
	delete(b.plugged, part)
	if part != "panel" {
		b.ports[part].Unplug()
		return
	}
	if err := b.chip.Remove(); err != nil {
		b.t.Fatal(err)
	}
}

// press presses a key for as long as a person does.
func (b *booth) press(key string) {
	b.t.Helper()
	for _, up := range []bool{false, true} {
		if err := b.chip.Pull(key, up); err != nil {
			b.t.Fatal(err)
		}
		time.Sleep(150 * time.Millisecond)
	}
}

// lamps are the levels of left, right and background, as "110".
func (b *booth) lamps() string {
	b.t.Helper()
	var s strings.Builder
	for _, line := range []string{"LEFT", "RIGHT", "BACK"} {
		high, err := b.chip.High(line)
		if err != nil {
			b.t.Fatal(err)
		}
		s.WriteString(map[bool]string{false: "0", true: "1"}[high])
	}
	return s.String()
}

// lit waits until the lamps are so.
func (b *booth) lit(want string) {
	b.t.Helper()
	got := ""
	for range 200 {
		if got = b.lamps(); got == want {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Errorf("the lamps are %s, want %s", got, want)
}
