// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/ui/console"
)

const (
	// screenFile is the appliance's screen, and consoleFile the kernel's text console on it.
	screenFile  = "/dev/fb0"
	consoleFile = "/dev/tty0"
	// screenEvery is how soon the first screen shows what has changed.
	screenEvery = 2 * time.Second
	// lossAfter is when a display that answers nothing counts as gone: its page gets
	// a heartbeat every second.
	lossAfter = 5 * time.Second
)

// screen is the framebuffer to draw on; empty: none.
func (s Settings) screen() string {
	switch {
	case s.Console == "off", s.Console == "" && !onAppliance():
		return ""
	case s.Console == "":
		return screenFile
	}
	return s.Console
}

// A firstScreen keeps the station's own screen up to date.
type firstScreen struct {
	settings Settings
	log      *slog.Logger
	station  *station     // nil: it cannot open
	reason   func() error // why not
}

func (st *station) firstScreen() *firstScreen {
	return &firstScreen{settings: st.settings, log: st.log, station: st}
}

func (f *firstScreen) String() string { return "first screen" }

// Run draws until ctx ends.
func (f *firstScreen) Run(ctx context.Context) error {
	path := f.settings.screen()
	if path == "" {
		<-ctx.Done()
		return nil
	}
	c := console.Console{
		Open:  func() (console.Surface, error) { return console.OpenFramebuffer(path, consoleFile) },
		State: f.state, Every: screenEvery, Log: f.log,
	}
	return c.Run(ctx)
}

// state is what the screen shows at this moment.
func (f *firstScreen) state(ctx context.Context) console.State {
	s := console.State{Version: version(), Maintenance: pageAt(f.settings.Maintenance)}
	if f.station == nil {
		s.Kiosk = pageAt(f.settings.Listen)
		s.Faults, s.Waiting = []console.Fault{f.waits()}, true
		return s
	}
	is := f.station.office.now()
	s.Station, s.Office, s.Kiosk = is.Device, is.OfficeName, pageAt(f.settings.Listen)
	s.Display = f.station.displays.Load() > 0
	s.Faults = f.faults(ctx)
	return s
}

// waits says why the station cannot open.
func (f *firstScreen) waits() console.Fault {
	err := f.reason()
	if !errors.Is(err, errNotEnrolled) {
		return console.Fault{Part: "station", Words: err.Error()}
	}
	words := `get a code from "registryd invite" and flash the card with it`
	if f.settings.Maintenance != "" {
		words = `get a code from "registryd invite" and enter it on the maintenance page`
	}
	return console.Fault{Part: "not enrolled", Words: words}
}

// faults are the parts that do not work, found without touching any of them.
func (f *firstScreen) faults(ctx context.Context) (list []console.Fault) {
	for _, p := range []part{
		{"camera", f.seen}, {"panel", checkPanel}, {"code scanner", checkScanner}, {"clock", checkClock}, {"disk", checkDisk}, {"enrolment", checkEnrolment}, {"office", f.answered},
	} {
		if _, err := p.check(ctx, subject{f.settings, f.station}); err != nil {
			list = append(list, console.Fault{Part: p.name, Words: err.Error()})
		}
	}
	return list
}

func (f *firstScreen) seen(_ context.Context, s subject) (string, error) {
	err := s.running.camera.Health()
	switch {
	case errors.Is(err, camera.ErrStarting):
		return "", nil
	case err != nil && !strings.Contains(err.Error(), ";"): // most say themselves what to do
		return "", fmt.Errorf("%w; check the camera's cable", err)
	}
	return "", err
}

func (f *firstScreen) answered(_ context.Context, s subject) (string, error) {
	o := s.running.office
	trouble := o.reached()
	if _, no := errors.AsType[refused](trouble); no {
		return "", trouble
	}
	if trouble != nil {
		return "", fmt.Errorf("%s does not answer; check the network cable and whether registryd runs; captures wait, sealed", o.line.answered())
	}
	return "", o.kept()
}

// checkScreen is the self-test's part: a station without a screen of its own works.
func checkScreen(_ context.Context, s subject) (string, error) {
	path := s.screen()
	if path == "" {
		return "not used", nil
	}
	surface, err := console.OpenFramebuffer(path, "")
	if errors.Is(err, fs.ErrNotExist) {
		return "no screen is connected to the station itself", nil
	}
	if err != nil {
		return "", err
	}
	defer surface.Close()
	f, err := surface.Format()
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%dx%d, %d bits", f.Size.X, f.Size.Y, f.Bits), nil
}

// pageAt is the address under which a display or a phone reaches a listener;
// empty for none.
func pageAt(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return ""
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = ownAddress()
	}
	if port == "80" {
		return "http://" + strings.TrimSuffix(net.JoinHostPort(host, ""), ":") // as one types it
	}
	return "http://" + net.JoinHostPort(host, port)
}

// ownAddress is this machine's address in its network, IPv4 first, since somebody
// has to type it.
func ownAddress() string {
	addresses, _ := net.InterfaceAddrs() // none without a network
	best := ""
	for _, a := range addresses {
		prefix, err := netip.ParsePrefix(a.String())
		if err != nil || !prefix.Addr().IsGlobalUnicast() {
			continue
		}
		if prefix.Addr().Is4() {
			return prefix.Addr().String()
		}
		if best == "" {
			best = prefix.Addr().String()
		}
	}
	if best == "" {
		return "127.0.0.1"
	}
	return best
}

// noticeLoss has the kernel close the connection of a display whose cable was
// pulled: without it, heartbeats pile up unsent for a quarter of an hour. Where
// the kernel cannot, it is noticed that late.
func noticeLoss(ctx context.Context, c net.Conn) context.Context {
	if tcp, ok := c.(*net.TCPConn); ok {
		if raw, err := tcp.SyscallConn(); err == nil {
			_ = loseAfter(raw, lossAfter)
		}
	}
	return ctx
}
