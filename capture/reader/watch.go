// SPDX-License-Identifier: EUPL-1.2

package reader

import (
	"context"
	"fmt"
	"image"
	"maps"
	"time"
)

// quiet is how long a code that stays in the picture is not reported again.
const quiet = 3 * time.Second

// Watch looks for a code in the newest frame, at most once in the given time, and reports what it
// finds; the same code once in 3 s. frames returns a frame with a number greater than after, and
// waits for one. Watch returns nil when ctx ends, and the error of frames.
func Watch(ctx context.Context, frames func(ctx context.Context, after uint64) (image.Image, uint64, error), every time.Duration, d Decoder, found func(text string)) error {
	told := map[string]time.Time{}
	for after := uint64(0); ; {
		img, number, err := frames(ctx, after)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("watch for codes: %w", err)
		}
		after = number
		next := time.NewTimer(every)
		forget(told, time.Now())
		if text, ok := d.Decode(img); ok && told[text].IsZero() {
			told[text] = time.Now()
			found(text)
		}
		select {
		case <-next.C:
		case <-ctx.Done():
			next.Stop()
			return nil
		}
	}
}

// forget drops what was told long enough ago: a citizen's code is not kept.
func forget(told map[string]time.Time, now time.Time) {
	maps.DeleteFunc(told, func(_ string, at time.Time) bool { return now.Sub(at) >= quiet })
}
