// SPDX-License-Identifier: EUPL-1.2

// Command check runs everything that must hold before a change is taken, and
// installs what the tests need and the machine lacks, where it may.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A step is one check; it prints what is wrong and returns an error then.
type step struct {
	name string
	run  func() error
}

func main() {
	lintOnly := flag.Bool("lint", false, "leave the tests out")
	flag.Parse()
	steps := []step{{"format", format}, {"vet", vet}, {"staticcheck", staticcheck}, {"go fix", fix}}
	if !*lintOnly {
		steps = append([]step{{"tools", provide}, {"assets", assets}}, append(steps, step{"tests", tests}, step{"lab", lab}, step{"appliance", appliance})...)
	}
	failed := 0
	for _, s := range steps {
		began := time.Now()
		err := s.run()
		mark := "ok  "
		if err != nil {
			mark = "FAIL"
			failed++
			fmt.Println(err)
		}
		fmt.Printf("%s  %-12s %v\n", mark, s.name, time.Since(began).Round(time.Second))
	}
	if failed > 0 {
		fmt.Printf("check: %d of %d steps failed\n", failed, len(steps))
		os.Exit(1)
	}
}

// command runs a program with our output, and with extra environment.
func command(env []string, name string, args ...string) error {
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), env...)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	return c.Run()
}

// silent runs a program that must print nothing.
func silent(name string, args ...string) error {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil || len(out) > 0 {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), errors.Join(err, errors.New("printed something")), out)
	}
	return nil
}

func format() error { return silent("gofmt", "-l", ".") }

func vet() error { return command(nil, "go", "vet", "./...") }

func staticcheck() error {
	return command(nil, "go", "tool", "-modfile=hack/tools.mod", "staticcheck", "-checks", "all", "./...")
}

func fix() error { return silent("go", "fix", "-diff", "./...") }

// assets brings KERN, without which the pages would be judged unstyled.
func assets() error { return command(nil, "make", "assets") }

// tests runs every test, under the race detector where there is a C compiler,
// which it needs. What runs whole programs comes last and one package at a time: a
// camera that gives no picture for two seconds is lost, also where the reason is a
// busy machine.
func tests() error {
	args := []string{"test", "-timeout", "35m"}
	env := []string{"CGO_ENABLED=0"}
	if _, err := exec.LookPath("gcc"); err == nil {
		args, env = append(args, "-race"), race()
	} else {
		fmt.Println("gcc is missing: the tests run without the race detector")
	}
	parts, programs, err := packages("daemon/stationd", "hack/demo", "ui/desk", "ui/kiosk")
	if err != nil {
		return err
	}
	return errors.Join(
		command(env, "go", slices.Concat(args, parts)...),
		command(env, "go", slices.Concat(args, []string{"-p", "1"}, programs)...),
	)
}

// race is the environment of tests under the race detector. It leaves out what calculates
// for minutes on memory of its own: SQLite, which was C, and scrypt of age; what is handed
// to them and may change is copied by packages that it watches. And a program ends
// when it is done, not a second later: scripts run hundreds.
func race() []string {
	const unwatched = " -gcflags=modernc.org/sqlite/lib=-race=false -gcflags=modernc.org/libc=-race=false -gcflags=golang.org/x/crypto/scrypt=-race=false"
	return []string{"CGO_ENABLED=1", "GOFLAGS=" + os.Getenv("GOFLAGS") + unwatched, "GORACE=atexit_sleep_ms=0 " + os.Getenv("GORACE")}
}

// packages lists the module's packages without those in the given folders, and those.
func packages(dirs ...string) (others, chosen []string, err error) {
	out, err := exec.Command("go", "list", "./...").Output()
	if err != nil {
		return nil, nil, fmt.Errorf("go list: %w", err)
	}
	for pkg := range strings.FieldsSeq(string(out)) {
		if slices.ContainsFunc(dirs, func(dir string) bool { return strings.HasSuffix(pkg, "/"+dir) }) {
			chosen = append(chosen, pkg)
		} else {
			others = append(others, pkg)
		}
	}
	return others, chosen, nil
}

// lab runs the tests that need a real kernel, after the others: beside them, the
// emulated machine would miss its deadlines; then a sample of the power cuts of
// `make soak`. Without a network to fetch the kernel from it says what is skipped.
func lab() error {
	return errors.Join(
		command(nil, "go", "run", "./hack/lab", "-optional"),
		command(nil, "go", "run", "./hack/lab", "-optional", "-cuts", "12"),
	)
}

// appliance boots the Raspberry Pi's image: a visit, an update, a bad one, power cuts.
func appliance() error {
	for _, t := range tools() {
		if slices.Contains(t.tests, boots) && !t.there() {
			fmt.Printf("%s is missing (Debian's %s); skipped: %s\n", t.program, t.pkg, boots)
			return nil
		}
	}
	return command([]string{"FOTOBOX_APPLIANCE=1"}, "go", "test", "-short", "-timeout", "25m", "./hack/appliance")
}

// A tool is a program that tests start, or a file that they need.
type tool struct {
	program, pkg string
	tests        []string
}

// What is skipped without a tool.
const (
	kernel   = "the tests with a real kernel (hack/lab)"
	boots    = "the image in an emulator (hack/appliance)"
	cuts     = "power cuts of an office and a station (hack/lab)"
	browsers = "every test in a browser (ui/kiosk, ui/desk, hack/demo)"
	reports  = "the comparison of reports with arm64 (daemon/stationd)"
	speech   = "the clips that are made and listened to (hack/voice)"
	postgres = "the office on PostgreSQL (registry, ui/desk, daemon/registryd run on SQLite alone)"
)

func tools() []tool {
	return []tool{
		{"qemu-system-aarch64", "qemu-system-arm", []string{kernel, boots, cuts}},
		{"aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu", []string{kernel}},
		{"xz", "xz-utils", []string{kernel}},
		{"/usr/share/qemu-efi-aarch64/QEMU_EFI.fd", "qemu-efi-aarch64", []string{boots}},
		{"/sbin/mkfs.ext4", "e2fsprogs", []string{boots, cuts}},
		{"/sbin/debugfs", "e2fsprogs", []string{boots, cuts}},
		{"chromium", "chromium", []string{browsers}},
		{"qemu-aarch64-static", "qemu-user-static", []string{reports}},
		{"espeak-ng", "espeak-ng", []string{speech}},
		{"opusdec", "opus-tools", []string{speech}},
		{"/usr/lib/postgresql/*/bin/initdb", "postgresql", []string{postgres}}, // a folder for each version
	}
}

func (t tool) there() bool {
	if strings.Contains(t.program, "/") { // a file, or a program that not every user has in the path
		found, err := filepath.Glob(t.program)
		return err == nil && len(found) > 0
	}
	_, err := exec.LookPath(t.program)
	return err == nil
}

// provide installs missing tools on Debian as root, and says otherwise what is skipped.
func provide() error {
	for _, t := range tools() {
		if t.there() {
			continue
		}
		if err := install(t.pkg); err != nil {
			fmt.Printf("%s is missing and could not be installed (%v); skipped: %s\n", t.program, err, strings.Join(t.tests, ", "))
		}
	}
	return nil
}

func install(pkg string) error {
	if _, err := exec.LookPath("apt-get"); err != nil || os.Getuid() != 0 {
		return errors.New("needs root on Debian")
	}
	env := []string{"DEBIAN_FRONTEND=noninteractive"}
	if err := command(env, "apt-get", "update", "-qq"); err != nil {
		return err
	}
	return command(env, "apt-get", "install", "-y", "-qq", "--no-install-recommends", pkg)
}
