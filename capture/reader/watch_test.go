// SPDX-License-Identifier: EUPL-1.2

package reader

import (
	"context"
	"errors"
	"fmt"
	"image"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A film is a camera whose frames come every 33 ms, and at the same time the decoder of its codes.
type film struct {
	start time.Time
	// script says which code is in the picture, a letter for each 500 ms; '.' is none.
	script string
	number uint64
	looks  int
}

func (f *film) next(ctx context.Context, after uint64) (image.Image, uint64, error) {
	select {
	case <-time.After(33 * time.Millisecond):
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
	if after != f.number {
		return nil, 0, fmt.Errorf("asked for a frame after %d, want after %d", after, f.number)
	}
	f.number += 2 // as when a frame was missed
	return image.NewGray(image.Rect(0, 0, 1, 1)), f.number, nil
}

func (f *film) Decode(image.Image) (string, bool) {
	f.looks++
	at := int(time.Since(f.start) / (500 * time.Millisecond))
	if at >= len(f.script) || f.script[at] == '.' {
		return "", false
	}
	return f.script[at : at+1], true
}

func TestWatch(t *testing.T) {
	for _, tt := range []struct {
		name, script string
		want         []string
	}{
		{"no code", "......", nil},
		{"a code that stays", "..AAAAAAAAAAAAAA", []string{"A 1s", "A 4s", "A 7s"}},
		{"two codes", "AABB", []string{"A 0s", "B 1s"}},
		{"two codes in turn", "ABABAB", []string{"A 0s", "B 0.5s"}},
		{"taken away and held again", "A.....A", []string{"A 0s", "A 3s"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var got []string
				f := &film{start: time.Now(), script: tt.script}
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				err := Watch(ctx, f.next, 250*time.Millisecond, f, func(text string) {
					at := time.Since(f.start).Truncate(500 * time.Millisecond).Seconds()
					got = append(got, fmt.Sprintf("%s %vs", text, at))
				})
				if err != nil {
					t.Errorf("Watch returned %v at the end of its context, want nil", err)
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("codes (-want +got):\n%s", diff)
				}
				if f.looks < 30 || f.looks > 41 {
					t.Errorf("%d looks in 10 s, want about one each 283 ms", f.looks)
				}
			})
		})
	}
}

func TestWatchEnds(t *testing.T) {
	broken := errors.New("camera lost")
	frames := func(context.Context, uint64) (image.Image, uint64, error) { return nil, 0, broken }
	err := Watch(t.Context(), frames, time.Second, QR(), func(string) {})
	if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "watch for codes") {
		t.Errorf("error is %v, want that of the camera", err)
	}
}
