// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/fotobox-project/fotobox/registry/store"
)

// Verify checks the record from its beginning and returns how many entries
// hold. Its error names the first entry that is missing or was changed. Of a
// record that was shortened, the entry that says so must be there.
func Verify(ctx context.Context, s *store.Store) (n int, err error) {
	err = s.Read(ctx, func(tx *sql.Tx) error {
		n, err = VerifyIn(ctx, tx)
		return err
	})
	return n, err
}

// VerifyIn is as Verify, within the caller's transaction.
func VerifyIn(ctx context.Context, tx *sql.Tx) (n int, err error) {
	if n, err = verify(ctx, tx); err != nil {
		return n, fmt.Errorf("verify audit: %w", err)
	}
	return n, nil
}

func verify(ctx context.Context, tx *sql.Tx) (n int, err error) {
	first, anchor, err := start(ctx, tx)
	if err != nil {
		return 0, err
	}
	last, prev, said := first, anchor, first == 0
	err = each(ctx, tx, func(seq int, e Entry, h Hash) error {
		if seq != last+1 {
			return fmt.Errorf("entry %d is missing", last+1)
		}
		if e.seal(seq, prev) != h {
			return fmt.Errorf("entry %d (%s) was changed or stands behind a changed one", seq, e.At.Format("2006-01-02 15:04:05"))
		}
		said = said || e == shortened(e.At, first, anchor)
		last, prev = seq, h
		return nil
	})
	if err == nil && !said {
		err = errors.New("beginning is cut off, and no entry says so")
	}
	return last - first, err
}
