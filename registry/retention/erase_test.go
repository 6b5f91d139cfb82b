// SPDX-License-Identifier: EUPL-1.2

package retention

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

func random(t *testing.T, n int) []byte {
	t.Helper()
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		t.Fatal(err)
	}
	return b
}

// TestErasedLeavesNothingOnTheDisk plants random photos, names and codes among
// many others, works on them for the days that they live, and searches the raw
// files before and after.
func TestErasedLeavesNothingOnTheDisk(t *testing.T) {
	b := newBench(t)
	now := time.Now()
	var names, codes, sealed, plain [][]byte
	for i := range 400 { // enough that pages of table and index are split
		name := []byte(hex.EncodeToString(random(t, 8+i%40)))
		a := b.add(t, string(name), now.Add(time.Duration(i)*time.Minute))
		names, codes = append(names, name), append(codes, []byte(a.Terminkennung))
		if i%40 != 0 {
			continue
		}
		photo := random(t, 300_000)
		id, all := b.deliver(t, a.ID, now.Add(-time.Duration(i)*time.Minute/10), photo)
		for at := 3000; at < len(all); at += len(all) / 20 {
			sealed = append(sealed, all[at:at+48])
		}
		plain = append(plain, photo[1000:1048])
		if _, err := b.inbox.Open(t.Context(), "anna", id); err != nil {
			t.Fatal(err)
		}
	}
	b.control(t, names, codes, sealed, plain)
	b.pass(t, now.Add(envelope.Lifetime+time.Minute))
	if n := b.found(t, sealed); n != 0 {
		t.Errorf("%d of %d pieces of sealed photos are on the disk 96 hours later", n, len(sealed))
	}
	b.pass(t, now.Add(8*24*time.Hour))
	for what, planted := range map[string][][]byte{"names": names, "codes": codes, "sealed": sealed, "photos": plain} {
		if n := b.found(t, planted); n != 0 {
			t.Errorf("%d of %d planted %s are on the disk 8 days later", n, len(planted), what)
		}
	}
	b.verify(t)
	if strings.Contains(b.logged.String(), string(names[0])) || strings.Contains(b.logged.String(), string(codes[0])) {
		t.Error("log holds what was erased")
	}
}

// control shows that the search finds what is there. A piece over the border of
// two pages is not found; a photo in clear never lies there.
func (b *bench) control(t *testing.T, names, codes, sealed, plain [][]byte) {
	t.Helper()
	for what, planted := range map[string][][]byte{"names": names, "codes": codes, "sealed": sealed} {
		if n := b.found(t, planted); n < len(planted)*9/10 {
			t.Fatalf("only %d of %d planted %s are found before: the search proves nothing", n, len(planted), what)
		}
	}
	if n := b.found(t, plain); n != 0 {
		t.Errorf("%d photos lie on the disk in clear", n)
	}
}

// TestEveryClassEndsOnTime puts a row of each class into the store and looks
// for it a minute before and after its time.
func TestEveryClassEndsOnTime(t *testing.T) {
	day := noon.Format(time.DateOnly)
	ms := noon.UnixMilli()
	rows := map[string]string{
		"appointment": fmt.Sprintf(`INSERT INTO appointment (id, terminkennung, name, start_at, length_minutes, service, persons, photo_wanted, revision, state) VALUES ('a1', 'code', 'name', %d, 15, 1, 1, 1, 0, 'confirmed')`, ms),
		"assignment":  fmt.Sprintf(`INSERT INTO items VALUES ('i1', 'a1a1a1a1a1a1a1a1', 'd', 'x', 1, %d, %d, 'taken', %d, 'anna', 0, '', %d, 0, 0, '')`, ms, ms, ms, ms),
		"finding":     fmt.Sprintf(`INSERT INTO items VALUES ('i2', '%s', 'd', 'x', 1, %d, %d, 'taken', %d, 'anna', 0, '', %d, 0, 0, '')`, unknown, ms, ms, ms, ms),
		"slot":        fmt.Sprintf(`INSERT INTO appointment (id, terminkennung, name, start_at, length_minutes, service, persons, photo_wanted, revision, state) VALUES ('a2', 'erased a2', '', %d, 15, 1, 1, 1, 0, 'confirmed')`, ms),
		"seat":        fmt.Sprintf(`INSERT INTO slot (location, grp, start_at, minutes, seats, released, close_at, cooling) VALUES ('mitte', 'pass', %d, 15, 1, 1, 0, 0)`, ms),
		"wish":        fmt.Sprintf(`INSERT INTO wish VALUES (1, '1', 'offered', 1, 1, '', '', 1, %d, 'a@example.org', 'a@example.org', '', 0, 0, 'a1', 1, 0)`, noon.Unix()/86400-1),
		"unconfirmed": fmt.Sprintf(`INSERT INTO wish VALUES (1, '1', 'submitted', 1, 1, '', '', 1, 99999, 'a@example.org', 'a@example.org', '', 0, %d, NULL, 0, 0)`, ms),
		"tally":       fmt.Sprintf(`INSERT INTO wish_tally VALUES ('%s', 'placed', 3, 4)`, day),
		"audit":       "",
		"measurement": fmt.Sprintf(`INSERT INTO visits VALUES ('v1', 'd', '%s', '{}')`, day),
		"session":     fmt.Sprintf(`INSERT INTO clerk_session (token, clerk, started_at, used_at) VALUES ($1, 'anna', %d, %d)`, ms, ms),
		"attempt":     fmt.Sprintf(`INSERT INTO clerk_attempt VALUES ($1, 1, %d)`, ms),
		"journey":     fmt.Sprintf(`INSERT INTO clerk_journey VALUES ($1, 'openid', '{}', %d)`, ms),
		"checkin":     fmt.Sprintf(`INSERT INTO fact VALUES ('', 'n', 'a1', %d, %d, 'ok', 0)`, ms, ms),
		"counter":     fmt.Sprintf(`INSERT INTO arrival VALUES ('a0', 'mitte', '%s', 1, %d, %d, 1, %d, %d, 0, 'Platz 3')`, day, ms, ms, ms, ms),
		"zms":         fmt.Sprintf(`INSERT INTO zms_process VALUES ('82252', 'key', 'a1', %d, 0)`, ms),
		"operation":   fmt.Sprintf(`INSERT INTO operations VALUES ('d', 1, %d, 'anna', '{}', 'x', %d)`, ms, ms),
		"mail":        fmt.Sprintf(`INSERT INTO post VALUES ('m@fotobox', 'alerts', 'alert', 'camera', '{}', '', %d, 0, 0, 0)`, ms),
		"letter":      fmt.Sprintf(`INSERT INTO post VALUES ('m@fotobox', 'letters', 'wish-ended', '1', '{}', 'anna@example.org', %d, 0, 0, 0)`, ms),
		"invitation":  fmt.Sprintf(`INSERT INTO invites VALUES ('x', $1, %d, 0, 0)`, ms),
	}
	for _, c := range Classes() {
		if !c.AtOffice() || c.Name == "photo" {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			query, ok := rows[c.Name]
			if !ok {
				t.Fatal("no row of this class is tested")
			}
			b := newBench(t)
			b.exec(t, `INSERT INTO clerk (name, password, added_at) VALUES ('anna', 'x', 0)`)
			if c.Name == "counter" {
				b.exec(t, fmt.Sprintf(`INSERT INTO appointment (id, terminkennung, name, start_at, length_minutes, service, persons, photo_wanted, revision, state) VALUES ('a0', 'its code', 'name', %d, 15, 1, 1, 1, 0, 'called')`, noon.AddDate(2, 0, 0).UnixMilli()))
			}
			b.exec(t, `INSERT INTO location VALUES ('mitte', 'Mitte', 1)`)
			if query != "" {
				b.exec(t, query, slices.Repeat([]any{[]byte{0}}, strings.Count(query, "$1"))...)
			} else {
				b.record(t, noon)
			}
			end := endOf(c.Keep)
			b.pass(t, end.Add(-25*time.Hour)) // a day's worth goes at once: never later, at most a day earlier
			if l := b.line(t, c.Name, end); l.Count != 1 && c.Keep.unit != "hours" {
				t.Errorf("a day early: %d are there, want 1", l.Count)
			}
			b.pass(t, end.Add(time.Second))
			if l := b.line(t, c.Name, end.Add(time.Second)); l.Overdue != 0 || l.Oldest != nil && l.Oldest.Equal(noon) {
				t.Errorf("after its time: %+v", l)
			}
			b.verify(t)
		})
	}
}

// endOf is when what began at noon is over.
func endOf(p Period) time.Time {
	if p.unit == "months" {
		return noon.AddDate(0, p.n, 0)
	}
	return noon.Add(noon.Sub(p.Ago(noon)))
}

// TestRunErasesOnTime plays a capture's last hour, in a bubble.
func TestRunErasesOnTime(t *testing.T) {
	storetest.FileOnly(t) // no network in a bubble
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- b.keeper.Run(ctx) }()
		id, _ := b.deliver(t, appointment.ID{1}, time.Now().Add(time.Hour-envelope.Lifetime), []byte("JPEG"))
		state := func() inbox.State {
			i, err := b.inbox.Get(t.Context(), id)
			if err != nil {
				t.Error(err)
			}
			return i.State
		}
		time.Sleep(time.Hour - time.Second)
		synctest.Wait()
		if got := state(); got != inbox.Arrived {
			t.Errorf("a second before its end: %s, want arrived", got)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := state(); got != inbox.Forgotten {
			t.Errorf("a second after its end: %s, want forgotten", got)
		}
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run = %v", err)
		}
		b.store.Close() // its goroutines belong to the bubble
	})
}

// TestEveryTableHasAClass: what a table holds has a limit, or a reason.
func TestEveryTableHasAClass(t *testing.T) {
	exempt := map[string]string{
		"captures": "the bytes of items, erased with them", "audit_start": "one row of hash and number", "goose_db_version": "the schema",
		"clerk": "while the clerk works here", "clerk_passkey": "while the clerk works here and keeps it", "devices": "the office's stations, of no person",
		"vendors": "the office's registry software, of no person", "handover_number": "one number", "leases": "names of work, and until when it is done",
		"alerts": "what is wrong now, of no person", "reports": "how each station stands now, of no person",
		"location": "the town's offices", "service": "what they offer", "calendar": "one row of rules and closures", "seat": "which appointment has it, erased with either",
		"wish_half": "hours by which a wish is found, erased with it", "wish_refused": "times that a wish has declined, erased with it", "wish_run": "one row of place, hash and time",
		"station_place": "where each station stands, of no person",
	}
	var with []string
	for _, c := range Classes() {
		with = append(with, c.table)
	}
	tables, err := newBench(t).store.Tables(t.Context())
	if err != nil || len(tables) < len(exempt) {
		t.Fatalf("tables %q, %v", tables, err)
	}
	for _, name := range tables {
		if (exempt[name] == "") != slices.Contains(with, name) {
			t.Errorf("table %s: class %t, exempt %q; want one of both", name, slices.Contains(with, name), exempt[name])
		}
	}
}

// TestAReaderDelaysAndDoesNotPrevent: while somebody reads the old log the pass
// says so, and the next one makes it good.
func TestAReaderDelaysAndDoesNotPrevent(t *testing.T) {
	storetest.FileOnly(t)
	b := newBench(t)
	name := hex.EncodeToString(random(t, 16))
	b.add(t, name, noon)
	b.pass(t, noon)
	err := b.store.Read(t.Context(), func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRow(`SELECT count(*) FROM appointment`).Scan(&n); err != nil {
			return err
		}
		if _, err := b.keeper.Pass(t.Context(), noon.AddDate(0, 0, 8)); err == nil {
			t.Error("Pass = nil while a reader uses the log")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.pass(t, noon.AddDate(0, 0, 8))
	if n := b.found(t, [][]byte{[]byte(name)}); n != 0 {
		t.Error("name is still on the disk")
	}
}

func TestQuietWhenNothingIsDue(t *testing.T) {
	b := newBench(t)
	b.add(t, "Anna", noon)
	log := &bytes.Buffer{}
	b.keeper.log = slog.New(slog.NewTextHandler(log, nil))
	if n := b.pass(t, noon); n != 0 || log.Len() != 0 || len(b.report(t, noon).Erased) != 0 {
		t.Errorf("Pass = %d, log %q", n, log)
	}
}

// TestKilledWhileErasing: a process that ended between erasing and cutting the
// log leaves the bytes in it; the next one's first pass takes them away.
func TestKilledWhileErasing(t *testing.T) {
	storetest.FileOnly(t)
	b := newBench(t)
	name := []byte(hex.EncodeToString(random(t, 16)))
	b.add(t, string(name), noon)
	b.exec(t, `DELETE FROM appointment`)
	if b.found(t, [][]byte{name}) == 0 {
		t.Fatal("name is not in the log: the search proves nothing")
	}
	next := New(b.store, b.inbox, Classes(), slog.New(slog.DiscardHandler))
	if n, err := next.Pass(t.Context(), noon); n != 0 || err != nil {
		t.Errorf("Pass = %d, %v, want nothing due", n, err)
	}
	if b.found(t, [][]byte{name}) != 0 {
		t.Error("name is still on the disk")
	}
}

// TestEraseIsAllOrNothing: within a caller's transaction, which a restore is, the
// classes are erased with their receipts, and a caller that fails takes it back.
func TestEraseIsAllOrNothing(t *testing.T) {
	b := newBench(t)
	now := time.Now()
	b.add(t, "CANARY", now)
	late, fault := now.AddDate(0, 0, 9), errors.New("no")
	for _, want := range []error{fault, nil} {
		err := b.store.Write(t.Context(), func(tx *sql.Tx) error {
			n, err := Erase(t.Context(), tx, Classes(), late)
			if err != nil || n != 1 {
				t.Errorf("Erase = %d, %v, want 1", n, err)
			}
			return want
		})
		if !errors.Is(err, want) {
			t.Fatal(err)
		}
		if l := b.line(t, "appointment", late); l.Count != 0 != (want != nil) {
			t.Errorf("%d names after %v", l.Count, want)
		}
	}
	if r := b.report(t, late); len(r.Erased) != 1 || r.Erased[0].Class != "appointment" || !r.Audit.Whole {
		t.Errorf("receipts %+v", r.Erased)
	}
}
