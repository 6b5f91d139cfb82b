// SPDX-License-Identifier: EUPL-1.2

package durable

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// ErrLocked says that another process works in the directory.
var ErrLocked = errors.New("another process works in this directory")

// lockFile is never removed: its content does not matter, only who holds it.
const lockFile = "lock"

// Lock takes the directory for this process until unlock is called or the
// process ends, however it ends.
//
//	open(lock, O_RDWR|O_CREAT, 0600)
//	flock(LOCK_EX|LOCK_NB)
func (d *Dir) Lock() (unlock func() error, err error) {
	f, err := d.Root.OpenFile(lockFile, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock directory: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrLocked
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", d.Root.Name(), err), f.Close())
	}
	return f.Close, nil
}
