// SPDX-License-Identifier: EUPL-1.2

package waiting

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/queue"
)

// Queue has who is called.
type Queue interface {
	Board(ctx context.Context, location string, now time.Time) (queue.Board, error)
	Offices(ctx context.Context) ([]book.Location, error)
	// Office gives the office of that code, or book.ErrNotFound.
	Office(ctx context.Context, code string) (book.Location, error)
}

var _ Queue = (*queue.Queue)(nil)

const (
	// fresh is how old a board may be that is shown: the database is asked no
	// more often, however many look.
	fresh = time.Second
	// mostStreams is how many pages may be open at once; one more shows what it
	// knew when it was loaded, and asks again.
	mostStreams = 1000
)

// errMany says that there are as many streams as there may be.
var errMany = errors.New("too many streams")

// boards keeps each office's newest board.
type boards struct {
	queue   Queue
	streams chan struct{}

	mu  sync.Mutex
	all map[string]*kept
}

// kept is a board and when it was read.
type kept struct {
	mu    sync.Mutex
	at    time.Time
	board queue.Board
}

// of is the office's board, at most a second old.
func (b *boards) of(ctx context.Context, location string) (queue.Board, error) {
	k := b.kept(location)
	k.mu.Lock()
	defer k.mu.Unlock()
	now := time.Now()
	if !k.at.IsZero() && now.Sub(k.at) < fresh && !now.Before(k.at) {
		return k.board, nil
	}
	board, err := b.queue.Board(ctx, location, now)
	if err != nil {
		return queue.Board{}, err
	}
	k.at, k.board = now, board
	return board, nil
}

// kept is the office's place; only offices that there are come here.
func (b *boards) kept(location string) *kept {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.all == nil {
		b.all = map[string]*kept{}
	}
	if b.all[location] == nil {
		b.all[location] = &kept{}
	}
	return b.all[location]
}
