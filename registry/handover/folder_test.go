// SPDX-License-Identifier: EUPL-1.2

package handover

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/internal/durable/durabletest"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

func (b *bench) folder(t *testing.T) *Folder {
	t.Helper()
	return NewFolder(t.TempDir(), b.Inbox, b.log)
}

// looks brings the folder up to date as it is at now.
func (f *Folder) looks(t *testing.T, now time.Time) {
	t.Helper()
	if _, err := f.Look(t.Context(), now); err != nil {
		t.Fatal(err)
	}
}

func (f *Folder) names(t *testing.T) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(f.path)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func (f *Folder) remove(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := os.Remove(filepath.Join(f.path, name)); err != nil {
			t.Fatal(err)
		}
	}
}

// three are the names that a hand-over has, sorted.
func three(id uuid.UUID) (mark, photo, record string) {
	name := booked.String() + "_" + id.String()
	return "." + name + ".offered", name + ".jpg", name + ".xml"
}

func TestFolderOffersAndIsEmptied(t *testing.T) {
	b := newBench(t)
	f := b.folder(t)
	id, want := b.takes(t, envelope.ModeLobby)
	mark, photo, record := three(id)
	f.looks(t, time.Now())
	f.looks(t, time.Now())
	if diff := cmp.Diff([]string{mark, photo, record}, f.names(t)); diff != "" {
		t.Fatal(diff)
	}
	got, err := os.ReadFile(filepath.Join(f.path, photo))
	if err != nil || !bytes.Equal(got, want) || !bytes.Equal(got, drawn(t, 1)) {
		t.Errorf("the file is not the station's JPEG, %v", err)
	}
	if info, err := os.Stat(filepath.Join(f.path, photo)); err != nil || info.Mode().Perm() != groupReads {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	f.remove(t, photo) // the software has only one of them yet
	f.looks(t, time.Now())
	if i := b.item(t, id); !i.Waits() {
		t.Errorf("retrieved while the record is still there: %+v", i)
	}
	f.remove(t, record)
	f.looks(t, time.Now())
	if i := b.item(t, id); i.RetrievedBy != "folder" {
		t.Errorf("not retrieved: %+v", i)
	}
	f.looks(t, time.Now())
	if left := f.names(t); len(left) != 0 {
		t.Errorf("left: %q", left)
	}
	record = strings.Join(b.record(t, id)[3:], ", ")
	if record != "folder fetched photo and record, folder retrieved" {
		t.Errorf("record %q", record)
	}
	if strings.Contains(b.logged.String(), booked.String()) {
		t.Errorf("the log leads to the appointment:\n%s", b.logged)
	}
}

// TestEmptiedFolderIsNotRetrieved has a folder in memory that a restart emptied,
// or a share that is not mounted.
func TestEmptiedFolderIsNotRetrieved(t *testing.T) {
	b := newBench(t)
	f := b.folder(t)
	id, _ := b.takes(t, envelope.ModeLobby)
	f.looks(t, time.Now())
	f.remove(t, f.names(t)...)
	f.looks(t, time.Now())
	if !b.item(t, id).Waits() || len(f.names(t)) != 3 {
		t.Errorf("waits: %t, files %q", b.item(t, id).Waits(), f.names(t))
	}
}

// TestFolderEndsWithTheCapture, at its 96 hours, to the second and also when the store is gone.
func TestFolderEndsWithTheCapture(t *testing.T) {
	b := newBench(t)
	f := b.folder(t)
	id, _ := b.takes(t, envelope.ModeLobby)
	end := b.item(t, id).ExpiresAt
	f.looks(t, time.Now())
	if next, err := f.Look(t.Context(), end.Add(-time.Second)); err != nil || !next.Equal(end) {
		t.Errorf("next look %v, %v, want %v", next, err, end)
	}
	copied := b.folder(t)
	if err := os.CopyFS(copied.path, os.DirFS(f.path)); err != nil {
		t.Fatal(err)
	}
	f.looks(t, end)
	if left := f.names(t); len(left) != 0 {
		t.Errorf("left: %q", left)
	}
	if err := b.store.Close(); err != nil {
		t.Fatal(err)
	}
	if next, err := copied.Look(t.Context(), end.Add(-time.Minute)); err == nil || !next.Equal(end) || len(copied.names(t)) != 3 {
		t.Errorf("without a store: next look %v, %v, %q", next, err, copied.names(t))
	}
	if _, err := copied.Look(t.Context(), end); err == nil || len(copied.names(t)) != 0 {
		t.Errorf("without a store at the end: %v, %q", err, copied.names(t))
	}
}

// TestFolderOfAnAcknowledgedPhoto: somebody else retrieved it.
func TestFolderOfAnAcknowledgedPhoto(t *testing.T) {
	b := newBench(t)
	f := b.folder(t)
	id, _ := b.takes(t, envelope.ModeLobby)
	f.looks(t, time.Now())
	foreign := []string{".swp", "0123.jpg", "README.txt", booked.String() + "_" + id.String() + ".jpg.part"}
	for _, name := range foreign {
		if err := os.WriteFile(filepath.Join(f.path, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Retrieved(t.Context(), "vendor:1", id); err != nil {
		t.Fatal(err)
	}
	f.looks(t, time.Now())
	slices.Sort(foreign)
	if diff := cmp.Diff(foreign, f.names(t)); diff != "" {
		t.Errorf("left (-foreign files +all):\n%s", diff)
	}
}

// TestFolderPowerCut stops before every change of the folder: what has a final
// name is whole, and the next look completes it.
func TestFolderPowerCut(t *testing.T) {
	b := newBench(t)
	id, want := b.takes(t, envelope.ModeLobby)
	_, photo, record := three(id)
	cuts := 0
	for cut := true; cut; cuts++ {
		f := b.folder(t)
		disk, err := durabletest.New(f.path, cuts)
		if err != nil {
			t.Fatal(err)
		}
		f.step = disk.Step
		_, err = f.Look(t.Context(), time.Now())
		if cut = errors.Is(err, durabletest.ErrCut); err != nil && !cut {
			t.Fatal(err)
		}
		for _, loss := range durabletest.Losses() {
			after := b.folder(t)
			if err := disk.Leave(after.path, loss); err != nil {
				t.Fatal(err)
			}
			if got, err := os.ReadFile(filepath.Join(after.path, photo)); err == nil && !bytes.Equal(got, want) {
				t.Errorf("cut %d, losing %v: %d bytes of %d", cuts, loss, len(got), len(want))
			}
			if _, err := os.Stat(filepath.Join(after.path, record)); err == nil {
				if _, err := os.Stat(filepath.Join(after.path, photo)); err != nil {
					t.Errorf("cut %d, losing %v: a record without its photo", cuts, loss)
				}
			}
			after.looks(t, time.Now())
			if names := after.names(t); len(names) != 3 || !b.item(t, id).Waits() {
				t.Errorf("cut %d, losing %v: %q afterwards", cuts, loss, names)
			}
		}
	}
	if cuts != 15 { // three files of five changes (the empty one has no write), and once to the end
		t.Errorf("%d runs, want 15", cuts)
	}
}

// TestFolderIsFull: one photo is opened in vain and not all of them, nothing is
// left behind, and all are offered once there is room.
func TestFolderIsFull(t *testing.T) {
	b := newBench(t)
	f := b.folder(t)
	first, _ := b.takes(t, envelope.ModeLobby)
	second, _ := b.takes(t, envelope.ModeLobby)
	f.step = func(op string) error {
		if strings.HasPrefix(op, "write ") {
			return &fs.PathError{Op: "write", Path: op, Err: syscall.ENOSPC}
		}
		return nil
	}
	_, err := f.Look(t.Context(), time.Now())
	if !errors.Is(err, syscall.ENOSPC) || plain(err) != "write: no space left on device" {
		t.Errorf("Look = %v, told as %q", err, plain(err))
	}
	if left := f.names(t); len(left) != 0 {
		t.Errorf("left: %q", left)
	}
	if opened := len(b.record(t, first)) + len(b.record(t, second)); opened != 7 { // three steps to each take-over, and one opening
		t.Errorf("%d entries in the record, want 7", opened)
	}
	f.step = nil
	f.looks(t, time.Now())
	if names := f.names(t); len(names) != 6 {
		t.Errorf("offered: %q", names)
	}
}

func TestFolderIsAway(t *testing.T) {
	b := newBench(t)
	b.takes(t, envelope.ModeLobby)
	f := NewFolder(filepath.Join(t.TempDir(), "not mounted"), b.Inbox, b.log)
	if _, err := f.Look(t.Context(), time.Now()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Look = %v", err)
	}
}

// TestFolderRuns: what is taken over is there at once, and faults are told once.
func TestFolderRuns(t *testing.T) {
	b := newBench(t)
	f := b.folder(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- f.Run(ctx) }()
	id, _ := b.takes(t, envelope.ModeLobby)
	mark, _, _ := three(id)
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(f.path, mark)); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("nothing was offered")
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Run = %v", err)
	}
	fault := &fs.PathError{Op: "open", Path: "/srv/" + booked.String(), Err: fs.ErrPermission}
	for _, err := range []error{fault, fault, nil, nil, inbox.ErrUnreadable, inbox.ErrUnreadable} {
		f.tell(t.Context(), err)
	}
	if n := strings.Count(b.logged.String(), "level=ERROR"); n != 2 || strings.Contains(b.logged.String(), booked.String()) {
		t.Errorf("%d faults told:\n%s", n, b.logged)
	}
}
