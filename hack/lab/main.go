// SPDX-License-Identifier: EUPL-1.2

// Command lab runs the tests that need a real kernel: each package's lab_test.go,
// built for arm64, as the only program of Debian's arm64 kernel in QEMU.
//
// The real drivers are there (uvcvideo, HID, evdev, uinput, gpio-sim); the devices
// are simulated by usbsim and gpiosim inside the test. A test asks for the lab so:
//
//	if os.Getenv("FOTOBOX_LAB") == "" {
//		t.Skip("needs the lab: make lab")
//	}
//
// All of them, those of one package, or one test with its output; or power cuts
// of an office and a station:
//
//	go run ./hack/lab
//	go run ./hack/lab capture/panel
//	go run ./hack/lab -v -run TestLabPlug capture/camera/v4l2
//	go run ./hack/lab -cuts 12
//	FOTOBOX_LAB_CYCLES=500 go run ./hack/lab -v -run TestLabPlugCycles capture/camera/v4l2
//
// The kernel comes through apt's ordinary client into the cache, where the console
// of each package's last run is kept too; nothing is installed and no root needed.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	verbose := flag.Bool("v", false, "show the tests' output while they run")
	run := flag.String("run", "", "only tests whose names match this expression")
	optional := flag.Bool("optional", false, "skip everything where the lab cannot be set up, instead of failing")
	options := flag.String("kernel", "", "more options for the kernel, as slub_debug=FZPU")
	cuts := flag.Int("cuts", 0, "no tests: cut the power so many times while captures flow")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the moments of the cuts")
	cache := flag.String("cache", defaultCache(), "folder for the kernel and the consoles")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	l := lab{root: ".", cache: *cache, options: *options, verbose: *verbose}
	var err error
	if *cuts > 0 {
		err = l.blackouts(ctx, *cuts, *seed)
	} else {
		err = l.all(ctx, flag.Args(), *run)
	}
	if *optional && errors.Is(err, errUnavailable) {
		fmt.Printf("%v\n", err)
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
		os.Exit(1)
	}
}

func defaultCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "fotobox-lab")
}

// A lab runs suites of the module at root.
type lab struct {
	root, cache string
	options     string // of the kernel
	verbose     bool
}

// all runs every suite, or those of the given folders, each in a machine of its own.
func (l lab) all(ctx context.Context, dirs []string, run string) error {
	list, err := l.chosen(dirs, run)
	if err != nil {
		return err
	}
	k, err := l.prepare()
	if errors.Is(err, errUnavailable) {
		return fmt.Errorf("%w\nskipped: the tests with a real kernel (%s)", err, strings.Trim(fmt.Sprint(list), "[]"))
	}
	if err != nil {
		return err
	}
	var failed []string
	for _, s := range list {
		if err := l.one(ctx, k, s); err != nil {
			fmt.Printf("FAIL lab  %s: %v\n", s, err)
			failed = append(failed, s.dir)
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("failed with a real kernel: %s", strings.Join(failed, " "))
	}
	return nil
}

func (l lab) chosen(dirs []string, run string) ([]suite, error) {
	list, err := suites(l.root)
	if err != nil {
		return nil, err
	}
	for i, d := range dirs {
		dirs[i] = filepath.ToSlash(filepath.Clean(d))
		if !slices.ContainsFunc(list, func(s suite) bool { return s.dir == dirs[i] }) {
			return nil, fmt.Errorf("%s has no lab_test.go", d)
		}
	}
	re, err := regexp.Compile(run)
	if err != nil {
		return nil, err
	}
	var wanted []suite
	for _, s := range list {
		if s = s.only(re); len(s.tests) > 0 && (len(dirs) == 0 || slices.Contains(dirs, s.dir)) {
			wanted = append(wanted, s)
		}
	}
	if len(wanted) == 0 {
		return nil, errors.New("no test matches")
	}
	return wanted, nil
}

// prepare brings the kernel, unless another lab is doing so: then it waits.
func (l *lab) prepare() (kernel, error) {
	programs := [][2]string{{"qemu-system-aarch64", "qemu-system-arm"}, {"apt-get", "apt"}, {"dpkg-deb", "dpkg"}, {"xz", "xz-utils"}, {"make", "make"}, {"aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu"}}
	for _, p := range programs {
		if _, err := exec.LookPath(p[0]); err != nil {
			return kernel{}, fmt.Errorf("%w: %s is missing (Debian's package %s)", errUnavailable, p[0], p[1])
		}
	}
	cache, err := filepath.Abs(l.cache)
	if err != nil {
		return kernel{}, err
	}
	l.cache = cache
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return kernel{}, err
	}
	lock, err := os.Create(filepath.Join(cache, "lock"))
	if err != nil {
		return kernel{}, err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return kernel{}, err
	}
	return newKernel(cache)
}

// one boots a machine for a suite. A test that skips itself in the lab has not
// been run anywhere, so that counts as a failure.
func (l lab) one(ctx context.Context, k kernel, s suite) error {
	dir, err := os.MkdirTemp("", "fotobox-lab-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	m, err := s.machine(k, l.root, dir)
	if err != nil {
		return err
	}
	m.options = l.options
	var said bytes.Buffer
	out := io.Writer(&said)
	if l.verbose {
		out = io.MultiWriter(os.Stdout, &said)
	}
	console := filepath.Join(l.cache, "console-"+strings.ReplaceAll(s.dir, "/", "-")+".log")
	r, err := m.run(ctx, dir, console, out)
	text := said.String()
	if err == nil {
		err = verdict(r, text, len(s.tests))
	}
	if err != nil && !l.verbose {
		fmt.Print(text)
	}
	if err == nil {
		fmt.Printf("ok   lab  %s: %d tests, %v after power-on, %v in all\n", s, len(s.tests), r.boot.Round(100*time.Millisecond), r.took.Round(100*time.Millisecond))
	}
	return err
}

// verdict is nil when all tests have run and passed.
func verdict(r result, text string, tests int) error {
	passed := len(regexp.MustCompile(`(?m)^--- PASS: `).FindAllString(text, -1))
	switch {
	case r.status != 0:
		return fmt.Errorf("exit status %d", r.status)
	case passed != tests:
		return fmt.Errorf("%d of %d tests passed, the others were skipped", passed, tests)
	}
	return nil
}
