// SPDX-License-Identifier: EUPL-1.2

package camera

import (
	"context"
	"errors"
	"fmt"
	"image"
)

// Still takes one upright picture of at least MinWidth x MinHeight pixels. While the camera is away
// the error wraps ErrAway; a picture under way when the camera is lost ends with ErrAway as well.
func (c *Camera) Still(ctx context.Context) (image.Image, error) {
	l := c.hold()
	if l == nil {
		return nil, fmt.Errorf("take still: %w", ErrAway)
	}
	defer l.stills.Done()
	return l.still(ctx)
}

// hold returns the open stream, marked as in use, or nil.
func (c *Camera) hold() *live {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.live != nil {
		c.live.stills.Add(1)
	}
	return c.live
}

func (l *live) still(ctx context.Context) (image.Image, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(l.ctx, cancel)()
	img, err := l.Stream.Still(ctx)
	switch {
	case l.ctx.Err() != nil:
		return nil, fmt.Errorf("take still: %w", ErrAway)
	case err != nil:
		return nil, fmt.Errorf("take still: %w", err)
	}
	if err := checkSize(img); err != nil {
		return nil, err
	}
	return img, nil
}

// checkSize refuses pictures that the portrait would have to be scaled up from.
func checkSize(img image.Image) error {
	if img == nil {
		return errors.New("take still: no picture")
	}
	if s := img.Bounds().Size(); s.X < MinWidth || s.Y < MinHeight {
		return fmt.Errorf("take still: %dx%d is smaller than %dx%d", s.X, s.Y, MinWidth, MinHeight)
	}
	return nil
}
