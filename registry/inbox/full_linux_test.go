// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/internal/durable/durabletest"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// smallBench has its captures on a small disk; so has PostgreSQL, but for its log,
// which must never be on a full one.
func smallBench(t *testing.T, size string) *bench {
	t.Helper()
	dir := durabletest.Small(t, size)
	if !storetest.Postgres() {
		return newBenchAt(t, filepath.Join(dir, "office.db"))
	}
	if out, err := exec.Command("chown", "postgres", dir).CombinedOutput(); err != nil { // who may mount is root, and the server is not
		t.Fatalf("%v: %s", err, out)
	}
	other := storetest.Where(t)
	storetest.Command(t, other, "CREATE TABLESPACE small LOCATION '"+dir+"'")
	t.Cleanup(func() { storetest.Command(t, other, "DROP TABLESPACE small") }) // after the next database
	where := storetest.Where(t)
	storetest.Command(t, where, "ALTER TABLE captures SET TABLESPACE small")
	return newBenchAt(t, where)
}

// fill delivers until the disk is full and returns what was receipted.
func (b *bench) fill(t *testing.T) (kept []capture) {
	t.Helper()
	server := b.listen(t)
	for range 100 {
		c := b.big(t, time.Now())
		status, _, p := send(t, server.Client(), c.request(t, server.URL))
		switch status {
		case http.StatusCreated:
			kept = append(kept, c)
		case http.StatusInsufficientStorage:
			if p.Type != "urn:fotobox:problem:full" {
				t.Errorf("507 answers %+v", p)
			}
			return kept
		default:
			t.Fatalf("answer %d %+v", status, p)
		}
	}
	t.Fatal("disk does not fill")
	return nil
}

func (b *bench) readable(t *testing.T, kept []capture) {
	t.Helper()
	if len(kept) < 3 {
		t.Fatalf("only %d captures were taken in", len(kept))
	}
	for n, c := range kept {
		if _, err := b.open(t.Context(), c.manifest.Capture); err != nil {
			t.Errorf("capture %d of %d: %v", n, len(kept), err)
		}
	}
	if n, err := audit.Verify(t.Context(), b.store); n != len(kept) || err != nil {
		t.Errorf("record of %d entries, %v, want %d", n, err, len(kept))
	}
}

// TestFullDisk meets the end of the disk in the middle of a write.
func TestFullDisk(t *testing.T) {
	b := smallBench(t, "24m")
	b.reserve = 0
	kept := b.fill(t)
	b.readable(t, kept)
	if storetest.Postgres() {
		return // what follows is about the file
	}
	if err := b.store.Close(); err != nil {
		t.Logf("closing on a full disk: %v", err)
	}
	again, err := store.Open(t.Context(), b.store.String())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	b.store = again
	b.readable(t, kept)
}

// TestReserveLetsAFullOfficeForget: the last captures that fit must still be
// erased in time, and that needs room.
func TestReserveLetsAFullOfficeForget(t *testing.T) {
	storetest.FileOnly(t) // of a server's disk nobody knows how much is left
	b := smallBench(t, "32m")
	b.reserve = 8 << 20
	kept := b.fill(t)
	b.readable(t, kept)
	end := time.Now().Add(100 * time.Hour)
	if n, err := b.Forget(t.Context(), end); n != len(kept) || err != nil {
		t.Fatalf("Forget = %d, %v, want %d", n, err, len(kept))
	}
	b.scrub(t)
	c := b.big(t, time.Now())
	server := b.listen(t)
	if status, _, p := send(t, server.Client(), c.request(t, server.URL)); status != 201 {
		info, _ := os.Stat(filepath.Join(b.store.String()))
		t.Errorf("after forgetting: %d %+v (file of %d bytes)", status, p, info.Size())
	}
}
