// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// taken is a capture whose second photo a clerk took over.
func (b *bench) taken(t testing.TB) uuid.UUID {
	t.Helper()
	c := b.capture(t, time.Now(), "reject", "accept")
	b.deliver(t, c)
	if _, err := b.Open(t.Context(), "anna", c.manifest.Capture); err != nil {
		t.Fatal(err)
	}
	if _, err := b.TakeOver(t.Context(), "anna", c.manifest.Capture, 1, NoVeto); err != nil {
		t.Fatal(err)
	}
	return c.manifest.Capture
}

func (b *bench) waiting(t testing.TB, after int64) (ids []uuid.UUID) {
	t.Helper()
	list, err := b.Waiting(t.Context(), after, 100, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range list {
		ids = append(ids, i.ID)
	}
	return ids
}

func TestHandoverFromTakeOverToErasure(t *testing.T) {
	b := newBench(t)
	b.Handover = true
	first, second := b.taken(t), b.taken(t)
	if diff := cmp.Diff([]uuid.UUID{first, second}, b.waiting(t, 0)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]uuid.UUID{second}, b.waiting(t, 1)); diff != "" {
		t.Errorf("behind the first: %s", diff)
	}
	o, err := b.Fetch(t.Context(), "vendor:1", "photo", first)
	if err != nil || string(o.Fetched()) != "JPEG accept" {
		t.Fatalf("Fetch = %q, %v", o.Fetched(), err)
	}
	for photo, want := range map[string]bool{"JPEG accept": true, "JPEG reject": false} {
		if got, err := b.Holds(t.Context(), first, sha256.Sum256([]byte(photo))); got != want || err != nil {
			t.Errorf("Holds(%s) = %t, %v", photo, got, err)
		}
	}
	if n, err := b.Forget(t.Context(), time.Now().Add(2*Afterwards)); n != 0 || err != nil {
		t.Fatalf("a photo that waits was forgotten: %d, %v", n, err)
	}
	if err := b.Retrieved(t.Context(), "vendor:1", first); err != nil {
		t.Fatal(err)
	}
	if err := b.Retrieved(t.Context(), "vendor:2", first); !errors.Is(err, ErrRetrieved) {
		t.Errorf("second Retrieved = %v", err)
	}
	if _, err := b.Fetch(t.Context(), "vendor:1", "photo", first); !errors.Is(err, ErrRetrieved) {
		t.Errorf("Fetch afterwards = %v", err)
	}
	if n, err := b.Forget(t.Context(), time.Now()); n != 1 || err != nil {
		t.Errorf("Forget = %d, %v: want the retrieved one", n, err)
	}
	if i, err := b.Get(t.Context(), first); err != nil || i.State != Taken || i.RetrievedBy != "vendor:1" || i.ErasedAt.IsZero() {
		t.Errorf("item %+v, %v", i, err)
	}
	if diff := cmp.Diff([]uuid.UUID{second}, b.waiting(t, 0)); diff != "" {
		t.Errorf("waiting at the end: %s", diff)
	}
	want := []string{"vendor:1 fetched", "vendor:1 retrieved", "office forgotten"}
	if got := b.actions(t); len(got) < 3 || cmp.Diff(want, got[len(got)-3:]) != "" {
		t.Errorf("record %q, want its end %q", got, want)
	}
}

// TestRetrievedBytesAreOffTheDisk searches the raw files.
func TestRetrievedBytesAreOffTheDisk(t *testing.T) {
	b := newBench(t)
	b.Handover = true
	c := b.capture(t, time.Now(), "accept")
	b.deliver(t, c)
	if _, err := b.Open(t.Context(), "anna", c.manifest.Capture); err != nil {
		t.Fatal(err)
	}
	if _, err := b.TakeOver(t.Context(), "anna", c.manifest.Capture, 0, NoVeto); err != nil {
		t.Fatal(err)
	}
	planted := c.sealed[len(c.sealed)-64:]
	if storetest.OnDisk(t, b.store, planted) != 1 {
		t.Fatal("the capture is not on the disk")
	}
	if err := b.Retrieved(t.Context(), "vendor:1", c.manifest.Capture); err != nil {
		t.Fatal(err)
	}
	if n, err := b.Forget(t.Context(), time.Now()); n != 1 || err != nil {
		t.Fatalf("Forget = %d, %v", n, err)
	}
	b.scrub(t)
	if storetest.OnDisk(t, b.store, planted) != 0 {
		t.Error("bytes of the retrieved capture are on the disk")
	}
}

// TestHandoverEnds has a photo that nobody retrieves.
func TestHandoverEnds(t *testing.T) {
	b := newBench(t)
	b.Handover = true
	id, end := b.taken(t), time.Now().Add(envelope.Lifetime)
	if list, err := b.Waiting(t.Context(), 0, 100, end); len(list) != 0 || err != nil {
		t.Errorf("after 96 hours %d wait, %v", len(list), err)
	}
	if n, err := b.Forget(t.Context(), end); n != 1 || err != nil {
		t.Fatalf("Forget = %d, %v", n, err)
	}
	if _, err := b.Fetch(t.Context(), "folder", "photo", id); !errors.Is(err, ErrForgotten) {
		t.Errorf("Fetch = %v", err)
	}
	if err := b.Retrieved(t.Context(), "folder", id); !errors.Is(err, ErrForgotten) {
		t.Errorf("Retrieved = %v", err)
	}
}

func TestNothingWaitsWithoutHandover(t *testing.T) {
	b := newBench(t)
	id := b.taken(t)
	arrived := b.capture(t, time.Now(), "accept")
	b.deliver(t, arrived)
	for _, id := range []uuid.UUID{id, arrived.manifest.Capture} {
		if _, err := b.Fetch(t.Context(), "vendor:1", "photo", id); !errors.Is(err, ErrUntaken) {
			t.Errorf("Fetch = %v", err)
		}
		if _, err := b.Holds(t.Context(), id, [sha256.Size]byte{}); !errors.Is(err, ErrUntaken) {
			t.Errorf("Holds = %v", err)
		}
		if err := b.Retrieved(t.Context(), "vendor:1", id); !errors.Is(err, ErrUntaken) {
			t.Errorf("Retrieved = %v", err)
		}
	}
	if _, err := b.Fetch(t.Context(), "vendor:1", "photo", uuid.New()); !errors.Is(err, ErrUnknown) {
		t.Errorf("Fetch = %v", err)
	}
	if got := b.waiting(t, 0); len(got) != 0 {
		t.Errorf("%v wait", got)
	}
	if b.Retrieved(t.Context(), "", id) == nil {
		t.Error("retrieved by nobody")
	}
	if n, err := b.Forget(t.Context(), time.Now().Add(Afterwards)); n != 1 || err != nil {
		t.Errorf("Forget = %d, %v: want an hour after the take-over", n, err)
	}
}

// TestHandoverNumbers has many clerks: every number is given once, in the order
// in which the take-overs are seen.
func TestHandoverNumbers(t *testing.T) {
	b := newBench(t)
	b.Handover = true
	const clerks = 8
	var all sync.WaitGroup
	for n := range clerks {
		c := b.capture(t, time.Now(), "accept")
		b.deliver(t, c)
		all.Go(func() {
			clerk := fmt.Sprint("clerk", n)
			_, err := b.Open(t.Context(), clerk, c.manifest.Capture)
			if err == nil {
				_, err = b.TakeOver(t.Context(), clerk, c.manifest.Capture, 0, NoVeto)
			}
			if err == nil {
				_, err = b.TakeOver(t.Context(), clerk, c.manifest.Capture, 0, NoVeto)
			}
			if !errors.Is(err, ErrTaken) {
				t.Errorf("second TakeOver = %v", err)
			}
		})
	}
	all.Wait()
	list, err := b.Waiting(t.Context(), 0, 100, time.Now())
	if err != nil || len(list) != clerks {
		t.Fatalf("%d wait, %v", len(list), err)
	}
	for n, i := range list {
		if i.Handover != int64(n+1) {
			t.Errorf("number %d at place %d: a refused take-over must use none", i.Handover, n)
		}
	}
}
