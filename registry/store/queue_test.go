// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"database/sql"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// TestWritersAreServedInOrder holds the connection, queues writers one after
// the other, and looks in which order they come through. On PostgreSQL eight
// go on at once.
func TestWritersAreServedInOrder(t *testing.T) {
	storetest.FileOnly(t)
	s := storetest.Open(t)
	var all sync.WaitGroup
	holding, free := make(chan struct{}), make(chan struct{})
	all.Go(func() {
		if err := s.Write(t.Context(), func(*sql.Tx) error { close(holding); <-free; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-holding
	var order, want []int
	for i := range 20 {
		all.Go(func() {
			if err := s.Write(t.Context(), func(*sql.Tx) error { order = append(order, i); return nil }); err != nil {
				t.Error(err)
			}
		})
		want = append(want, i)
		time.Sleep(20 * time.Millisecond) // it waits now
	}
	close(free)
	all.Wait()
	if diff := cmp.Diff(want, order); diff != "" {
		t.Error(diff)
	}
}
