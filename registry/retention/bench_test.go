// SPDX-License-Identifier: EUPL-1.2

package retention

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// bench is an office's real parts on a store of its own. Its temporary files
// go to a folder that the test searches, too.
type bench struct {
	temp   string
	store  *store.Store
	seal   *age.HybridIdentity
	inbox  *inbox.Inbox
	book   *book.Book
	keeper *Keeper
	logged *bytes.Buffer
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{temp: t.TempDir(), logged: &bytes.Buffer{}}
	t.Setenv("TMPDIR", b.temp)
	t.Setenv("SQLITE_TMPDIR", b.temp)
	b.store = storetest.Open(t)
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if b.seal, err = age.GenerateHybridIdentity(); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(b.logged, nil))
	b.inbox = inbox.New(b.store, key, []age.Identity{b.seal}, log)
	b.book = book.New(b.store, 9_162_000, key)
	b.keeper = New(b.store, b.inbox, Classes(), log)
	return b
}

// deliver puts a sealed capture of the photo into the inbox and gives the
// sealed bytes.
func (b *bench) deliver(t *testing.T, a appointment.ID, taken time.Time, photo []byte) (id uuid.UUID, sealed []byte) {
	t.Helper()
	id = uuid.Must(uuid.NewV7())
	for i := range 6 { // the first 48 bits are the time of capture
		id[i] = byte(taken.UnixMilli() >> (40 - 8*i))
	}
	m := envelope.Manifest{
		Capture: id, Appointment: a, CapturedAt: taken, CapturedBy: "09162000", Mode: envelope.ModeLobby,
		Software: "test", Photos: []envelope.Photo{{Chosen: true, Report: json.RawMessage(`{"verdict":"accept"}`)}},
	}
	var w bytes.Buffer
	if err := envelope.Seal(&w, m, [][]byte{photo}, []age.Recipient{b.seal.Recipient()}); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(w.Bytes())
	if _, _, err := b.inbox.Put(t.Context(), "0123456789abcdef", id, a, envelope.Digest(sum), bytes.NewReader(w.Bytes())); err != nil {
		t.Fatal(err)
	}
	return id, w.Bytes()
}

func (b *bench) add(t *testing.T, name string, start time.Time) book.Appointment {
	t.Helper()
	a, err := b.book.Add(t.Context(), book.Appointment{
		Name: book.NameOf(name), Start: start.Truncate(time.Minute), Length: 15 * time.Minute, Service: 1, Persons: 1, PhotoWanted: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (b *bench) pass(t *testing.T, now time.Time) (n int) {
	t.Helper()
	n, err := b.keeper.Pass(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.store.Sweep(t.Context(), now); err != nil { // the night after, on PostgreSQL
		t.Fatal(err)
	}
	return n
}

func (b *bench) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	err := b.store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (b *bench) report(t *testing.T, now time.Time) Report {
	t.Helper()
	r, err := b.keeper.Report(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (b *bench) line(t *testing.T, class string, now time.Time) Line {
	t.Helper()
	for _, l := range b.report(t, now).Classes {
		if l.Name == class {
			return l
		}
	}
	t.Fatalf("report has no class %s", class)
	return Line{}
}

// found says how many of the planted pieces lie raw in the database's files or
// in any file of the temporary directory.
func (b *bench) found(t *testing.T, planted [][]byte) (n int) {
	t.Helper()
	var temp []byte
	err := filepath.WalkDir(b.temp, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		temp = append(temp, data...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, piece := range planted {
		if bytes.Contains(temp, piece) {
			n++
		}
	}
	return n + storetest.OnDisk(t, b.store, planted...)
}

func (b *bench) verify(t *testing.T) {
	t.Helper()
	if _, err := audit.Verify(t.Context(), b.store); err != nil {
		t.Error(err)
	}
}
