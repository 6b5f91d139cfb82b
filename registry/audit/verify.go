// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"context"
	"fmt"

	"github.com/fotobox-project/fotobox/registry/store"
)

// Verify checks the record from its beginning and returns how many entries
// hold. Its error names the first entry that is missing or was changed.
func Verify(ctx context.Context, s *store.Store) (n int, err error) {
	var prev Hash
	err = each(ctx, s, func(seq int, e Entry, h Hash) error {
		if seq != n+1 {
			return fmt.Errorf("entry %d is missing", n+1)
		}
		if e.seal(seq, prev) != h {
			return fmt.Errorf("entry %d (%s) was changed or stands behind a changed one", seq, e.At.Format("2006-01-02 15:04:05"))
		}
		n, prev = seq, h
		return nil
	})
	if err != nil {
		return n, fmt.Errorf("verify audit: %w", err)
	}
	return n, nil
}
