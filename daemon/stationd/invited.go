// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/internal/backoff"
	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// inviteFile lies in the state directory of a station that was flashed with a code:
// the code in the first line, where the station stands in the second.
const inviteFile = "enrol.code"

// A refused error is what the office answers to a question that it will answer
// in the same way again.
type refused struct {
	error
	status int // 4xx
}

func (r refused) Unwrap() error { return r.error }

// enrolInvited enrols the station with the code that lies in its state directory
// and removes the code. It asks until the office answers; a code that the office
// refuses is removed too, since it will never be worth anything again.
func enrolInvited(ctx context.Context, s Settings, log *slog.Logger) error {
	dir, err := durable.Open(s.State)
	if err != nil {
		return err
	}
	defer dir.Close()
	data, err := dir.Root.ReadFile(inviteFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read code: %w", err)
	}
	code, name, _ := strings.Cut(strings.TrimSpace(string(data)), "\n")
	invite, err := enrolment.ParseInvite(strings.TrimSpace(code))
	if err != nil {
		log.Error("the code on the card is no code; get a new one from \"registryd invite\"", "err", err)
		return dir.Remove(inviteFile)
	}
	wait := backoff.Backoff{Min: 2 * time.Second, Max: time.Minute}
	for failures := 0; ; failures++ {
		id, err := enrolAt(ctx, s, invite, strings.TrimSpace(name), s.clock())
		if err == nil {
			log.Info("enrolled", "device", id.Device, "office", id.OfficeName)
			return dir.Remove(inviteFile)
		}
		if _, ok := errors.AsType[refused](err); ok {
			log.Error("the code on the card does not hold; get a new one from \"registryd invite\"", "err", err)
			return dir.Remove(inviteFile)
		}
		log.Warn("the office cannot be reached to enrol", "err", err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait.Delay(failures)):
		}
	}
}
