// SPDX-License-Identifier: EUPL-1.2

package outbox

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/internal/durable/durabletest"
)

// A promise is what the outbox owes after the calls that returned nil.
type promise int

const (
	nothing promise = iota
	kept            // pending, or there is a receipt, or it was refused with a reason
	sent
	refused
	gone
)

// visit plays the life of four envelopes until a call fails and returns what was promised.
func visit(o *Outbox, items []Item, later time.Time) (map[Item]promise, error) {
	p := map[Item]promise{}
	for _, i := range items {
		if err := o.Put(i, bytes.NewReader(sealed(i))); err != nil {
			return p, err
		}
		p[i] = kept
	}
	if err := o.Sent(items[1], []byte("receipt")); err != nil {
		return p, err
	}
	p[items[1]] = sent
	if err := o.Refuse(items[2], "409 Conflict"); err != nil {
		return p, err
	}
	p[items[2]] = refused
	p[items[0]] = nothing // may go from now on
	if _, err := o.Expire(later); err != nil {
		return p, err
	}
	p[items[0]] = gone
	return p, nil
}

// TestPowerCut cuts the power before every change of the disk in Open, Put, Sent, Refuse and Expire,
// lets it take what was not synced, and reopens: nothing that Put has promised is lost, nothing is
// in two states, and whatever waits to be sent is complete.
func TestPowerCut(t *testing.T) {
	for _, loss := range durabletest.Losses() {
		t.Run(loss.String(), func(t *testing.T) {
			cuts := 0
			for ; cut(t, cuts, loss); cuts++ {
			}
			if cuts < 50 {
				t.Errorf("only %d changes of the disk were seen", cuts)
			}
			t.Logf("%d cuts", cuts)
		})
	}
}

func cut(t *testing.T, n int, loss durabletest.Loss) (wasCut bool) {
	t.Helper()
	before, after := folder(t), folder(t)
	items, later := fourItems()
	p, cutErr := cutVisit(t, before, after, n, loss, items, later)
	o, err := Open(after)
	if err != nil {
		t.Fatalf("cut %d: reopen: %v", n, err)
	}
	defer o.Close()
	for name, i := range items {
		if got := stateOf(t, o, i); !p[i].holds(got) {
			t.Errorf("cut %d, item %d: after promise %d it is %v", n, name, p[i], got)
		}
	}
	if left, err := os.ReadDir(filepath.Join(after, tmpDir)); err != nil || len(left) > 0 {
		t.Errorf("cut %d: tmp holds %v, %v after reopening", n, left, err)
	}
	return cutErr
}

func cutVisit(t *testing.T, before, after string, n int, loss durabletest.Loss, items []Item, later time.Time) (map[Item]promise, bool) {
	t.Helper()
	dir, err := durable.Open(before)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	disk, err := durabletest.New(before, n)
	if err != nil {
		t.Fatal(err)
	}
	dir.Step = disk.Step
	var p map[Item]promise
	o, err := open(dir)
	if err == nil {
		p, err = visit(o, items, later)
	}
	if lerr := disk.Leave(after, loss); lerr != nil {
		t.Fatal(lerr)
	}
	return p, err != nil
}

// A state is where an item was found.
type state struct{ pending, receipt, refused bool }

func (p promise) holds(s state) bool {
	where := 0
	for _, is := range []bool{s.pending, s.receipt, s.refused} {
		if is {
			where++
		}
	}
	switch p {
	case kept:
		return where == 1
	case sent:
		return where == 1 && s.receipt
	case refused:
		return where == 1 && s.refused
	case gone:
		return where == 0
	}
	return where <= 1
}

// stateOf finds the item and checks the bytes of whatever is found.
func stateOf(t *testing.T, o *Outbox, i Item) (s state) {
	t.Helper()
	pending, err := o.Pending()
	if err != nil {
		t.Fatal(err)
	}
	if s.pending = slices.Contains(pending, i); s.pending {
		r, size, err := o.Reader(i)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if data, err := io.ReadAll(r); err != nil || !bytes.Equal(data, sealed(i)) || size != int64(len(data)) {
			t.Errorf("%v is pending with %d damaged bytes, %v", i, len(data), err)
		}
	}
	if receipt, err := o.Receipt(i); err == nil {
		if s.receipt = true; string(receipt) != "receipt" {
			t.Errorf("%v has the receipt %q", i, receipt)
		}
	}
	refusals, err := o.Refused()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range refusals {
		if r.Item != i {
			continue
		}
		if s.refused = true; r.Reason != "409 Conflict" {
			t.Errorf("%v is refused for %q", i, r.Reason)
		}
	}
	return s
}
