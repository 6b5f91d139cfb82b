// SPDX-License-Identifier: EUPL-1.2

package systemd

import (
	"context"
	"net"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// manager is a service manager's end of the notification socket.
func manager(t *testing.T) *net.UnixConn {
	t.Helper()
	name := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	t.Setenv("NOTIFY_SOCKET", name)
	return conn
}

func received(t *testing.T, conn *net.UnixConn) string {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 256)
	n, err := conn.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(b[:n])
}

func TestNotifies(t *testing.T) {
	conn := manager(t)
	for want, f := range map[string]func() error{"READY=1": Ready, "STOPPING=1": Stopping} {
		if err := f(); err != nil {
			t.Fatal(err)
		}
		if got := received(t, conn); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestWithoutManagerNothingFails(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	if err := Ready(); err != nil {
		t.Errorf("Ready = %v, want nil", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Watchdog(ctx, func(context.Context) error { return nil }); err != nil {
		t.Errorf("Watchdog = %v, want nil", err)
	}
}

// TestWatchdogIsQuietWhenHung: only a program that answers is reported alive.
func TestWatchdogIsQuietWhenHung(t *testing.T) {
	conn := manager(t)
	t.Setenv("WATCHDOG_USEC", "40000")
	t.Setenv("WATCHDOG_PID", "")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var answered atomic.Bool
	seen := make(chan struct{}, 100)
	go Watchdog(ctx, func(ctx context.Context) error {
		seen <- struct{}{}
		if len(seen) < 3 {
			<-ctx.Done()
			return ctx.Err()
		}
		answered.Store(true)
		return nil
	})
	if got := received(t, conn); got != "WATCHDOG=1" || !answered.Load() {
		t.Errorf("got %q, answered %v; want a report only after an answer", got, answered.Load())
	}
}

func TestListenOpensTheAddress(t *testing.T) {
	s, err := TakeSockets()
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Listen(t.Context(), "kiosk", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	given := Sockets{"kiosk": {l}}
	if got, err := given.Listen(t.Context(), "kiosk", "127.0.0.1:1"); err != nil || got != l {
		t.Errorf("got %v, %v; want the given socket", got, err)
	}
	if _, err := s.Listen(t.Context(), "kiosk", l.Addr().String()); err == nil {
		t.Error("opened an address that is in use")
	}
}
