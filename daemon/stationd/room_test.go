// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestRoom: a card that is full, then emptied, then worn out and torn away.
func TestRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 6500*time.Millisecond)
		defer cancel()
		looks := []struct {
			fs  syscall.Statfs_t
			err error
		}{
			{fs: syscall.Statfs_t{Bavail: 1000, Bsize: 4096}},
			{fs: syscall.Statfs_t{Bavail: 1000, Bsize: 4096}},
			{fs: syscall.Statfs_t{Bavail: 100_000, Bsize: 4096}},
			{fs: syscall.Statfs_t{Bavail: 100_000, Bsize: 4096}},
			{fs: syscall.Statfs_t{Bavail: 100_000, Bsize: 4096, Flags: 1}},
			{err: syscall.EIO},
			{fs: syscall.Statfs_t{Bavail: 100_000, Bsize: 4096}},
		}
		start := time.Now()
		r := room{"/perm", time.Second, func(path string, to *syscall.Statfs_t) error {
			now := looks[time.Since(start)/time.Second]
			*to = now.fs
			if path != "/perm" {
				t.Errorf("looked at %q", path)
			}
			return now.err
		}}
		var got []string
		for err := range r.Changes(ctx) {
			words, _, _ := strings.Cut(fmt.Sprint(err), ";")
			got = append(got, fmt.Sprintf("%v %s", time.Since(start), words))
		}
		want := []string{
			"0s the card is full: 3 MB are free, 20 MB are needed",
			"1s the card is full: 3 MB are free, 20 MB are needed",
			"2s <nil>",
			"4s the card cannot be written any more: it is worn out or damaged",
			"5s statfs: input/output error",
			"6s <nil>",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("reports (-want +got):\n%s", diff)
		}
	})
}
