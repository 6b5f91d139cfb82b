// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// modules are loaded before every program: USB/IP, camera, keyboard, GPIO.
func modules() []string {
	return []string{"vhci-hcd", "uvcvideo", "usbhid", "hid-generic", "evdev", "uinput", "gpio-sim"}
}

// A machine is what one boot runs: a static arm64 program as the kernel's only one.
type machine struct {
	kernel  kernel
	init    string            // the file of guestinit
	argv    []string          // argv[0] is a file of the host; it lies in /lab in the guest
	files   map[string]string // more files of the host, by their place in the guest
	drivers []string          // modules to load; nil: those of modules
	env     []string          // more environment
	options string            // more of the kernel's
	disks   []string          // QEMU's arguments for its disks
	memory  int               // MiB
	timeout time.Duration
}

// A result is how a program ended in the machine.
type result struct {
	status int    // the program's exit status; -1 when there is none
	crash  string // what the kernel said first of its own end
	boot   time.Duration
	took   time.Duration
}

// guestOrders are what guestinit reads.
type guestOrders struct {
	Modules   []string
	Argv, Env []string
	Dir       string
}

// root writes the machine's first root into a file.
func (m machine) root(file string) error {
	var a archive
	for _, d := range []string{"dev", "proc", "sys", "tmp", "run"} {
		a.dir(d)
	}
	a.device("dev/console", 5, 1)
	a.device("dev/null", 1, 3)
	program := "/lab/" + filepath.Base(m.argv[0])
	orders := guestOrders{Dir: "/lab", Argv: append([]string{program}, m.argv[1:]...),
		Env: append([]string{"PATH=/lab", "HOME=/tmp", "TMPDIR=/tmp", "FOTOBOX_LAB=1", cyclesKey + "=" + os.Getenv(cyclesKey)}, m.env...)}
	set, err := newModuleSet(m.kernel)
	if err != nil {
		return err
	}
	drivers := m.drivers
	if drivers == nil {
		drivers = modules()
	}
	for _, name := range drivers {
		if err := set.add(name); err != nil {
			return err
		}
	}
	for _, name := range set.order {
		place := "/lab/modules/" + name + ".ko"
		a.file(place, 0o644, set.data[name])
		orders.Modules = append(orders.Modules, place)
	}
	text, err := json.Marshal(orders)
	if err != nil {
		return err
	}
	a.file("lab/orders.json", 0o644, text)
	files := map[string]string{"init": m.init, program: m.argv[0]}
	maps.Copy(files, m.files)
	for _, place := range slices.Sorted(maps.Keys(files)) {
		name := files[place]
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		a.file(place, uint32(info.Mode().Perm()), b)
	}
	return os.WriteFile(file, a.bytes(), 0o600)
}

// run boots the machine in a folder of its own and copies the program's output,
// and with it the whole console when there was no result, to out. The console is
// also kept in the file console.
func (m machine) run(ctx context.Context, dir, console string, out io.Writer) (result, error) {
	root := filepath.Join(dir, "root.cpio")
	if err := m.root(root); err != nil {
		return result{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, m.timeout)
	defer cancel()
	// One virtual processor: with two, each wake-up of the other one costs
	// milliseconds under emulation. Never KVM: a paravirtual /dev/kvm hangs.
	c := exec.CommandContext(ctx, "qemu-system-aarch64", append(slices.Clone(m.disks),
		"-M", "virt", "-accel", "tcg", "-cpu", "cortex-a53", "-smp", "1", "-m", strconv.Itoa(m.memory),
		"-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-serial", "stdio",
		"-kernel", m.kernel.image, "-initrd", root,
		"-append", "console=ttyAMA0 rdinit=/init panic=-1 loglevel=1 quiet oops=panic mitigations=off nokaslr "+m.options)...)
	c.Stderr = os.Stderr
	pipe, err := c.StdoutPipe()
	if err != nil {
		return result{}, err
	}
	keep, err := os.Create(console)
	if err != nil {
		return result{}, err
	}
	defer keep.Close()
	began := time.Now()
	if err := c.Start(); err != nil {
		return result{}, err
	}
	r, err := listen(io.TeeReader(pipe, keep), out, began)
	err = errors.Join(err, c.Wait())
	r.took = time.Since(began)
	switch {
	case r.status >= 0:
		return r, nil
	case r.crash != "":
		return r, fmt.Errorf("the machine's kernel crashed, %s; the console: %s", r.crash, console)
	case ctx.Err() != nil:
		return r, fmt.Errorf("no result within %v; the console: %s", m.timeout, console)
	}
	return r, fmt.Errorf("the machine stopped without a result (%v); the console: %s", err, console)
}

// crashes are the kernel's own lines before it panics, at once, of whatever Oops. The first one
// says most.
var crashes = regexp.MustCompile(`\[ *\d+\.\d{6}\] ((?:Internal error|Unable to handle kernel|kernel BUG|Kernel panic).*)`)

// listen reads the console: guestinit's marks, and between them the program's output.
func listen(console io.Reader, out io.Writer, began time.Time) (result, error) {
	r := result{status: -1}
	lines := bufio.NewScanner(console)
	lines.Buffer(make([]byte, 64<<10), 16<<20)
	for lines.Scan() {
		line := strings.ReplaceAll(lines.Text(), "\r", "")
		if crash := crashes.FindStringSubmatch(line); crash != nil && r.crash == "" {
			r.crash = crash[1]
		}
		mark, ok := strings.CutPrefix(line, "@@lab ")
		switch {
		case !ok && r.boot > 0:
			fmt.Fprintln(out, line)
		case !ok: // the firmware and the kernel, which the console's file keeps
		case mark == "start":
			r.boot = time.Since(began)
		case strings.HasPrefix(mark, "exit "):
			status, err := strconv.Atoi(strings.TrimPrefix(mark, "exit "))
			if err != nil {
				return r, err
			}
			r.status = status
		default:
			fmt.Fprintln(out, "machine:", mark)
		}
	}
	return r, lines.Err()
}
