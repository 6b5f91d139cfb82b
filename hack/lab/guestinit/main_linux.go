// SPDX-License-Identifier: EUPL-1.2

// Command guestinit is the first process of the lab's machine: it loads the
// modules that the host has chosen, runs one program, reports its exit status on
// the console and switches the machine off.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// orders are what the host wants, read from /lab/orders.json.
type orders struct {
	Modules []string // files, in the order of loading
	Argv    []string
	Env     []string
	Dir     string
}

// Exit statuses beside the program's own: 124 the kernel has found a fault of its own meanwhile,
// 125 nothing was run, 126 it could not be started.
const kernelFault, nothingRun, notStarted = 124, 125, 126

func main() {
	status := nothingRun
	if err := mounts(); err != nil {
		say("%v", err)
	} else if o, err := read(); err != nil {
		say("%v", err)
	} else {
		o.load()
		if status = o.run(); status == 0 {
			status = kernelStatus()
		}
	}
	if status != 0 {
		kernelLog()
	}
	say("exit %d", status)
	unix.Sync()
	time.Sleep(50 * time.Millisecond) // the console drains
	err := unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF)
	say("power off: %v", err)
	select {} // the kernel panics when its first process ends
}

// say speaks to the host, which looks for the mark.
func say(format string, args ...any) { fmt.Printf("\n@@lab "+format+"\n", args...) }

func mounts() error {
	for _, m := range [][2]string{{"proc", "/proc"}, {"sysfs", "/sys"}, {"devtmpfs", "/dev"}, {"tmpfs", "/tmp"}, {"tmpfs", "/run"}} {
		if err := mount(m[0], m[1]); err != nil {
			return err
		}
	}
	console, err := os.OpenFile("/dev/console", os.O_RDWR, 0)
	if err != nil {
		return err
	}
	for fd := range 3 { // the first process may have begun before there was a console
		if err := unix.Dup3(int(console.Fd()), fd, 0); err != nil {
			return err
		}
	}
	return loopback()
}

func mount(kind, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := unix.Mount(kind, dir, kind, 0, ""); err != nil && !errors.Is(err, unix.EBUSY) {
		return fmt.Errorf("mount %s: %w", dir, err)
	}
	return nil
}

// loopback switches the interface lo on, by which programs in the machine talk to each other.
func loopback() error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer unix.Close(s)
	r, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	r.SetUint16(unix.IFF_UP)
	return unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, r)
}

func read() (orders, error) {
	var o orders
	b, err := os.ReadFile("/lab/orders.json")
	if err != nil {
		return o, err
	}
	return o, json.Unmarshal(b, &o)
}

func (o orders) load() {
	for _, name := range o.Modules {
		if err := insert(name); err != nil && !errors.Is(err, unix.EEXIST) {
			say("load %s: %v", filepath.Base(name), err)
		}
	}
	for _, m := range [][2]string{{"configfs", "/sys/kernel/config"}, {"debugfs", "/sys/kernel/debug"}} {
		if _, err := os.Stat(m[1]); err == nil {
			if err := mount(m[0], m[1]); err != nil {
				say("%v", err)
			}
		}
	}
}

func insert(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.FinitModule(int(f.Fd()), "", 0)
}

// run runs the program and returns its exit status, 128+n when signal n ended it.
func (o orders) run() int {
	say("start")
	c := exec.Command(o.Argv[0], o.Argv[1:]...)
	c.Env, c.Dir = o.Env, o.Dir
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	err := c.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		if w, ok := exit.Sys().(syscall.WaitStatus); ok && w.Signaled() {
			return 128 + int(w.Signal())
		}
		return exit.ExitCode()
	}
	if err != nil {
		say("%v", err)
		return notStarted
	}
	return 0
}

// kernelStatus is 0 unless the kernel has warned of itself or found its memory spoiled. Its log says
// of what.
func kernelStatus() int {
	const badPage, warning = 1 << 5, 1 << 9 // as in Documentation/admin-guide/tainted-kernels.rst
	text, err := os.ReadFile("/proc/sys/kernel/tainted")
	if err != nil {
		say("%v", err)
		return kernelFault
	}
	marks, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || marks&(badPage|warning) != 0 {
		say("the kernel has found a fault of its own: %s", text)
		return kernelFault
	}
	return 0
}

// kernelLog prints what the kernel has said, since the program failed.
func kernelLog() {
	f, err := os.OpenFile("/dev/kmsg", os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer f.Close()
	if err := f.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
		say("kernel log: %v", err)
	}
	line := make([]byte, 8192)
	for {
		n, err := f.Read(line)
		if err != nil {
			return
		}
		_, text, _ := strings.Cut(string(line[:n]), ";")
		text, _, _ = strings.Cut(text, "\n")
		fmt.Println("kernel:", text)
	}
}
