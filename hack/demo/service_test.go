// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"net"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// TestTellsTheServiceManager runs both programs under the eyes of a service
// manager: each says when it is ready, that it is alive, and that it stops.
func TestTellsTheServiceManager(t *testing.T) {
	name := filepath.Join(t.TempDir(), "notify")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer manager.Close()
	t.Setenv("NOTIFY_SOCKET", name)
	t.Setenv("WATCHDOG_USEC", "400000")
	heard := make(chan []string)
	go func() { heard <- listen(manager) }()
	w := newTown(t, "folder:"+sitterFolder(t), newLedger(t))
	time.Sleep(time.Second)
	w.close()
	if err := manager.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	said := <-heard
	for word, want := range map[string]int{"READY=1": 2, "WATCHDOG=1": 2, "STOPPING=1": 2} {
		got := 0
		for _, s := range said {
			if s == word {
				got++
			}
		}
		if got < want {
			t.Errorf("the manager heard %q %d times, want at least %d; all of it: %q", word, got, want, slices.Compact(said))
		}
	}
}

// listen takes down what is said until the connection's deadline.
func listen(manager *net.UnixConn) (said []string) {
	buffer := make([]byte, 100)
	for {
		n, err := manager.Read(buffer)
		if err != nil {
			return said
		}
		said = append(said, string(buffer[:n]))
	}
}

// TestStopOnTheAppliance: the appliance's init starts a stopped station again
// only when it ends with 143.
func TestStopOnTheAppliance(t *testing.T) {
	w := newTown(t, "folder:"+sitterFolder(t), newLedger(t))
	if _, err := w.station.stop(); err != nil {
		t.Errorf("stopped on Linux: %v, want status 0", err)
	}
	t.Setenv("PATH", "/user:/gokrazy")
	if err := w.openStation(t.Context()); err != nil {
		t.Fatal(err)
	}
	took, err := w.station.stop()
	ended, ok := errors.AsType[*exec.ExitError](err)
	if !ok || ended.ExitCode() != 143 || took > 2*time.Second {
		t.Errorf("stopped on the appliance after %v with %v, want 143 within 2 s", took, err)
	}
}
