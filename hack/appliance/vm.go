// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A vm is an emulated machine that runs an image: the very one that goes on a
// Raspberry Pi's card, through the UEFI loader that is in it.
type vm struct {
	kind    string // "pi" or "pc"
	image   string
	dir     string   // for the console's text and the monitor's socket
	network []string // options of its network
	more    []string // more arguments for QEMU

	command *exec.Cmd
	monitor net.Conn
	replies *json.Decoder
}

const firmware = "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd"

// args are QEMU's, the program first. Everything listens on the loopback address; one CPU, since
// two are slower on a busy host; emulation, since not every /dev/kvm can run a kernel.
func (m *vm) args() []string {
	args := []string{"qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a72", "-m", "1024", "-bios", firmware, "-device", "ramfb"}
	if m.kind == "pc" {
		args = []string{"qemu-system-x86_64", "-cpu", "max", "-m", "512"}
	}
	network := strings.Join(append([]string{"user,id=net"}, m.network...), ",")
	args = append(args,
		"-smp", "1", "-accel", "tcg", "-display", "none", "-monitor", "none", "-serial", "file:"+m.path("console.txt"),
		"-qmp", "unix:"+m.path("monitor")+",server=on,wait=off",
		"-drive", "file="+m.image+",format=raw,if=virtio", "-device", "i6300esb", "-action", "watchdog=reset",
		"-netdev", network, "-device", "virtio-net-pci,netdev=net,romfile=") // nothing is started from the network
	return append(args, m.more...)
}

// forward makes a port of the guest one of this machine's loopback address.
func forward(here, guest string) string { return "hostfwd=tcp:127.0.0.1:" + here + "-:" + guest }

func (m *vm) path(name string) string { return filepath.Join(m.dir, name) }

// start powers the machine on.
func (m *vm) start(ctx context.Context) error {
	args := m.args()
	m.command = exec.Command(args[0], args[1:]...)
	said, err := os.Create(m.path("qemu.txt"))
	if err != nil {
		return err
	}
	defer said.Close()
	m.command.Stdout, m.command.Stderr = said, said
	if err := m.command.Start(); err != nil {
		return err
	}
	if err := m.connect(ctx); err != nil {
		text, _ := os.ReadFile(m.path("qemu.txt")) // only to be shown
		return errors.Join(fmt.Errorf("%w: %s", err, text), m.cut())
	}
	return nil
}

// connect opens the monitor, which QEMU makes soon after its start.
func (m *vm) connect(ctx context.Context) (err error) {
	for range 100 {
		if m.monitor, err = net.Dial("unix", m.path("monitor")); err == nil {
			m.replies = json.NewDecoder(m.monitor)
			var greeting any
			if err := m.replies.Decode(&greeting); err != nil {
				return err
			}
			return m.ask(nil, "qmp_capabilities", nil)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return err
}

// ask calls a command of the monitor; reply may be nil.
func (m *vm) ask(reply any, command string, arguments map[string]any) error {
	question := map[string]any{"execute": command}
	if arguments != nil {
		question["arguments"] = arguments
	}
	if err := json.NewEncoder(m.monitor).Encode(question); err != nil {
		return fmt.Errorf("ask QEMU: %w", err)
	}
	for {
		var r struct {
			Return json.RawMessage `json:"return"`
			Error  *struct{ Desc string }
		}
		if err := m.replies.Decode(&r); err != nil {
			return fmt.Errorf("ask QEMU: %w", err)
		}
		switch {
		case r.Error != nil:
			return fmt.Errorf("QEMU: %s: %s", command, r.Error.Desc)
		case r.Return == nil: // an event
			continue
		case reply == nil:
			return nil
		}
		return json.Unmarshal(r.Return, reply)
	}
}

// screenshot stores what the machine's screen shows as PNG.
func (m *vm) screenshot(name string) error {
	return m.ask(nil, "screendump", map[string]any{"filename": name, "format": "png"})
}

// written is how many bytes the machine has written to its card.
func (m *vm) written() (int64, error) {
	var disks []struct {
		Stats struct {
			Bytes int64 `json:"wr_bytes"`
		}
	}
	if err := m.ask(&disks, "query-blockstats", nil); err != nil || len(disks) == 0 {
		return 0, fmt.Errorf("read block statistics: %d disks, %w", len(disks), err)
	}
	return disks[0].Stats.Bytes, nil
}

// busy is how long the machine's one processor has worked: its time without what
// other programs of this computer took, or it waited for.
func (m *vm) busy() (time.Duration, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", m.command.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(data), ") ") // the program's name may hold anything
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("read processor time: %d fields", len(fields))
	}
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	return time.Duration(user+system) * (time.Second / 100), errors.Join(err1, err2)
}

// cut cuts the machine's power.
func (m *vm) cut() error {
	if m.monitor != nil {
		m.monitor.Close()
	}
	err := m.command.Process.Kill()
	_ = m.command.Wait() // it was killed, and says so
	return err
}
