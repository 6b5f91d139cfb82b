// SPDX-License-Identifier: EUPL-1.2

package backup

import (
	"bytes"
	"database/sql"
	"errors"
	"io"
	"math/rand/v2"
	"testing"

	"filippo.io/age"

	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// TestDamagedIsRefused changes, cuts and lengthens a backup in many places; the
// store stays empty, so that the sound one can be restored afterwards.
func TestDamagedIsRefused(t *testing.T) {
	w := newTown(t)
	w.fill(t)
	file, into := w.backUp(t, head(true)), storetest.Open(t)
	refused := func(what string, at int, damaged []byte) {
		if err := w.restore(t.Context(), damaged, into); !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrForeign) {
			t.Errorf("%s at %d of %d: %v", what, at, len(file), err)
		}
	}
	for range 60 {
		at := rand.IntN(len(file))
		flipped := bytes.Clone(file)
		flipped[at] ^= 1 << rand.IntN(8)
		refused("flipped", at, flipped)
		refused("cut", at, file[:at])
	}
	refused("cut", 0, nil)
	refused("lengthened", len(file), append(bytes.Clone(file), 'x'))
	if err := w.restore(t.Context(), file, into); err != nil {
		t.Errorf("the sound one: %v", err)
	}
}

// sealed seals text as a backup of the town would be, whoever wrote it.
func (w town) sealed(t *testing.T, text []byte) []byte {
	t.Helper()
	to, err := envelope.ParseRecipients(w.keys.Ring.Recipients())
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	a, err := age.Encrypt(&file, to...)
	if err == nil {
		_, err = a.Write(text)
	}
	if err := errors.Join(err, a.Close()); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// opened is what is in a backup.
func (w town) opened(t *testing.T, file []byte) []byte {
	t.Helper()
	plain, err := unseal(bytes.NewReader(file), w.office().Identities)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestForeignIsRefused: whoever has the public recipients can seal a file; only
// the office's own signature makes it a backup.
func TestForeignIsRefused(t *testing.T) {
	w, other := newTown(t), newTown(t)
	w.fill(t)
	file := w.backUp(t, head(true))
	text := w.opened(t, file)
	last := bytes.LastIndexByte(bytes.TrimSpace(text), '\n') + 1
	forged := func(old, new string) []byte {
		if !bytes.Contains(text, []byte(old)) {
			t.Fatalf("backup has no %s", old)
		}
		return w.sealed(t, bytes.Replace(text, []byte(old), []byte(new), 1))
	}
	elsewhere := head(true)
	elsewhere.Office = "05112000"
	newer := w.backUp(t, head(true))
	newer = w.sealed(t, bytes.Replace(w.opened(t, newer), []byte(`"schema":`), []byte(`"schema":9`), 1))
	into := storetest.Open(t)
	for name, tt := range map[string]struct {
		file []byte
		want error
	}{
		"other keys":                {other.backUp(t, head(true)), ErrForeign},
		"other office":              {w.backUp(t, elsewhere), ErrForeign},
		"signed by another":         {town{other.keys, w.store}.resealed(t, w), ErrForeign},
		"a clerk's password":        {forged("$argon2id$x", "$argon2id$y"), ErrForeign},
		"without its end":           {w.sealed(t, text[:last]), ErrDamaged},
		"with a row less":           {forged(`["1","1","2026-12-01","{\"seconds\":1.5}"]`+"\n", ""), ErrDamaged},
		"with something behind":     {w.sealed(t, append(bytes.Clone(text), "[]\n"...)), ErrDamaged},
		"another table":             {forged(`"table":"clerk"`, `"table":"leases"`), ErrDamaged},
		"a statement for a column":  {forged(`"password"`, `"name) VALUES ('eve'); --"`), ErrDamaged},
		"newer":                     {newer, ErrSchema},
		"no backup":                 {w.sealed(t, []byte("hello\n")), ErrDamaged},
		"rows before the first one": {w.sealed(t, append(bytes.SplitAfter(text, []byte("\n"))[0], "[1]\n"...)), ErrDamaged},
	} {
		if err := w.restore(t.Context(), tt.file, into); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	if err := w.restore(t.Context(), file, into); err != nil {
		t.Errorf("the sound one: %v", err)
	}
	if err := w.restore(t.Context(), file, into); !errors.Is(err, ErrInUse) {
		t.Errorf("into a database in use: %v, want %v", err, ErrInUse)
	}
}

// resealed is a backup signed by this town and sealed for the other.
func (w town) resealed(t *testing.T, other town) []byte {
	t.Helper()
	return other.sealed(t, w.opened(t, w.backUp(t, head(true))))
}

// TestBrokenRecordIsRefused: what the office itself signed may have been tampered with before.
func TestBrokenRecordIsRefused(t *testing.T) {
	w := newTown(t)
	w.fill(t)
	drop := `DROP TRIGGER audit_never_updated`
	if storetest.Postgres() {
		drop += ` ON audit`
	}
	exec(t, w.store, drop)
	exec(t, w.store, `UPDATE audit SET actor = 'nobody'`)
	into := storetest.Open(t)
	if err := w.restore(t.Context(), w.backUp(t, head(true)), into); err == nil {
		t.Error("a backup whose record does not hold was restored")
	}
}

// TestUnsettledIsNotRestored: what cannot be erased does not come back.
func TestUnsettledIsNotRestored(t *testing.T) {
	w := newTown(t)
	w.fill(t)
	into, fault := storetest.Open(t), errors.New("no")
	_, err := Restore(t.Context(), bytes.NewReader(w.backUp(t, head(true))), into, w.office(), func(*sql.Tx, Head) error { return fault })
	if !errors.Is(err, fault) || len(dump(t, into)["items"]) != 1 {
		t.Errorf("%v, want %v and an empty store", err, fault)
	}
}

// TestFullWhileRestoring leaves an empty database, and says why.
func TestFullWhileRestoring(t *testing.T) {
	storetest.FileOnly(t)
	w := newTown(t)
	exec(t, w.store, `INSERT INTO items (id, appointment, device, digest, size, received_at, expires_at, state, changed_at, changed_by, photo, veto, erased_at) VALUES ('1', '', '', '', 0, 0, 0, '', 0, '', -1, '', 0)`)
	exec(t, w.store, `INSERT INTO captures (id, bytes) VALUES ('1', $1)`, make([]byte, 4<<20))
	file, into := w.backUp(t, head(true)), storetest.Open(t)
	limit(t, into, "PRAGMA max_page_count = 500")
	if err := w.restore(t.Context(), file, into); !errors.Is(err, store.ErrFull) {
		t.Errorf("%v, want %v", err, store.ErrFull)
	}
	limit(t, into, "PRAGMA max_page_count = 100000")
	if err := w.restore(t.Context(), file, into); err != nil {
		t.Errorf("with more room: %v", err)
	}
}

// limit sets how large the file may become.
func limit(t *testing.T, s *store.Store, pragma string) {
	t.Helper()
	err := s.Write(t.Context(), func(tx *sql.Tx) error {
		var n int
		return tx.QueryRow(pragma).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
}
