// SPDX-License-Identifier: EUPL-1.2

// Package systemd tells the service manager how a program is doing, and does nothing where there is none.
package systemd

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/coreos/go-systemd/v22/activation"
	"github.com/coreos/go-systemd/v22/daemon"
)

// Ready says that the program works.
func Ready() error { return notify(daemon.SdNotifyReady) }

// Stopping says that the program is ending.
func Stopping() error { return notify(daemon.SdNotifyStopping) }

func notify(state string) error {
	if _, err := daemon.SdNotify(false, state); err != nil {
		return fmt.Errorf("notify service manager: %w", err)
	}
	return nil
}

// Watchdog reports twice in each watchdog interval that the program is alive,
// as long as alive answers within the interval. Without a watchdog it waits for
// ctx to end.
func Watchdog(ctx context.Context, alive func(context.Context) error) error {
	interval, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		return fmt.Errorf("read watchdog interval: %w", err)
	}
	if interval == 0 {
		<-ctx.Done()
		return nil
	}
	tick := time.NewTicker(interval / 2)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if answers(ctx, alive, interval/2) {
			if err := notify(daemon.SdNotifyWatchdog); err != nil {
				return err
			}
		}
	}
}

// answers reports whether alive succeeds in time. A program that does not answer
// is left to the service manager, which restarts it.
func answers(ctx context.Context, alive func(context.Context) error, limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return alive(ctx) == nil
}

// Sockets are the listeners that the service manager has opened, by name.
type Sockets map[string][]net.Listener

// TakeSockets takes them over; the program calls it once.
func TakeSockets() (Sockets, error) {
	named, err := activation.ListenersWithNames()
	if err != nil {
		return nil, fmt.Errorf("take sockets of the service manager: %w", err)
	}
	return named, nil
}

// Listen gives the socket of that name, or opens the address where there is none.
func (s Sockets) Listen(ctx context.Context, name, address string) (net.Listener, error) {
	if given := s[name]; len(given) > 0 {
		return given[0], nil
	}
	var c net.ListenConfig
	l, err := c.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen for %s: %w", name, err)
	}
	return l, nil
}
