// SPDX-License-Identifier: EUPL-1.2

package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }

// A town is an office's keys and its store.
type town struct {
	keys  *devices.Keys
	store *store.Store
}

const number = "09162000"

func newTown(t *testing.T) town {
	t.Helper()
	dir := t.TempDir()
	if err := devices.Init(dir, 9_162_000, "Musterstadt"); err != nil {
		t.Fatal(err)
	}
	keys, err := devices.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return town{keys, storetest.Open(t)}
}

func (w town) office() Office {
	return Office{Number: number, Notary: w.keys.CA, Identities: []age.Identity{w.keys.Ring}}
}

func head(captures bool) Head {
	now := time.Now().UTC().Truncate(time.Second)
	return Head{Office: number, Made: now, Until: now.Add(Lifetime), Captures: captures}
}

// backUp gives a backup of the town's store.
func (w town) backUp(t *testing.T, h Head) []byte {
	t.Helper()
	to, err := envelope.ParseRecipients(w.keys.Ring.Recipients())
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := Write(t.Context(), &file, w.store, h, w.keys.CA, to); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func nothing(*sql.Tx, Head) error { return nil }

func (w town) restore(ctx context.Context, file []byte, into *store.Store) error {
	_, err := Restore(ctx, bytes.NewReader(file), into, w.office(), nothing)
	return err
}

func exec(t *testing.T, s *store.Store, query string, args ...any) {
	t.Helper()
	err := s.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// people is what texts have to survive.
const people = "Zoë \"Ada\" O'Neill\t\\ \u2028 李 <b>&amp;"

// fill puts something into every table, with the ends of what a column can hold.
func (w town) fill(t *testing.T) {
	t.Helper()
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	s := w.store
	for n := range 3 {
		err := s.Write(t.Context(), func(tx *sql.Tx) error {
			return audit.Append(t.Context(), tx, audit.Entry{At: time.Now(), Actor: "office", Action: "tested", Subject: fmt.Sprint(n), Detail: people})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	exec(t, s, `INSERT INTO devices VALUES ('1', $1, $2, $3, 0, 0)`, people, int64(math.MaxInt64), int64(math.MinInt64))
	exec(t, s, `INSERT INTO vendors VALUES ('1', '', 1, 2, 3, 4)`)
	exec(t, s, `INSERT INTO clerk (name, password, added_at) VALUES ('anna', '$argon2id$x', 1)`)
	exec(t, s, `INSERT INTO clerk_passkey VALUES ($1, 'anna', $1, $2, '{}', 1, 0)`, every, people)
	exec(t, s, `INSERT INTO reports VALUES ('1', 1, '{}')`)
	exec(t, s, `INSERT INTO operations VALUES ('1', 1, 1, 'anna', '{}', $1, 0)`, people)
	exec(t, s, `INSERT INTO appointment (id, terminkennung, name, start_at, length_minutes, service, persons, photo_wanted, revision, state) VALUES ('1', 'k', $1, 1, 15, 1, 1, 1, 0, 'booked')`, people)
	exec(t, s, `INSERT INTO location VALUES ('mitte', $1, 1)`, people)
	exec(t, s, `INSERT INTO service VALUES (1, $1, 'pass', 15, 1, 1)`, people)
	exec(t, s, `INSERT INTO calendar VALUES (1, '{}', 1)`)
	exec(t, s, `INSERT INTO slot (id, location, grp, start_at, minutes, seats, released, close_at, cooling) VALUES (7, 'mitte', 'pass', 1, 15, 1, 1, 0, 0)`)
	exec(t, s, `INSERT INTO seat VALUES (7, 0, '1', 0)`)
	exec(t, s, `INSERT INTO wish VALUES (9, '1', 'waiting', 1, 1, 'mitte', 'mon 8-9', 1, 2, $1, $1, 'de', 1, 0, NULL, 1, 1)`, people)
	exec(t, s, `INSERT INTO wish_half VALUES ('pass', 'mitte', 0, 9, 256, 1, 2, 15, 1)`)
	exec(t, s, `INSERT INTO wish_refused VALUES (9, 'mitte', 1)`)
	exec(t, s, `INSERT INTO wish_run VALUES (1, 9, $1, 1)`, people)
	exec(t, s, `INSERT INTO wish_tally VALUES ('2026-12-01', 'placed', 3, 4)`)
	exec(t, s, `INSERT INTO arrival (appointment, location, day, n, made_at, at) VALUES ('1', 'mitte', '2026-12-01', 1, 2, 3)`)
	exec(t, s, `INSERT INTO fact VALUES ('', $1, '1', 1, 2, 'ok', 1)`, people)
	exec(t, s, `INSERT INTO station_place VALUES ('1', 'mitte')`)
	exec(t, s, `INSERT INTO zms_process VALUES ('1', 'key', '1', 1, 0)`)
	for i, raw := range [][]byte{every, {}, []byte("\n{\"rows\"")} {
		exec(t, s, `INSERT INTO items (id, appointment, device, digest, size, received_at, expires_at, state, changed_at, changed_by, photo, veto, erased_at) VALUES ($1, '', '', '', 0, 0, 0, '', 0, '', -1, '', 0)`, fmt.Sprint(i))
		exec(t, s, `INSERT INTO captures (id, bytes) VALUES ($1, $2)`, fmt.Sprint(i), raw)
	}
	exec(t, s, `UPDATE handover_number SET last = 7`)
	exec(t, s, `INSERT INTO post VALUES ('1@fotobox', 'letters', 'reminder', '1', '{}', $1, 1, 0, 0, 1)`, people)
	exec(t, s, `INSERT INTO visits VALUES ('1', '1', '2026-12-01', '{"seconds":1.5}')`)
	err := s.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := audit.Shorten(t.Context(), tx, time.Now().Add(time.Minute), time.Now())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// dump is every row of the tables that are kept.
func dump(t *testing.T, s *store.Store) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	err := s.Read(t.Context(), func(tx *sql.Tx) error {
		for _, name := range kept() {
			var text bytes.Buffer
			b := &writer{w: &text, hash: sha256.New(), store: s}
			if err := b.table(t.Context(), tx, name); err != nil {
				return err
			}
			all[name] = slices.Collect(strings.Lines(text.String()))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestEveryTableIsKeptOrLeft: who adds a table decides.
func TestEveryTableIsKeptOrLeft(t *testing.T) {
	got, err := storetest.Open(t).Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Sorted(slices.Values(append(kept(), slices.Collect(maps.Keys(left()))...)))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the tables, and those that kept and left name:\n%s", diff)
	}
}

// TestRestoredIsTheSame, also on the other database.
func TestRestoredIsTheSame(t *testing.T) {
	w := newTown(t)
	w.fill(t)
	want := dump(t, w.store)
	for name, rows := range want {
		if len(rows) < 2 {
			t.Errorf("table %s is empty: the test proves nothing", name)
		}
	}
	file := w.backUp(t, head(true))
	elsewhere, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "other.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer elsewhere.Close()
	for name, into := range map[string]*store.Store{"same kind": storetest.Open(t), "SQLite": elsewhere} {
		if err := w.restore(t.Context(), file, into); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, dump(t, into)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
		if n, err := audit.Verify(t.Context(), into); n != 1 || err != nil {
			t.Errorf("%s: record of %d entries, %v, want 1", name, n, err)
		}
	}
	if !storetest.Postgres() {
		return
	}
	third := storetest.Open(t) // and from SQLite to PostgreSQL
	again := town{w.keys, elsewhere}.backUp(t, head(true))
	if err := w.restore(t.Context(), again, third); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, dump(t, third)); diff != "" {
		t.Error(diff)
	}
	for n := range 8 { // ids go on behind those that came
		exec(t, third, `INSERT INTO slot (location, grp, start_at, minutes, seats, released, close_at, cooling) VALUES ('mitte', 'pass', $1, 15, 1, 1, 0, 0)`, 100+n)
	}
}

// TestWithoutCaptures is how it is made where nobody asks.
func TestWithoutCaptures(t *testing.T) {
	w := newTown(t)
	w.fill(t)
	want := dump(t, w.store)
	want[captures] = want[captures][:1] // its columns
	into := storetest.Open(t)
	if err := w.restore(t.Context(), w.backUp(t, head(false)), into); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, dump(t, into)); diff != "" {
		t.Error(diff)
	}
}

// TestNothingInClear searches the file for a planted name.
func TestNothingInClear(t *testing.T) {
	w := newTown(t)
	exec(t, w.store, `INSERT INTO devices VALUES ('1', 'CANARY', 0, 0, 0, 0)`)
	file := w.backUp(t, head(true))
	if bytes.Contains(file, []byte("CANARY")) {
		t.Error("backup holds a text in clear")
	}
	plain, err := unseal(bytes.NewReader(file), w.office().Identities)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if _, err := text.ReadFrom(plain); err != nil || !bytes.Contains(text.Bytes(), []byte("CANARY")) {
		t.Errorf("the planted text is not in the opened backup either (%v): the search proves nothing", err)
	}
}

// TestBackUpWhileCapturesFlow: a backup is one moment of a store at work.
func TestBackUpWhileCapturesFlow(t *testing.T) {
	w := newTown(t)
	stop, stopped := make(chan struct{}), make(chan error, 1)
	go func() { stopped <- w.deliver(t, stop) }()
	for range 3 {
		into := storetest.Open(t)
		if err := w.restore(t.Context(), w.backUp(t, head(true)), into); err != nil {
			t.Fatal(err)
		}
		rows := dump(t, into)
		n, err := audit.Verify(t.Context(), into)
		if err != nil || n != len(rows["items"])-1 || n != len(rows[captures])-1 {
			t.Errorf("record of %d, %d items, %d captures, %v", n, len(rows["items"])-1, len(rows[captures])-1, err)
		}
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	if rows := dump(t, w.store); len(rows["items"]) < 4 {
		t.Errorf("only %d captures flowed", len(rows["items"]))
	}
}

// deliver delivers one capture after the other until stop.
func (w town) deliver(t *testing.T, stop <-chan struct{}) error {
	b := inbox.New(w.store, w.keys.Receipt, nil, slog.New(slog.DiscardHandler))
	data := append([]byte("age-encryption.org/v1\n"), make([]byte, 50_000)...)
	for {
		select {
		case <-stop:
			return nil
		case <-time.After(5 * time.Millisecond): // what there is must be read again
		}
		_, _, err := b.Put(t.Context(), "station-1", uuid.Must(uuid.NewV7()), appointment.ID{1}, envelope.Digest(sha256.Sum256(data)), bytes.NewReader(data))
		if err != nil {
			return err
		}
	}
}
