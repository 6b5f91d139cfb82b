// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

func TestForgottenBytesAreOffTheDisk(t *testing.T) {
	b := newBench(t)
	old, kept := b.big(t, time.Now().Add(-time.Hour)), b.big(t, time.Now())
	end := b.deliver(t, old).ExpiresAt
	b.deliver(t, kept)
	// Pages of one table row are chained; a piece of 64 bytes lies in one page.
	var pieces [][]byte
	for at := 1000; at < len(old.sealed); at += len(old.sealed) / 50 {
		pieces = append(pieces, old.sealed[at:at+64])
	}
	if found := storetest.OnDisk(t, b.store, pieces...); found < len(pieces)*8/10 {
		t.Fatalf("only %d of %d planted pieces are found before: the search proves nothing", found, len(pieces))
	}
	if n, err := b.Forget(t.Context(), end.Add(-time.Second)); n != 0 || err != nil {
		t.Errorf("a second early: Forget = %d, %v", n, err)
	}
	if n, err := b.Forget(t.Context(), end.Add(time.Second)); n != 1 || err != nil {
		t.Errorf("Forget = %d, %v, want 1", n, err)
	}
	b.scrub(t)
	if found := storetest.OnDisk(t, b.store, pieces...); found != 0 {
		t.Fatalf("%d of %d pieces of forgotten bytes are still on the disk", found, len(pieces))
	}
	if got := b.state(t, old.manifest.Capture); got != Forgotten {
		t.Errorf("state %s, want forgotten", got)
	}
	if _, err := b.Open(t.Context(), "anna", old.manifest.Capture); !errors.Is(err, ErrForgotten) {
		t.Errorf("Open = %v, want ErrForgotten", err)
	}
	if _, err := b.Open(t.Context(), "anna", kept.manifest.Capture); err != nil {
		t.Errorf("the other capture: %v", err)
	}
}

// scrub takes what was forgotten off the disk.
func (b *bench) scrub(t *testing.T) {
	t.Helper()
	if err := errors.Join(b.store.Scrub(t.Context()), b.store.Sweep(t.Context(), time.Now())); err != nil { // PostgreSQL's in the night after
		t.Fatal(err)
	}
}

// big is a capture of a photo of usual size.
func (b *bench) big(t testing.TB, taken time.Time) capture {
	c := b.capture(t, taken, "accept")
	return b.seal(t, c.manifest, [][]byte{bytes.Repeat([]byte("a pixel "), 1_500_000/8)})
}

func TestReceiptOutlivesTheBytes(t *testing.T) {
	b := newBench(t)
	c := b.capture(t, time.Now(), "accept")
	first := b.deliver(t, c)
	if n, err := b.Forget(t.Context(), first.ExpiresAt.Add(time.Second)); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if again := b.deliver(t, c); !again.ReceivedAt.Equal(first.ReceivedAt) || b.state(t, c.manifest.Capture) != Forgotten {
		t.Error("a delivery that was answered long ago came back to life")
	}
}

func TestTakenIsErasedAnHourLater(t *testing.T) {
	b := newBench(t)
	c := b.capture(t, time.Now(), "accept")
	id := c.manifest.Capture
	b.deliver(t, c)
	_, openErr := b.Open(t.Context(), "anna", id)
	_, takeErr := b.TakeOver(t.Context(), "anna", id, 0, NoVeto)
	if err := errors.Join(openErr, takeErr); err != nil {
		t.Fatal(err)
	}
	if o, err := b.Open(t.Context(), "anna", id); err != nil || o.Item.State != Taken {
		t.Errorf("looked at once more: %s, %v", o.Item.State, err)
	}
	if n, err := b.Forget(t.Context(), time.Now().Add(Afterwards+time.Second)); n != 1 || err != nil {
		t.Errorf("Forget = %d, %v, want 1", n, err)
	}
	if got := b.state(t, id); got != Taken {
		t.Errorf("state %s, want taken", got)
	}
}

func TestNextIsTheOldestCapturesEnd(t *testing.T) {
	b := newBench(t)
	if next, err := b.Next(t.Context()); !next.IsZero() || err != nil {
		t.Errorf("Next = %s, %v, want none", next, err)
	}
	old := b.deliver(t, b.capture(t, time.Now().Add(-time.Hour), "accept"))
	b.deliver(t, b.capture(t, time.Now(), "accept"))
	if next, err := b.Next(t.Context()); !next.Truncate(time.Second).Equal(old.ExpiresAt) || err != nil {
		t.Errorf("Next = %s, %v, want %s", next, err, old.ExpiresAt)
	}
}

func TestWatchTellsOfEveryChange(t *testing.T) {
	b := newBench(t)
	c := b.capture(t, time.Now(), "accept")
	id := c.manifest.Capture
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	acts := []func(){
		func() { b.deliver(t, c) },
		func() { b.Open(t.Context(), "anna", id) },
		func() { b.TakeOver(t.Context(), "anna", id, 0, NoVeto) },
		func() { b.Forget(t.Context(), time.Now().Add(envelope.Lifetime)) },
	}
	signs := b.Watch(ctx)
	for n := 0; n <= len(acts); n++ {
		select {
		case <-signs:
		case <-ctx.Done():
			t.Fatalf("%d signs, want %d", n, 1+len(acts))
		}
		if n < len(acts) {
			acts[n]()
		}
	}
	cancel()
	for deadline := time.Now().Add(10 * time.Second); b.watched() != 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("watcher stays behind")
		}
	}
}

func (b *bench) watched() int {
	b.watchers.mu.Lock()
	defer b.watchers.mu.Unlock()
	return len(b.watchers.all)
}

func TestWatchNeverHoldsUpTheInbox(t *testing.T) {
	b := newBench(t)
	signs := b.Watch(t.Context())
	for range 3 {
		b.deliver(t, b.capture(t, time.Now(), "accept"))
	}
	<-signs
}

// TestWatchTellsOfOtherPrograms on the same database, and not of nothing.
func TestWatchTellsOfOtherPrograms(t *testing.T) {
	where := storetest.Where(t)
	one, two := newBenchAt(t, where), newBenchAt(t, where)
	ctx, cancel := context.WithTimeout(t.Context(), 3*lookEvery)
	defer cancel()
	n := 0
	for signs := one.Watch(ctx); ctx.Err() == nil; {
		select {
		case <-signs:
			if n++; n == 1 {
				two.deliver(t, two.capture(t, time.Now(), "accept"))
			}
		case <-ctx.Done():
		}
	}
	if n != 2 {
		t.Errorf("watcher looked %d times, want at the beginning and after the delivery", n)
	}
}

// TestTwoProgramsForgetTogether: each capture is erased and recorded once, and
// neither program takes the other's work for a fault.
func TestTwoProgramsForgetTogether(t *testing.T) {
	where, captures := storetest.Where(t), 12
	one, two := newBenchAt(t, where), newBenchAt(t, where)
	for range captures {
		one.deliver(t, one.capture(t, time.Now(), "accept"))
	}
	end := time.Now().Add(envelope.Lifetime + time.Second)
	var all sync.WaitGroup
	var erased [2]int
	for n, b := range []*bench{one, two} {
		all.Go(func() {
			var err error
			if erased[n], err = b.Forget(t.Context(), end); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n, err := audit.Verify(t.Context(), one.store); erased[0]+erased[1] != captures || n != 2*captures || err != nil {
		t.Errorf("erased %v, record of %d entries, %v; want %d and %d", erased, n, err, captures, 2*captures)
	}
}

// TestSameCaptureToTwoPrograms at once is taken in once, with one receipt.
func TestSameCaptureToTwoPrograms(t *testing.T) {
	where := storetest.Where(t)
	both := []*bench{newBenchAt(t, where), newBenchAt(t, where)}
	both[1].receipt = both[0].receipt // they have the office's keys
	c := both[0].big(t, time.Now())
	var all sync.WaitGroup
	var receipts [8]envelope.Receipt
	for n := range receipts {
		all.Go(func() { receipts[n] = both[n%2].deliver(t, c) })
	}
	all.Wait()
	for n, r := range receipts {
		if diff := cmp.Diff(receipts[0], r); diff != "" {
			t.Errorf("receipt %d: %s", n, diff)
		}
	}
	if n, err := audit.Verify(t.Context(), both[0].store); n != 1 || err != nil {
		t.Errorf("record of %d entries, %v, want 1", n, err)
	}
}

func TestSealedIsWhatArrivedAndRecorded(t *testing.T) {
	b := newBench(t)
	c := b.capture(t, time.Now(), "accept")
	id, end := c.manifest.Capture, b.deliver(t, c).ExpiresAt
	if got, err := b.Sealed(t.Context(), "account 0", id, time.Now()); err != nil || !bytes.Equal(got, c.sealed) {
		t.Errorf("Sealed gives %d bytes, %v, want the %d that arrived", len(got), err, len(c.sealed))
	}
	if got := b.actions(t); len(got) != 2 || got[1] != "account 0 exported" {
		t.Errorf("record %v", got)
	}
	if _, err := b.Sealed(t.Context(), "account 0", id, end.Add(time.Second)); !errors.Is(err, ErrForgotten) {
		t.Errorf("after its end: %v, want ErrForgotten", err)
	}
	if _, err := b.Sealed(t.Context(), "account 0", uuid.New(), time.Now()); !errors.Is(err, ErrUnknown) {
		t.Errorf("another id: %v, want ErrUnknown", err)
	}
}
