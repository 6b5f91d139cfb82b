// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/backup"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// elsewhere is the office on a new machine, with its keys and an empty database.
func elsewhere(t *testing.T, o *office) *office {
	t.Helper()
	s := Settings{State: t.TempDir(), Device: o.settings.Device}
	if err := os.CopyFS(filepath.Join(s.State, "keys"), os.DirFS(filepath.Join(o.settings.State, "keys"))); err != nil {
		t.Fatal(err)
	}
	if storetest.Postgres() {
		s.Database = storetest.Where(t)
	}
	next, err := open(t.Context(), s, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(next.close)
	return next
}

// backedUp makes a backup in a folder of its own and gives the file.
func (o *office) backedUp(t *testing.T, captures bool) *os.File {
	t.Helper()
	dir, now := t.TempDir(), time.Now().UTC().Truncate(time.Second)
	h := backup.Head{Office: o.keys.Office.String(), Made: now, Until: now.Add(backup.Lifetime), Captures: captures}
	if err := o.backUpInto(t.Context(), dir, "x.age", h); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(dir, "x.age"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func (o *office) restored(t *testing.T, file *os.File, now time.Time) string {
	t.Helper()
	said, err := o.restore(t.Context(), file, []age.Identity{o.keys.Ring}, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := audit.Verify(t.Context(), o.store); err != nil || o.recorded(t, "backed-up") != 1 || o.recorded(t, "restored") != 1 {
		t.Errorf("record: %v, it says backed up %d times, restored %d", err, o.recorded(t, "backed-up"), o.recorded(t, "restored"))
	}
	return said
}

// inUse is an office at work: an appointment, a station, a capture that waits and one that is taken.
func inUse(t *testing.T) (o *office, station enrolment.Answer, waits, taken uuid.UUID) {
	t.Helper()
	o, _, _ = started(t)
	_, err := o.book.Add(t.Context(), book.Appointment{
		Name: book.NameOf("CANARY"), Start: time.Now().Add(time.Hour).Truncate(time.Minute), Length: 15 * time.Minute, Service: 1, Persons: 1, PhotoWanted: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	client, station := enrolled(t, o)
	for _, id := range []*uuid.UUID{&waits, &taken} {
		var put = request(t, "GET", "/", nil)
		*id, put = delivery(t, o, station.Recipients, appointment.ID{1})
		if status := do(t, client, put, nil); status != 201 {
			t.Fatalf("delivery answers %d", status)
		}
	}
	if _, err := o.inbox.Open(t.Context(), "anna", taken); err != nil {
		t.Fatal(err)
	}
	if _, err := o.inbox.TakeOver(t.Context(), "anna", taken, 0, inbox.NoVeto); err != nil {
		t.Fatal(err)
	}
	return o, station, waits, taken
}

// sealed is the bytes of a capture as they lie in the database.
func (o *office) sealed(t *testing.T, id uuid.UUID) []byte {
	t.Helper()
	b, err := o.inbox.Sealed(t.Context(), "test", id, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestRestoredOfficeGoesOn: stations and clerks find what the backup had.
func TestRestoredOfficeGoesOn(t *testing.T) {
	o, _, waits, taken := inUse(t)
	next := elsewhere(t, o)
	said := next.restored(t, o.backedUp(t, true), time.Now())
	if !strings.Contains(said, "0 captures, 0 others") {
		t.Errorf("it says %q", said)
	}
	if _, err := next.inbox.Open(t.Context(), "anna", waits); err != nil {
		t.Error(err)
	}
	if i, err := next.inbox.Get(t.Context(), taken); err != nil || i.State != inbox.Taken {
		t.Errorf("the capture that was taken over is %s, %v", i.State, err)
	}
	if list, err := next.devices.List(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("%d stations, %v, want 1", len(list), err)
	}
	if list, err := next.book.List(t.Context(), time.Now().Add(time.Hour)); err != nil || len(list) != 1 || list[0].Name.Reveal() != "CANARY" {
		t.Errorf("appointments %v, %v", list, err)
	}
}

// TestRestoredLateHoldsNothingLate: what is older than its limit is gone before
// anybody is served, from the files as well.
func TestRestoredLateHoldsNothingLate(t *testing.T) {
	o, _, waits, taken := inUse(t)
	pieces := [][]byte{o.sealed(t, waits)[5000:5100], o.sealed(t, taken)[5000:5100]}
	file := o.backedUp(t, true)
	soon := elsewhere(t, o)
	soon.restored(t, file, time.Now().Add(2*time.Hour)) // an hour after the decision is over
	if i, err := soon.inbox.Get(t.Context(), taken); err != nil || i.ErasedAt.IsZero() {
		t.Errorf("taken over hours ago and there: %+v, %v", i, err)
	}
	if n := storetest.OnDisk(t, soon.store, pieces[0]); n != 1 {
		t.Error("the capture that waits is not on the disk: the search proves nothing")
	}
	late := elsewhere(t, o)
	said := late.restored(t, file, time.Now().Add(97*time.Hour))
	if !strings.Contains(said, ": 2 captures") {
		t.Errorf("it says %q", said)
	}
	for _, id := range []uuid.UUID{waits, taken} {
		if _, err := late.inbox.Open(t.Context(), "anna", id); !errors.Is(err, inbox.ErrForgotten) {
			t.Errorf("older than 96 hours: %v, want %v", err, inbox.ErrForgotten)
		}
	}
	if n := late.recorded(t, "forgotten"); n != 2 {
		t.Errorf("%d receipts, want 2", n)
	}
	if storetest.Postgres() {
		return // its tables are written anew at night: TestSweptTableHoldsNoDeletedByte
	}
	old := elsewhere(t, o)
	old.restored(t, file, time.Now().AddDate(0, 0, 9))
	if err := old.store.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := storetest.OnDisk(t, old.store, append(pieces, []byte("CANARY"))...); n != 0 {
		t.Errorf("%d pieces of what is over are on the disk", n)
	}
}

// TestRestoredWithoutCapturesSaysSo: nothing waits for ever for bytes that are away.
func TestRestoredWithoutCapturesSaysSo(t *testing.T) {
	o, _, waits, taken := inUse(t)
	next := elsewhere(t, o)
	said := next.restored(t, o.backedUp(t, false), time.Now())
	if !strings.Contains(said, "not in the backup: 2") {
		t.Errorf("it says %q", said)
	}
	for id, want := range map[uuid.UUID]inbox.State{waits: inbox.Forgotten, taken: inbox.Taken} {
		if i, err := next.inbox.Get(t.Context(), id); err != nil || i.State != want || i.ErasedAt.IsZero() {
			t.Errorf("%+v, %v, want %s and erased", i, err, want)
		}
	}
	if n := next.recorded(t, "forgotten"); n != 2 {
		t.Errorf("%d receipts, want 2", n)
	}
}

// TestEscrowRestores: with a copy of the keys in which office.key is another one.
func TestEscrowRestores(t *testing.T) {
	o, _, waits, _ := inUse(t)
	escrow := filepath.Join(o.settings.State, "keys", "escrow.key")
	ids, err := readIdentities(escrow)
	if err != nil {
		t.Fatal(err)
	}
	next := elsewhere(t, o)
	if _, err := next.restore(t.Context(), o.backedUp(t, true), ids, time.Now()); err != nil {
		t.Fatal(err)
	}
	if i, err := next.inbox.Get(t.Context(), waits); err != nil || i.State != inbox.Arrived {
		t.Errorf("%+v, %v", i, err)
	}
}

// TestAnotherOfficeRestoresNothing.
func TestAnotherOfficeRestoresNothing(t *testing.T) {
	o, _, _, _ := inUse(t)
	s := Settings{State: t.TempDir()}
	if storetest.Postgres() {
		s.Database = storetest.Where(t)
	}
	if err := devices.Init(s.State, o.keys.Office, "Musterstadt"); err != nil {
		t.Fatal(err)
	}
	other, err := open(t.Context(), s, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer other.close()
	file := o.backedUp(t, true)
	for name, ids := range map[string][]age.Identity{"its own keys": {other.keys.Ring}, "this one's": {o.keys.Ring}} {
		if _, err := other.restore(t.Context(), file, ids, time.Now()); !errors.Is(err, backup.ErrForeign) {
			t.Errorf("with %s: %v, want %v", name, err, backup.ErrForeign)
		}
	}
}
