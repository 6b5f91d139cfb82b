// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"net"
	"time"
)

// silence is how long a server's machine may say nothing on a connection that
// waits for it before it counts as gone: after a power cut it does not say so,
// and the kernel alone would wait a quarter of an hour.
const silence = 30 * time.Second

// dial connects to a server. What is sent to a machine that is gone fails after
// silence, and so does waiting for its answer.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{
		Control:         loseAfterSilence,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: silence / 3, Interval: silence / 6, Count: 4},
	}
	return d.DialContext(ctx, network, address)
}
