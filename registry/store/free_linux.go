// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"fmt"
	"syscall"
)

// Free is the room on the disk of the database file, in bytes.
//
//	statfs(path)
func (s *Store) Free() (int64, error) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(s.path, &fs); err != nil {
		return 0, fmt.Errorf("free room for %s: %w", s.path, err)
	}
	return int64(fs.Bavail) * int64(fs.Bsize), nil
}
