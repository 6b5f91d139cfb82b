// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"log/slog"
)

// A trouble is told once, and not every minute of the days that it lasts.
type trouble struct {
	log  *slog.Logger
	what string // is the matter then
	said string // told last; empty: all is well
}

// hear takes how it went.
func (t *trouble) hear(err error) {
	said := ""
	if err != nil && !errors.Is(err, context.Canceled) {
		said = err.Error()
	}
	if said != "" && said != t.said {
		t.log.Warn(t.what, "err", err)
	}
	t.said = said
}
