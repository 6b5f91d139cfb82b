// SPDX-License-Identifier: EUPL-1.2

package clockwork

import (
	"context"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
)

// OfBook is what the book needs done: holds, offers and rests end, and seats are released.
func OfBook(b *book.Book) []Job {
	return []Job{
		{"expire", b.ExpireDue, func(ctx context.Context, now time.Time) error {
			_, _, err := b.Expire(ctx, now)
			return err
		}},
		{"release", b.ReleaseDue, func(ctx context.Context, now time.Time) error {
			_, err := b.Release(ctx, now)
			return err
		}},
	}
}
