// SPDX-License-Identifier: EUPL-1.2

package outbox

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/internal/durable/durabletest"
)

// TestFullDisk fills the disk with envelopes: the one that does not fit is ErrFull, and nothing
// that was stored before is lost.
func TestFullDisk(t *testing.T) {
	path := durabletest.Small(t, "1m")
	o := mustOpen(t, path)
	stored, err := fill(o)
	if !errors.Is(err, ErrFull) || len(stored) < 5 {
		t.Fatalf("after %d envelopes the error is %v, want ErrFull after more", len(stored), err)
	}
	check := func(when string, o *Outbox, pending int) {
		t.Helper()
		for n, i := range stored {
			if got, want := stateOf(t, o, i).pending, n >= len(stored)-pending; got != want {
				t.Errorf("%s: item %d is pending: %v, want %v", when, n, got, want)
			}
		}
	}
	check("full", o, len(stored))

	// Somebody else takes the last block: the receipt still finds room, and its envelope makes more.
	durabletest.Stuff(t, filepath.Join(path, "log"), 0)
	if err := o.Sent(stored[0], []byte("receipt")); err != nil {
		t.Fatalf("keep a receipt on a full disk: %v", err)
	}
	check("one sent", o, len(stored)-1)
	if !o.has(".", ballast) {
		t.Error("the ballast was not put back")
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
	durabletest.Stuff(t, filepath.Join(path, "log2"), 0)
	again := mustOpen(t, path)
	check("reopened, full", again, len(stored)-1)
	if err := again.Refuse(stored[1], "409 Conflict"); err != nil {
		t.Errorf("refuse on a full disk: %v", err)
	}
	if lost, err := again.Expire(stored[len(stored)-1].Expires()); err != nil || lost != len(stored)-1 {
		t.Errorf("Expire on a full disk = %d, %v, want %d", lost, err, len(stored)-1)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// mustOpen opens without a cleanup: the tests close before the file system goes away.
func mustOpen(t *testing.T, path string) *Outbox {
	t.Helper()
	o, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// fill puts envelopes until one fails.
func fill(o *Outbox) (stored []Item, err error) {
	for n := range byte(200) {
		i := item(n, morning.Add(time.Duration(n)*time.Minute))
		if err := o.Put(i, bytes.NewReader(sealed(i))); err != nil {
			return stored, err
		}
		stored = append(stored, i)
	}
	return stored, nil
}

// TestFullAtEveryStep leaves less and less room for the life of an envelope, to the block: whichever
// of its writes meets the full disk, what was promised holds, and nothing must be done but to make room.
func TestFullAtEveryStep(t *testing.T) {
	for name, disk := range map[string]func(testing.TB) string{
		"ext4":  durabletest.Ext4,
		"tmpfs": func(t testing.TB) string { return durabletest.Small(t, "2m") },
	} {
		t.Run(name, func(t *testing.T) {
			path, failed := disk(t), map[string]int{}
			for free := int64(0); free <= 192<<10; free += 4 << 10 {
				failed[fullAt(t, path, free)]++
			}
			if failed["put"] == 0 || failed["nothing"] == 0 {
				t.Errorf("the full disk was met %v times", failed)
			}
			t.Logf("full disk met by: %v", failed)
		})
	}
}

// fullAt plays an envelope's life with so much room, then makes room, and says what failed.
func fullAt(t *testing.T, path string, free int64) (failed string) {
	t.Helper()
	box, stuffed := filepath.Join(path, "outbox"), filepath.Join(path, "stuffed")
	o := mustOpen(t, box)
	first, second, third := item(1, morning), item(2, morning.Add(time.Minute)), item(3, morning.Add(2*time.Minute))
	put(t, o, first, second)
	durabletest.Stuff(t, stuffed, free)

	failed = "nothing"
	want := map[Item]promise{first: sent, second: refused, third: kept}
	for _, step := range []struct {
		name string
		item Item
		do   func() error
	}{
		{"put", third, func() error { return o.Put(third, bytes.NewReader(bytes.Repeat(sealed(third), 10))) }},
		{"sent", first, func() error { return o.Sent(first, []byte("receipt")) }},
		{"refuse", second, func() error { return o.Refuse(second, "409 Conflict") }},
	} {
		err := step.do()
		if err == nil {
			continue
		}
		if !errors.Is(err, ErrFull) {
			t.Errorf("%d bytes free: %s: %v, want ErrFull", free, step.name, err)
		}
		if failed = step.name; step.name != "put" {
			t.Errorf("%d bytes free: %s failed, though an envelope's room is there for it: %v", free, step.name, err)
		}
		want[step.item] = gone
	}
	if err := errors.Join(o.Close(), os.Remove(stuffed)); err != nil {
		t.Fatal(err)
	}
	o = mustOpen(t, box)
	if want[third] == kept {
		if items, err := o.Pending(); err != nil || len(items) != 1 || items[0] != third {
			t.Errorf("%d bytes free: pending is %v, %v, want the third", free, items, err)
		}
		delete(want, third)
	}
	for i, p := range want {
		if got := stateOf(t, o, i); !p.holds(got) {
			t.Errorf("%d bytes free: after promise %d item %v is %v", free, p, i, got)
		}
	}
	if !o.has(".", ballast) {
		t.Errorf("%d bytes free: the ballast is not back", free)
	}
	if lost, err := o.Expire(third.Expires()); err != nil {
		t.Errorf("expire: %d, %v", lost, err)
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	return failed
}

// TestReceiptWithoutBallast: an outbox that was first opened on a full disk has no ballast. The room
// of the envelope, which the office holds, is the receipt's.
func TestReceiptWithoutBallast(t *testing.T) {
	path := durabletest.Small(t, "1m")
	o := mustOpen(t, path)
	stored, err := fill(o)
	if !errors.Is(err, ErrFull) {
		t.Fatal(err)
	}
	if err := o.dir.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	durabletest.Stuff(t, filepath.Join(path, "log"), 0)
	if err := o.Refuse(stored[1], "409 Conflict"); err != nil {
		t.Errorf("set aside without room for the reason: %v", err)
	}
	if err := o.Sent(stored[0], []byte("receipt")); err != nil {
		t.Errorf("keep a receipt in its envelope's room: %v", err)
	}
	if got := stateOf(t, o, stored[0]); !sent.holds(got) {
		t.Errorf("the sent item is %v", got)
	}
	if refusals, err := o.Refused(); err != nil || len(refusals) != 1 || refusals[0].Item != stored[1] {
		t.Errorf("refused: %v, %v", refusals, err)
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
}
