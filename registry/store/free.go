// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"fmt"
	"os"
)

// Room is how much can still be stored, in bytes.
type Room struct {
	Disk int64 // free on the disk of the file; the log needs it for every write
	File int64 // free within the file, left there by what was deleted
}

// Room asks the disk and the file. It is known on Linux only, and not of a
// server: the error is os.ErrNotExist then.
func (s *Store) Room(ctx context.Context) (r Room, err error) {
	if !s.file {
		return Room{}, fmt.Errorf("room of store %s: %w", s.name, os.ErrNotExist)
	}
	if r.Disk, err = free(s.name); err != nil {
		return Room{}, fmt.Errorf("room of store %s: %w", s.name, err)
	}
	var pages, size int64
	if err := s.read.QueryRowContext(ctx, "PRAGMA freelist_count").Scan(&pages); err != nil {
		return Room{}, fmt.Errorf("room of store: %w", explain(err))
	}
	if err := s.read.QueryRowContext(ctx, "PRAGMA page_size").Scan(&size); err != nil {
		return Room{}, fmt.Errorf("room of store: %w", explain(err))
	}
	r.File = pages * size
	return r, nil
}
