// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A lobby is an office, a station's card and an emulated machine to put it in.
type lobby struct {
	*testing.T
	repository
	gok     string
	release release
	dir     string // of this test
	vm      *vm
	kiosk   string // URL
	figures string // URL of the office's metrics
	init    remote
}

const secret = "a-password-for-tests"

// takesLong keeps a test out of "make test".
func takesLong(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes long: make appliance-test")
	}
}

func newLobby(t *testing.T) *lobby {
	t.Helper()
	if os.Getenv("FOTOBOX_APPLIANCE") == "" {
		t.Skip("takes minutes and QEMU: make appliance-test")
	}
	if _, err := os.Stat(firmware); err != nil {
		t.Fatalf("%v; install qemu-system-arm, qemu-efi-aarch64 and e2fsprogs", err)
	}
	ctx := t.Context()
	r, err := openRepository(ctx)
	check(t, err)
	l := &lobby{T: t, repository: r, dir: t.TempDir()}
	l.gok, err = r.buildGok(ctx)
	check(t, err)
	l.release, err = r.head(ctx)
	check(t, err)
	page, init := freePort(t), freePort(t)
	l.kiosk = "http://127.0.0.1:" + page
	l.init = remote{base: "http://127.0.0.1:" + init, password: secret, client: &http.Client{Timeout: 3 * time.Minute}}
	l.vm = &vm{kind: "pi", dir: l.dir, image: l.file("card.img"), network: []string{forward(page, "80"), forward(init, updatePort)}}
	t.Cleanup(func() {
		if l.vm.command != nil {
			_ = l.vm.cut() // it may be off
		}
	})
	return l
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	check(t, err)
	return port
}

func (l *lobby) file(name string) string { return filepath.Join(l.dir, name) }

// image builds the n-th release, with guardd in a hurry.
func (l *lobby) image(n int, change func(*config)) string {
	l.Helper()
	v := l.release
	v.version += fmt.Sprintf(".test%d", n)
	v.date = v.date.Add(time.Duration(n) * time.Second) // the date tells one release from another
	o := order{kind: l.vm.kind, name: "test", image: l.file(fmt.Sprintf("release%d.img", n)), release: v}
	o.change = func(c *config) {
		p := c.PackageConfig[guardd]
		p.CommandLineFlags = []string{"-confirm=1m15s", "-steady=15s", "-hang=20s", "-patience=40s"}
		c.PackageConfig[guardd] = p
		if change != nil {
			change(c)
		}
	}
	check(l.T, l.make(l.Context(), l.gok, o))
	return o.image
}

// faultyLine marks the boot partition of faulty releases.
const faultyLine = "# of a faulty release"

// faulty puts the test's own program in the station's place, and changes the boot partition.
func faulty(mode string) func(*config) {
	return func(c *config) {
		const stand = fotobox + "/hack/appliance/testdata/stationd"
		c.Packages[1] = stand
		c.BootloaderExtraLines = append(c.BootloaderExtraLines, faultyLine)
		delete(c.PackageConfig, stationd)
		c.PackageConfig[stand] = packageConfig{CommandLineFlags: []string{"-mode", mode}}
	}
}

// insert makes the card and puts it into the machine.
func (l *lobby) insert(image string, s card) {
	l.Helper()
	s.password = secret
	check(l.T, errand{l.repository, l.vm.kind, image}.personal(l.Context(), l.vm.image, s))
}

// on powers the machine on, waits until the station answers, and returns after how
// much of one processor's time it did. How long it took is logged: this computer may
// have other things to do.
func (l *lobby) on(what string, more ...string) time.Duration {
	l.Helper()
	began := time.Now()
	l.vm.more = more
	check(l.T, l.vm.start(l.Context()))
	l.until(3*time.Minute, "the station answers", l.answers)
	busy, err := l.vm.busy()
	check(l.T, err)
	l.Logf("%s: the station answers after %.1f s, of which the processor worked %.1f s", what, time.Since(began).Seconds(), busy.Seconds())
	return busy
}

// off cuts the power.
func (l *lobby) off() { check(l.T, l.vm.cut()) }

// answers: an open station shows the kiosk page, one that cannot open says why with 503.
func (l *lobby) answers() error {
	_, err := l.page(http.StatusOK)
	return err
}

func (l *lobby) page(status int) (string, error) {
	c := http.Client{Timeout: 2 * time.Second}
	resp, err := c.Get(l.kiosk)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if resp.StatusCode != status {
		return "", fmt.Errorf("the kiosk page says %s, %.200s", resp.Status, body)
	}
	return string(body), err
}

// until waits for something to become true.
func (l *lobby) until(limit time.Duration, what string, f func() error) {
	l.Helper()
	end := time.Now().Add(limit)
	for {
		err := f()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			console, _ := os.ReadFile(l.file("console.txt")) // only to be shown
			l.Fatalf("%s: not within %v: %v\n%s", what, limit, err, console[max(0, len(console)-4000):])
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// runs waits until the n-th release runs, and guardd has said the words.
func (l *lobby) runs(n int, words string) {
	l.Helper()
	want := l.release.date.Add(time.Duration(n) * time.Second).Format(time.RFC3339)
	l.until(5*time.Minute, fmt.Sprintf("release %d is %s", n, words), func() error {
		s, err := l.init.status(l.Context())
		if err != nil {
			return err
		}
		if s.BuildTimestamp != want {
			return fmt.Errorf("the release of %s runs, want %s", s.BuildTimestamp, want)
		}
		log, err := l.init.log(l.Context(), "/user/guardd")
		if err != nil || !strings.Contains(log, words) {
			return fmt.Errorf("guardd says %q (%w), want %q", log, err, words)
		}
		return nil
	})
}

// memory is a program's resident memory in MiB, as init's page tells it.
func (l *lobby) memory(program string) string {
	l.Helper()
	data, err := l.init.do(l.Context(), http.MethodGet, "/", nil)
	check(l.T, err)
	m := regexp.MustCompile(`title="` + program + ` uses ([0-9.]+) MiB RSS"`).FindSubmatch(data)
	if m == nil {
		l.Fatalf("init's page does not tell the memory of %s", program)
	}
	return string(m[1])
}

// stationSays waits for no longer than the station's log is sent for the words in it.
func (l *lobby) stationSays(words string) (string, error) {
	log, err := l.init.log(l.Context(), "/user/stationd")
	if err == nil && !strings.Contains(log, words) {
		err = fmt.Errorf("the station says %q, want %q", log, words)
	}
	return log, err
}

// office starts the office's program; guests reach it under the name of the host.
// It returns a code for one station.
func (l *lobby) office() string {
	l.Helper()
	port, figures := freePort(l.T), "127.0.0.1:"+freePort(l.T)
	l.figures = "http://" + figures + "/metrics"
	text := fmt.Sprintf("state = %q\ndevice = \"10.0.2.2:%s\"\nlisten = \"127.0.0.1:%s\"\ndesk = \"127.0.0.1:%s\"\nmetrics = %q\n",
		l.file("office"), port, port, freePort(l.T), figures)
	check(l.T, os.WriteFile(l.file("office.toml"), []byte(text), 0o600))
	check(l.T, l.quiet(l.Context(), nil, "go", "build", "-o", l.file("registryd"), "./daemon/registryd"))
	l.registryd("", "init", "-office", "05112000", "-name", "Bürgeramt Musterstadt")
	code := regexp.MustCompile(`(?m)^FBE1:\S+$`).FindString(l.registryd("", "invite"))
	serving, stop := context.WithCancel(context.WithoutCancel(l.Context()))
	c := exec.CommandContext(serving, l.file("registryd"), "run", "-config", l.file("office.toml"))
	check(l.T, c.Start())
	l.Cleanup(func() {
		stop()
		_ = c.Wait() // it was killed, and says so
	})
	return code
}

// registryd runs a command of the office's program and returns what it printed.
func (l *lobby) registryd(stdin, command string, args ...string) string {
	l.Helper()
	c := exec.CommandContext(l.Context(), l.file("registryd"), append([]string{command, "-config", l.file("office.toml")}, args...)...)
	c.Stdin = strings.NewReader(stdin)
	out, err := c.CombinedOutput()
	if err != nil {
		l.Fatalf("registryd %s: %v\n%s", command, err, out)
	}
	return string(out)
}
