// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/ui/console"
)

// opened is a station that is enrolled and does not run.
func opened(t *testing.T, o *town, camera string) *station {
	t.Helper()
	state := filepath.Join(t.TempDir(), "state")
	if _, err := enrolAt(t.Context(), Settings{State: state}, o.invite(), "Eingang", heard()); err != nil {
		t.Fatal(err)
	}
	s, err := parseSettings(strings.NewReader("state = '" + state + "'\ncamera = '" + camera + "'\nmaintenance = \"127.0.0.1:8081\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	st, err := open(s, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.close)
	if _, err := st.clock.Hear(time.Now(), time.Second); err != nil {
		t.Fatal(err)
	}
	return st
}

// A broken camera cannot be opened.
type broken struct{ error }

func (b broken) Open(context.Context) (camera.Stream, error) { return nil, b.error }
func (broken) String() string                                { return "broken" }

// sees puts the device in the camera's place and waits until it is known whether it works.
func (st *station) sees(t *testing.T, device camera.Device) {
	t.Helper()
	st.camera = camera.New(device, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- st.camera.Run(ctx) }()
	for range st.camera.Changes(ctx) {
		break
	}
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

// TestFirstScreen: the screen tells who the station is, counts its displays, and
// names each part that does not work with what to do.
func TestFirstScreen(t *testing.T) {
	st := opened(t, newTown(t), "sitter")
	f := st.firstScreen()
	s := f.state(t.Context())
	if s.Station != "00112233" || s.Office != "Bürgeramt" || s.Kiosk != "http://127.0.0.1:8080" || s.Maintenance != "http://127.0.0.1:8081" || s.Version == "" {
		t.Errorf("got %+v", s)
	}
	if s.Display || s.Waiting || len(s.Faults) != 0 {
		t.Errorf("nothing is wrong and nobody looks: got %+v", s)
	}
	st.sees(t, broken{errors.New("the camera was unplugged; check its cable")})
	if got := f.state(t.Context()).Faults; len(got) != 1 || got[0].Words != "open camera: the camera was unplugged; check its cable" {
		t.Errorf("a camera that says itself what to do: got %v", got)
	}
	st.displays.Add(1)
	st.office.report(errors.New("no route to host"))
	st.sees(t, broken{errors.New("no such file")})
	s = f.state(t.Context())
	want := []console.Fault{
		{Part: "camera", Words: "open camera: no such file; check the camera's cable"},
		{Part: "office", Words: st.office.is.Address + " does not answer; check the network cable and whether registryd runs; captures wait, sealed"},
	}
	if !s.Display || len(s.Faults) != 2 || s.Faults[0] != want[0] || s.Faults[1] != want[1] {
		t.Errorf("got display %v and %v, want %v", s.Display, s.Faults, want)
	}
}

// TestFirstScreenBeforeTheStation: why it cannot open stands there, and what to do.
func TestFirstScreenBeforeTheStation(t *testing.T) {
	for name, tc := range map[string]struct {
		settings Settings
		reason   error
		want     console.Fault
	}{
		"fresh":      {Settings{}, errNotEnrolled, console.Fault{Part: "not enrolled", Words: `get a code from "registryd invite" and flash the card with it`}},
		"with page":  {Settings{Maintenance: ":8081"}, errNotEnrolled, console.Fault{Part: "not enrolled", Words: `get a code from "registryd invite" and enter it on the maintenance page`}},
		"no storage": {Settings{}, errors.New("state is read-only"), console.Fault{Part: "station", Words: "state is read-only"}},
	} {
		f := firstScreen{settings: tc.settings, reason: func() error { return tc.reason }}
		if s := f.state(t.Context()); !s.Waiting || s.Display || len(s.Faults) != 1 || s.Faults[0] != tc.want {
			t.Errorf("%s: got %+v, want %+v", name, s, tc.want)
		}
	}
}

// TestVestibuleEnrols: on the appliance a station that is not enrolled has its
// maintenance page, on which a technician enrols it, and goes on by itself then.
func TestVestibuleEnrols(t *testing.T) {
	t.Setenv("PATH", "/user:/gokrazy")
	o := newTown(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := Settings{State: t.TempDir(), Zone: "Europe/Berlin", Maintenance: l.Addr().String(), Console: filepath.Join(t.TempDir(), "fb0"), Clock: clockSystem}
	l.Close() // free for the page, which nobody else will take within the test
	var v vestibule
	v.settings.Store(&s)
	v.say(errNotEnrolled)
	waited := make(chan error, 1)
	go func() { waited <- v.wait(t.Context(), s, slog.New(slog.DiscardHandler)) }()
	page := "http://" + s.Maintenance
	for {
		resp, err := http.Get(page + "/")
		if err == nil {
			resp.Body.Close()
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	resp, err := http.PostForm(page+"/enrol", url.Values{"code": {o.invite().String()}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if err := <-waited; err != nil && s.isFresh() || s.isFresh() {
		t.Errorf("waited with %v; fresh: %v", err, s.isFresh())
	}
}

func TestPageAt(t *testing.T) {
	for listen, want := range map[string]string{
		"127.0.0.1:8080": "http://127.0.0.1:8080", "station.lan:80": "http://station.lan", "[::1]:80": "http://[::1]",
		"": "", "nonsense": "",
	} {
		if got := pageAt(listen); got != want {
			t.Errorf("%q: got %q, want %q", listen, got, want)
		}
	}
	for _, listen := range []string{":8080", "0.0.0.0:8080", "[::]:8080"} {
		host, _, err := net.SplitHostPort(strings.TrimPrefix(pageAt(listen), "http://"))
		if ip, bad := netip.ParseAddr(host); err != nil || bad != nil || ip.IsUnspecified() {
			t.Errorf("%q: got %q, which nobody can open", listen, pageAt(listen))
		}
	}
}

// TestNoticeLoss: the connections of the kiosk page end soon after the display's cable.
func TestNoticeLoss(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	near, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer near.Close()
	far, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	noticeLoss(t.Context(), far)
	raw, err := far.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) {
		if got, err := unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT); err != nil || got != 5000 {
			t.Errorf("got %d ms, %v; want 5000", got, err)
		}
	}); err != nil {
		t.Fatal(err)
	}
}

// TestScreenSetting: the appliance uses its screen unless told otherwise, another machine only when told.
func TestScreenSetting(t *testing.T) {
	for _, tc := range []struct{ path, setting, want string }{
		{"/usr/bin", "", ""}, {"/usr/bin", "/dev/fb1", "/dev/fb1"}, {"/user:/gokrazy", "", "/dev/fb0"}, {"/user:/gokrazy", "off", ""},
	} {
		t.Setenv("PATH", tc.path)
		if got := (Settings{Console: tc.setting}).screen(); got != tc.want {
			t.Errorf("%q, PATH %s: got %q, want %q", tc.setting, tc.path, got, tc.want)
		}
	}
}
