// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/registry/post/posttest"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// A running program has a process of its own.
type running struct {
	*exec.Cmd
	logged *safeBuffer
}

// start runs a program of this test's binary until the test is over, and waits until it listens.
func start(t testing.TB, address, name string, args ...string) *running {
	t.Helper()
	p := &running{exec.Command(name, args...), &safeBuffer{}}
	p.Stdout, p.Stderr = p.logged, p.logged
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Process.Signal(syscall.SIGTERM)
		if err := p.Wait(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, p.logged)
		}
	})
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
			return p
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not listen:\n%s", name, p.logged)
		}
	}
}

// A house is the real program on a state of its own, with invitations for its stations.
type house struct {
	*running
	settings Settings
	invites  []enrolment.Invite
}

// opened starts the program of a new office that invited n stations.
func opened(t testing.TB, n int) *house {
	t.Helper()
	h := &house{settings: Settings{State: t.TempDir(), Device: free(t), Desk: free(t), Metrics: free(t)}}
	h.settings.Handover.Listen, h.settings.Public.Listen = free(t), free(t)
	mailbox := posttest.New(t)
	h.settings.Mail = mails(mailbox)
	text := fmt.Sprintf("state = %q\ndevice = %q\nlisten = %[2]q\ndesk = %q\nmetrics = %q\n", h.settings.State, h.settings.Device, h.settings.Desk, h.settings.Metrics)
	if storetest.Postgres() {
		h.settings.Database = storetest.Where(t)
		text += fmt.Sprintf("database = %q\n", h.settings.Database)
	}
	text += fmt.Sprintf("[handover]\nlisten = %q\n[public]\nlisten = %q\nsite = 'https://termine.example.org'\nproxied = true\n", h.settings.Handover.Listen, h.settings.Public.Listen)
	text += fmt.Sprintf("[mail]\nhost = %q\nport = %d\nplain = true\nfrom = 'termine@example.org'\nto = ['technik@example.org']\n", posttest.Host, mailbox.Port())
	if err := devices.Init(h.settings.State, 9_162_000, "Musterstadt"); err != nil {
		t.Fatal(err)
	}
	h.inside(t, func(o *office) {
		for range n {
			h.invites = append(h.invites, invited(t, o))
		}
	})
	config := filepath.Join(h.settings.State, "office.toml")
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	h.running = start(t, h.settings.Device, "registryd", "run", "-config", config)
	return h
}

// inside opens the office beside the program, as its other commands do.
func (h *house) inside(t testing.TB, do func(*office)) {
	t.Helper()
	o, err := open(t.Context(), h.settings, logTo(&bytes.Buffer{}))
	if err != nil {
		t.Fatal(err)
	}
	defer o.close()
	do(o)
}

// resident is the memory of the program in bytes.
func (p *running) resident(t testing.TB) int64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return pages * int64(os.Getpagesize())
}
