// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// seals keeps bytes under an id, with the item that they belong to.
func seals(t *testing.T, s *store.Store, id string, sealed []byte, end error) error {
	t.Helper()
	return s.WriteSealed(t.Context(), id, sealed, func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO items (id, appointment, device, digest, size, received_at, expires_at, state, changed_at, changed_by, photo, veto, erased_at)
			VALUES ($1, '', '', '', 0, 0, 0, '', 0, '', -1, '', 0)`, id)
		return err
	}, func(*sql.Tx) error { return end })
}

func sealedOf(t *testing.T, s *store.Store, id string) (sealed []byte, err error) {
	t.Helper()
	err = s.Read(t.Context(), func(tx *sql.Tx) error {
		sealed, err = s.Sealed(t.Context(), tx, id)
		return err
	})
	return sealed, err
}

// files are those of the captures of a database on SQLite.
func files(t *testing.T, s *store.Store) []string {
	t.Helper()
	list, err := filepath.Glob(s.String() + "-captures/*")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func scrub(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestSealedIsWhatWasWritten(t *testing.T) {
	s := storetest.Open(t)
	for id, sealed := range map[string][]byte{"a": bytes.Repeat([]byte("age"), 700_000), "b": []byte("age-encryption.org/v1\n"), "c": {}} {
		if err := seals(t, s, id, sealed, nil); err != nil {
			t.Fatal(err)
		}
		if got, err := sealedOf(t, s, id); !bytes.Equal(got, sealed) || err != nil {
			t.Errorf("%s: %d bytes, %v, want %d", id, len(got), err, len(sealed))
		}
	}
	scrub(t, s)
	if got, err := sealedOf(t, s, "b"); len(got) == 0 || err != nil {
		t.Errorf("after a scrub: %d bytes, %v", len(got), err)
	}
	if _, err := sealedOf(t, s, "d"); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("what is not there: %v", err)
	}
}

// TestSecondOfTheSameIDHarmsNothing, whatever it holds.
func TestSecondOfTheSameIDHarmsNothing(t *testing.T) {
	s := storetest.Open(t)
	if err := seals(t, s, "a", []byte("first"), nil); err != nil {
		t.Fatal(err)
	}
	if err := seals(t, s, "a", []byte("other"), nil); !errors.Is(err, store.ErrDuplicate) {
		t.Errorf("the second: %v, want ErrDuplicate", err)
	}
	scrub(t, s)
	if got, err := sealedOf(t, s, "a"); string(got) != "first" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// TestFailedLeavesNoFile: nobody may come who erases something else.
func TestFailedLeavesNoFile(t *testing.T) {
	storetest.FileOnly(t)
	s := storetest.Open(t)
	failed := errors.New("failed")
	if err := seals(t, s, "a", []byte("sealed in vain"), failed); !errors.Is(err, failed) {
		t.Errorf("%v, want %v", err, failed)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err := s.WriteSealed(ctx, "a", []byte("sealed in vain"), func(*sql.Tx) error { cancel(); return nil }, func(*sql.Tx) error { return nil })
	if err == nil {
		t.Error("WriteSealed = nil after its context ended")
	}
	if list := files(t, s); len(list) != 0 {
		t.Errorf("files %q, want none", list)
	}
}

// TestScrubErasesWhatIsNobodys: the file of a program that was killed before its
// row came, and of a row that is gone.
func TestScrubErasesWhatIsNobodys(t *testing.T) {
	storetest.FileOnly(t)
	s := storetest.Open(t)
	if err := seals(t, s, "b", []byte("sealed and deleted"), nil); err != nil {
		t.Fatal(err)
	}
	if err := seals(t, s, "c", []byte("sealed and kept"), nil); err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(s.String()+"-captures", "d.KILLED")
	if err := os.WriteFile(cut, []byte("sealed and cut off"), 0o600); err != nil {
		t.Fatal(err)
	}
	write(t, s, `DELETE FROM captures WHERE id = 'b'`)
	kept := t.TempDir() // other names of the same files: what is overwritten is overwritten there
	list := files(t, s)
	if len(list) != 3 {
		t.Fatalf("files %q, want 3", list)
	}
	for _, name := range list {
		if err := os.Link(name, filepath.Join(kept, filepath.Base(name))); err != nil {
			t.Fatal(err)
		}
	}
	scrub(t, s)
	if list = files(t, s); len(list) != 1 {
		t.Errorf("files %q, want that of c", list)
	}
	all, err := filepath.Glob(kept + "/*")
	if err != nil || len(all) != 3 {
		t.Fatalf("%q, %v", all, err)
	}
	for _, name := range all {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if zeroed, is := bytes.Trim(data, "\x00"), filepath.Base(name)[0] == 'c'; (len(zeroed) == 0) == is || len(data) == 0 {
			t.Errorf("%s holds %q", filepath.Base(name), data)
		}
	}
	if got, err := sealedOf(t, s, "c"); string(got) != "sealed and kept" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// TestScrubLeavesWhatIsComing: a file whose row is not there yet.
func TestScrubLeavesWhatIsComing(t *testing.T) {
	storetest.FileOnly(t)
	s := storetest.Open(t)
	err := s.WriteSealed(t.Context(), "a", []byte("sealed"), func(tx *sql.Tx) error {
		if len(files(t, s)) != 1 {
			t.Errorf("files %q before the row, want one", files(t, s))
		}
		_, err := tx.Exec(`INSERT INTO items (id, appointment, device, digest, size, received_at, expires_at, state, changed_at, changed_by, photo, veto, erased_at)
			VALUES ('a', '', '', '', 0, 0, 0, '', 0, '', -1, '', 0)`)
		return errors.Join(err, s.SweepSealed(t.Context()))
	}, func(*sql.Tx) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if got, err := sealedOf(t, s, "a"); string(got) != "sealed" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// TestAnotherProgramSweeps, which does not know what is coming here: what it swept
// before the row came is not stored, and beside the row it sweeps nothing.
func TestAnotherProgramSweeps(t *testing.T) {
	storetest.FileOnly(t)
	where := storetest.Where(t)
	s, other := storetest.OpenAt(t, where), storetest.OpenAt(t, where)
	add := func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO items (id, appointment, device, digest, size, received_at, expires_at, state, changed_at, changed_by, photo, veto, erased_at)
			VALUES ('a', '', '', '', 0, 0, 0, '', 0, '', -1, '', 0)`)
		return err
	}
	swept := func(tx *sql.Tx) error {
		return errors.Join(add(tx), os.Remove(files(t, s)[0]))
	}
	if err := s.WriteSealed(t.Context(), "a", []byte("sealed"), swept, func(*sql.Tx) error { return nil }); err == nil {
		t.Error("a row without its file")
	}
	sweeps := func(tx *sql.Tx) error {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if err := other.SweepSealed(ctx); err == nil {
			t.Error("another program swept beside a transaction")
		}
		return add(tx)
	}
	if err := s.WriteSealed(t.Context(), "a", []byte("sealed"), sweeps, func(*sql.Tx) error { return nil }); err != nil {
		t.Error(err)
	}
	if err := other.SweepSealed(t.Context()); err != nil {
		t.Error(err)
	}
	if got, err := sealedOf(t, s, "a"); string(got) != "sealed" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// TestSealedOfRestoredRows stand in the table, as a backup brings them.
func TestSealedOfRestoredRows(t *testing.T) {
	s := storetest.Open(t)
	write(t, s, `INSERT INTO items (id, appointment, device, digest, size, received_at, expires_at, state, changed_at, changed_by, photo, veto, erased_at)
		VALUES ('a', '', '', '', 0, 0, 0, '', 0, '', -1, '', 0)`)
	write(t, s, `INSERT INTO captures (id, bytes) VALUES ('a', $1)`, []byte("age-encryption.org/v1\n"))
	scrub(t, s)
	if got, err := sealedOf(t, s, "a"); string(got) != "age-encryption.org/v1\n" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// TestErasedBetweenRowAndFile: who read the row before it was erased is told that there is nothing.
func TestErasedBetweenRowAndFile(t *testing.T) {
	storetest.FileOnly(t)
	s := storetest.Open(t)
	if err := seals(t, s, "a", []byte("sealed"), nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range files(t, s) {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := sealedOf(t, s, "a"); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("%v, want sql.ErrNoRows", err)
	}
}

// TestErasedWhileItIsRead: a reader gets what was sealed or nothing, and none of the
// zeros that it is overwritten with.
func TestErasedWhileItIsRead(t *testing.T) {
	storetest.FileOnly(t)
	s := storetest.Open(t)
	sealed := bytes.Repeat([]byte("age"), 3_000_000)
	if err := seals(t, s, "a", sealed, nil); err != nil {
		t.Fatal(err)
	}
	var value []byte
	err := s.Read(t.Context(), func(tx *sql.Tx) error { return tx.QueryRow(`SELECT bytes FROM captures`).Scan(&value) })
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	reading := make(chan struct{}, 4)
	for range cap(reading) {
		all.Go(func() {
			for {
				got, err := s.Unfold(value)
				if errors.Is(err, sql.ErrNoRows) {
					return
				}
				if err != nil || !bytes.Equal(got, sealed) {
					t.Errorf("%d bytes, %v, and not those that were sealed", len(got), err)
					return
				}
				select {
				case reading <- struct{}{}:
				default:
				}
			}
		})
	}
	for range cap(reading) {
		<-reading
	}
	write(t, s, `DELETE FROM captures`)
	scrub(t, s)
	all.Wait()
}
