// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/hack/lab/usbsim"
	"github.com/fotobox-project/fotobox/hack/visitor"
)

// scanned are a card's settings for the simulated USB devices; one still of an attempt is
// enough under emulation.
const scanned = defaultSettings + maintained + `burst = 1
[scanner]
device = "05e0:1200"
`

// sockets gives the machine a USB controller, and for each name a socket into which a
// device can be plugged from outside.
func (l *lobby) sockets(names ...string) []string {
	args := []string{"-device", "qemu-xhci"}
	for _, name := range names {
		args = append(args, "-chardev", "socket,id="+name+",path="+l.file(name)+",server=on,wait=off", "-device", "usb-redir,chardev="+name)
	}
	return args
}

func (l *lobby) plug(name string, f usbsim.Function, speed int) *usbsim.Cable {
	l.Helper()
	conn, err := net.Dial("unix", l.file(name))
	check(l.T, err)
	c, err := usbsim.Connect(conn, f, speed, nil)
	check(l.T, err)
	return c
}

// TestVisit: the image's own kernel takes a camera and a scanner that are plugged into the
// machine for hardware, and a citizen's visit goes its whole way; then the camera is pulled.
func TestVisit(t *testing.T) {
	l := newLobby(t)
	l.insert(l.image(1, nil), card{hostname: "rathaus-1", settings: scanned, code: l.office()})
	var scene atomic.Pointer[visitor.Scene]
	person, err := visitor.Sitting()
	check(t, err)
	scene.Store(person)
	scanner := &usbsim.Scanner{Vendor: 0x05e0, Product: 0x1200, Name: "Lab scanner"}
	l.on("with USB", l.sockets("camera", "scanner")...)
	camera := l.plug("camera", visitor.Camera(&scene), usbsim.HighSpeed)
	l.plug("scanner", scanner, usbsim.FullSpeed)

	v := &visitor.Visitor{Base: l.kiosk, Patience: time.Minute, Rest: 300 * time.Millisecond}
	l.shows(v, "idle")
	before := l.memory("/user/stationd")
	for range 2 { // an emulated station is slow: it may send people to the counter
		booked := l.registryd("Ada Beispiel\n", "appointment", "add", "-start", time.Now().Add(time.Hour).Truncate(time.Minute).Format(time.RFC3339))
		l.shows(v, "idle")
		l.until(time.Minute, "the code is read", func() error { // the first time the scanner may not be known yet
			scanner.Scan(regexp.MustCompile(`(?m)^FB1:.+$`).FindString(booked), 15*time.Millisecond)
			ctx, cancel := context.WithTimeout(l.Context(), 5*time.Second)
			defer cancel()
			return v.Await(ctx, "welcome")
		})
		check(t, v.GoOn(t.Context(), "done"))
		if v.Now.Look == "good" {
			break
		}
		t.Logf("the visit ended with %s", v.Now.Title)
	}
	l.until(time.Minute, "the photo is at the office", l.delivered)
	l.shows(v, "idle")
	t.Logf("memory of stationd with a USB camera: %s MiB, after the visit %s MiB", before, l.memory("/user/stationd"))
	camera.Unplug()
	l.shows(v, "out-of-order")
	time.Sleep(5 * time.Second) // the station's own screen follows
	l.leads(l.out("screen-no-camera.png"), ":8081")
	l.plug("camera", visitor.Camera(&scene), usbsim.HighSpeed)
	l.shows(v, "idle")
}

// shows waits until the kiosk's screen is at a stage.
func (l *lobby) shows(v *visitor.Visitor, stage string) {
	l.Helper()
	began := time.Now()
	l.until(2*time.Minute, "the screen is at "+stage, func() error {
		if err := v.See(l.Context()); err != nil || v.Now.Stage == stage {
			return err
		}
		return fmt.Errorf("it is at %q: %s", v.Now.Stage, v.Now.Title)
	})
	l.Logf("%s after %.1f s", stage, time.Since(began).Seconds())
}

// delivered: the office has taken one photo in.
func (l *lobby) delivered() error {
	resp, err := http.Get(l.figures)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	const want = `fotobox_inbox_deliveries_total{status="201"} 1`
	if err == nil && !strings.Contains(string(text), want) {
		err = fmt.Errorf("the office's figures do not have %s", want)
	}
	return err
}
