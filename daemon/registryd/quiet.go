// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"log"
	"log/slog"
	"strings"
)

// quiet takes what net/http says by itself: faults of connections. The
// handlers' own words go to the log directly.
func quiet(to *slog.Logger) *log.Logger { return log.New(faults{to}, "", 0) }

type faults struct{ to *slog.Logger }

func (f faults) Write(p []byte) (int, error) {
	f.to.Warn("connection", "fault", strings.TrimSpace(string(p)))
	return len(p), nil
}
