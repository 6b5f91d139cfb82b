// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"syscall"
	"time"
)

const (
	// roomEvery is how often a running station looks whether captures can be kept.
	roomEvery = 10 * time.Second
	// neededFree is room for the captures of a few visits, bytes.
	neededFree = 20 << 20
)

var errReadOnly = errors.New("the card cannot be written any more: it is worn out or damaged; exchange it")

// A room is the place where captures are kept. Looking at it writes nothing.
type room struct {
	path   string
	every  time.Duration
	statfs func(path string, to *syscall.Statfs_t) error
}

func (s Settings) room() room { return room{s.State, roomEvery, syscall.Statfs} }

// look returns why nothing can be kept, or nil.
func (r room) look() error {
	const readOnly = 1 // ST_RDONLY
	var fs syscall.Statfs_t
	if err := r.statfs(r.path, &fs); err != nil {
		return os.NewSyscallError("statfs", err)
	}
	if fs.Flags&readOnly != 0 {
		return errReadOnly
	}
	if free := fs.Bavail * uint64(fs.Bsize); free < neededFree {
		return fmt.Errorf("the card is full: %d MB are free, %d MB are needed; remove what does not belong to the station", free>>20, neededFree>>20)
	}
	return nil
}

// Changes yields what keeps captures from being kept, again at every look, and nil
// when they can be kept again, until ctx ends.
func (r room) Changes(ctx context.Context) iter.Seq[error] {
	return func(yield func(error) bool) {
		tick := time.NewTicker(r.every)
		defer tick.Stop()
		for was := error(nil); ; {
			err := r.look()
			if (err != nil || was != nil) && !yield(err) {
				return
			}
			was = err
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}
}
