// SPDX-License-Identifier: EUPL-1.2

package simulate

import (
	"context"
	"database/sql"
	"time"
)

// An event happens at a moment; of one moment, in the order in which they were added.
type event struct {
	at    time.Time
	order uint64
	alone bool // makes its own transactions
	do    func(context.Context, *sql.Tx) error
}

// An agenda is what is still to happen, as a heap.
type agenda []event

func (a agenda) Len() int      { return len(a) }
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(e any)   { *a = append(*a, e.(event)) }

func (a agenda) Less(i, j int) bool {
	if a[i].at.Equal(a[j].at) {
		return a[i].order < a[j].order
	}
	return a[i].at.Before(a[j].at)
}

func (a *agenda) Pop() any {
	last := len(*a) - 1
	e := (*a)[last]
	(*a)[last] = event{}
	*a = (*a)[:last]
	return e
}
