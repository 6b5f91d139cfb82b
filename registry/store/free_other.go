// SPDX-License-Identifier: EUPL-1.2

//go:build !linux

package store

import "os"

// Free is the room on the disk of the database file, in bytes; known on Linux only.
func (s *Store) Free() (int64, error) { return 0, os.ErrNotExist }
