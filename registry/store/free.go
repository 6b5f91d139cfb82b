// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"fmt"
	"os"
)

// Room is how many bytes are free on the disk of the database. It is known on
// Linux only, and not of a server: the error is os.ErrNotExist then.
func (s *Store) Room() (int64, error) {
	if !s.file {
		return 0, fmt.Errorf("room of store %s: %w", s.name, os.ErrNotExist)
	}
	room, err := free(s.name)
	if err != nil {
		return 0, fmt.Errorf("room of store %s: %w", s.name, err)
	}
	return room, nil
}
