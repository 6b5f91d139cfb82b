// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"context"
	"time"
)

// frameTime is the distance of two preview frames: 30 a second.
const frameTime = time.Second / 30

// pace gives the beat of a preview; beats that nobody waited for are skipped.
type pace struct{ last time.Time }

// wait returns at the next beat; the first is at once. A beat that has come counts, also
// when ctx has ended while it waited: then this computer is busy, and the camera is not silent.
func (p *pace) wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	now := time.Now()
	beat := p.last.Add(frameTime)
	if beat.Before(now) {
		beat = now
	}
	p.last = beat
	select {
	case <-ctx.Done():
	case <-time.After(beat.Sub(now)):
	}
	if time.Now().Before(beat) {
		return ctx.Err()
	}
	return nil
}
