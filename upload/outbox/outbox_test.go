// SPDX-License-Identifier: EUPL-1.2

package outbox

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// morning is when the first capture of the tests is taken.
var morning = time.Date(2026, 12, 1, 9, 30, 0, 0, time.UTC)

// item returns the n-th item, whose capture was taken at the given time.
func item(n byte, at time.Time) Item {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:], uint64(at.UnixMilli())<<16)
	id[6], id[8], id[15] = 0x70, 0x80, n
	return Item{id, appointment.ID{7: n}}
}

// fourItems returns items, and a time at which only the first of them has expired.
func fourItems() ([]Item, time.Time) {
	return []Item{
		item(0, morning), item(1, morning.Add(time.Hour)), item(2, morning.Add(2*time.Hour)), item(3, morning.Add(3*time.Hour)),
	}, morning.Add(envelope.Lifetime)
}

// sealed returns what stands for the item's envelope: several writes long.
func sealed(i Item) []byte { return bytes.Repeat([]byte(i.String()), 200) }

// folder returns an empty folder, in memory where the machine has that: the tests sync thousands of times.
func folder(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "outbox")
	if err != nil {
		return tb.TempDir()
	}
	tb.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func openOutbox(t testing.TB, path string) *Outbox {
	t.Helper()
	o, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.Close() })
	return o
}

func put(t testing.TB, o *Outbox, items ...Item) {
	t.Helper()
	for _, i := range items {
		if err := o.Put(i, bytes.NewReader(sealed(i))); err != nil {
			t.Fatal(err)
		}
	}
}

func files(t *testing.T, path string) (all []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(path), ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			all = append(all, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestFiles shows every name on disk.
func TestFiles(t *testing.T) {
	path := filepath.Join(folder(t), "outbox")
	o := openOutbox(t, path)
	items, _ := fourItems()
	put(t, o, items[:3]...)
	if err := errors.Join(o.Sent(items[1], []byte("receipt")), o.Refuse(items[2], "too large")); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"ballast",
		"new/" + items[0].String(),
		"refused/" + items[2].String(),
		"refused/" + items[2].stem() + ".reason",
		"sent/" + items[1].stem() + ".receipt",
	}
	if diff := cmp.Diff(want, files(t, path)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestPendingIsInOrder(t *testing.T) {
	o := openOutbox(t, folder(t))
	items, _ := fourItems()
	put(t, o, items[2], items[0], items[3], items[1])
	if err := o.dir.Create("new/README", strings.NewReader("of a technician")); err != nil {
		t.Fatal(err)
	}
	got, err := o.Pending()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(items, got); diff != "" {
		t.Errorf("pending (-want +got):\n%s", diff)
	}
}

func TestPutRefuses(t *testing.T) {
	o := openOutbox(t, folder(t))
	items, _ := fourItems()
	put(t, o, items[:3]...)
	if err := errors.Join(o.Sent(items[1], nil), o.Refuse(items[2], "")); err != nil {
		t.Fatal(err)
	}
	for n, i := range items[:3] {
		if err := o.Put(i, strings.NewReader("again")); !errors.Is(err, fs.ErrExist) {
			t.Errorf("item %d put again: %v, want fs.ErrExist", n, err)
		}
	}
	if err := o.Put(Item{Capture: uuid.New()}, strings.NewReader("")); err == nil {
		t.Error("a capture id without a time was taken")
	}
	if err := o.Put(items[3], iotest.ErrReader(io.ErrNoProgress)); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("error is %v, want the reader's", err)
	}
	if got := stateOf(t, o, items[3]); got != (state{}) {
		t.Errorf("after a failed Put the item is %v", got)
	}
	put(t, o, items[3])
}

// TestReopenFinishesSent reopens an outbox in which a receipt stands beside its envelope.
func TestReopenFinishesSent(t *testing.T) {
	path := folder(t)
	o := openOutbox(t, path)
	items, _ := fourItems()
	put(t, o, items[0], items[1])
	if err := o.place(sentDir, items[0].stem()+receiptSuffix, strings.NewReader("receipt")); err != nil {
		t.Fatal(err)
	}
	if err := o.dir.Create("tmp/half", strings.NewReader("half an envelope")); err != nil {
		t.Fatal(err)
	}
	if got, err := o.Pending(); err != nil || len(got) != 1 || got[0] != items[1] {
		t.Errorf("before reopening, pending is %v, %v", got, err)
	}
	openOutbox(t, path)
	want := []string{"ballast", "new/" + items[1].String(), "sent/" + items[0].stem() + ".receipt"}
	if diff := cmp.Diff(want, files(t, path)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestExpire(t *testing.T) {
	path := folder(t)
	o := openOutbox(t, path)
	items, _ := fourItems()
	if at, ok, err := o.NextExpiry(); ok || err != nil {
		t.Errorf("empty: next expiry is %v, %v, %v", at, ok, err)
	}
	put(t, o, items...)
	if err := errors.Join(o.Sent(items[1], []byte("receipt")), o.Refuse(items[2], "409 Conflict")); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		name       string
		now        time.Time
		lost, left int // envelopes lost, files left beside the ballast
	}{
		{"too early by a millisecond", morning.Add(envelope.Lifetime - time.Millisecond), 0, 5},
		{"the pending one", morning.Add(envelope.Lifetime), 1, 4},
		{"the receipt", morning.Add(envelope.Lifetime + time.Hour), 0, 3},
		{"the refused one and its reason", morning.Add(envelope.Lifetime + 2*time.Hour), 1, 1},
		{"the last", morning.Add(envelope.Lifetime + 100*time.Hour), 1, 0},
		{"nothing left", morning.Add(envelope.Lifetime + 100*time.Hour), 0, 0},
	} {
		lost, err := o.Expire(step.now)
		if err != nil || lost != step.lost {
			t.Errorf("%s: Expire = %d, %v, want %d", step.name, lost, err, step.lost)
		}
		if left := len(files(t, path)) - 1; left != step.left {
			t.Errorf("%s: %d files are left, want %d", step.name, left, step.left)
		}
		at, ok, err := o.NextExpiry()
		if err != nil || ok != (step.left > 0) || ok && !at.After(step.now) {
			t.Errorf("%s: next expiry is %v, %v, %v", step.name, at, ok, err)
		}
	}
}

func TestNewest(t *testing.T) {
	o := openOutbox(t, folder(t))
	if at, ok, err := o.Newest(); ok || err != nil {
		t.Errorf("empty: %v, %v, %v", at, ok, err)
	}
	items, _ := fourItems()
	put(t, o, items[2], items[0], items[3])
	if err := o.Sent(items[3], []byte("receipt")); err != nil {
		t.Fatal(err)
	}
	if at, ok, err := o.Newest(); !ok || err != nil || !at.Equal(morning.Add(3*time.Hour)) {
		t.Errorf("newest is of %v, %v, %v, want %v", at, ok, err, morning.Add(3*time.Hour))
	}
}

// TestMisdated: a capture of a clock that was years ahead would outlive its 96 hours by years.
func TestMisdated(t *testing.T) {
	o := openOutbox(t, folder(t))
	now := item(0, morning)
	soon, years := item(1, morning.Add(envelope.Lifetime)), item(2, morning.AddDate(10, 0, 0))
	put(t, o, now, soon, years)
	if lost, err := o.Misdated(morning); lost != 1 || err != nil {
		t.Errorf("Misdated = %d, %v, want 1", lost, err)
	}
	if items, err := o.Pending(); err != nil || len(items) != 2 || items[0] != now || items[1] != soon {
		t.Errorf("pending is %v, %v, want the first two", items, err)
	}
}

func TestReaderOfNothing(t *testing.T) {
	o := openOutbox(t, folder(t))
	items, _ := fourItems()
	if _, _, err := o.Reader(items[0]); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Reader: %v, want fs.ErrNotExist", err)
	}
	if _, err := o.Receipt(items[0]); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Receipt: %v, want fs.ErrNotExist", err)
	}
	if err := o.Refuse(items[0], "why"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Refuse: %v, want fs.ErrNotExist", err)
	}
}

// BenchmarkPut stores an envelope of 1.5 MB on the disk of the temporary folder, syncs included.
func BenchmarkPut(b *testing.B) {
	o := openOutbox(b, b.TempDir())
	data := bytes.Repeat([]byte{0xa5}, 1_500_000)
	b.SetBytes(int64(len(data)))
	for n := 0; b.Loop(); n++ {
		if err := o.Put(item(0, morning.Add(time.Duration(n)*time.Second)), bytes.NewReader(data)); err != nil {
			b.Fatal(err)
		}
	}
}
