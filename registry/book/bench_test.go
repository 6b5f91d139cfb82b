// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"crypto/ed25519"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// The benchmark's town, as large as Duisburg: 250 days of 7 offices with 3
// groups and 32 slots of 2 seats each are 336,000 seats, of which 270,000 are taken.
const (
	benchDays, benchOffices, benchGroups, benchSlots = 250, 7, 3, 32
	benchBookings                                    = 270_000
)

// BenchmarkYear asks a book that has a year of a large town.
//
//	go test ./registry/book -run '^$' -bench Year -benchtime 100x
func BenchmarkYear(b *testing.B) {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		b.Fatal(err)
	}
	book, first := New(storetest.Open(b), duisburg, key), time.Date(2026, 1, 1, 7, 0, 0, 0, time.UTC)
	fillYear(b, book, first)
	middle := first.AddDate(0, 0, 120)
	r := Request{Location: "office3", Service: pass, Persons: 1}
	for name, days := range map[string]int{"free, a day": 1, "free, 21 days": 21, "free, 92 days": 92} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				all, err := book.Free(b.Context(), r, middle, middle.AddDate(0, 0, days), middle)
				if err != nil || len(all) == 0 {
					b.Fatal(len(all), err)
				}
			}
		})
	}
	b.Run("list a day", func(b *testing.B) {
		for b.Loop() {
			if all, err := book.List(b.Context(), middle); err != nil || len(all) == 0 {
				b.Fatal(len(all), err)
			}
		}
	})
	b.Run("hold and cancel", func(b *testing.B) {
		free, err := book.Free(b.Context(), r, middle, middle.AddDate(0, 0, 21), middle)
		if err != nil {
			b.Fatal(err)
		}
		for i := 0; b.Loop(); i++ {
			a, err := book.Take(b.Context(), r, free[i%len(free)].Start, Step{Do: Hold, At: middle, Actor: "citizen"})
			if err != nil {
				b.Fatal(err)
			}
			if _, err := book.Advance(b.Context(), a.ID, Step{Do: Cancel, At: middle, Actor: "citizen"}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("nothing is due", func(b *testing.B) {
		for b.Loop() {
			if n, _, err := book.Expire(b.Context(), middle); n != 0 || err != nil {
				b.Fatal(n, err)
			}
		}
	})
}

// BenchmarkRules makes the slots of 92 days of such a town, does it again, and
// does what is due a week later.
//
//	go test ./registry/book -run '^$' -bench Rules -benchtime 1x
func BenchmarkRules(b *testing.B) {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		b.Fatal(err)
	}
	book, now := New(storetest.Open(b), duisburg, key), time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)
	var p calendar.Plan
	for i := range benchOffices {
		l := Location{fmt.Sprintf("office%d", i), "Bürger-Service", true}
		if err := book.PutLocation(b.Context(), "clerk:anna", l, now); err != nil {
			b.Fatal(err)
		}
		for j := range benchGroups {
			r := passRule()
			r.Office, r.Group, r.To = l.Code, fmt.Sprintf("group%d", j), 16*60
			p.Rules = append(p.Rules, r)
		}
	}
	for _, name := range []string{"made", "made again"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := book.SetPlan(b.Context(), "clerk:anna", p, now); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("a week later", func(b *testing.B) {
		for b.Loop() {
			now = now.AddDate(0, 0, 7)
			if all, err := book.Release(b.Context(), now); err != nil || len(all) == 0 {
				b.Fatal(len(all), err)
			}
		}
	})
}

// fillYear writes the rows themselves: it is the questions that are measured.
func fillYear(b *testing.B, book *Book, first time.Time) {
	numbers := func(n int) string {
		return fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < %d)`, n-1)
	}
	slots := benchDays * benchOffices * benchGroups * benchSlots
	err := book.store.Write(b.Context(), func(tx *sql.Tx) error {
		for _, statement := range []string{
			`INSERT INTO location ` + numbers(benchOffices) + ` SELECT 'office' || i, 'Bürger-Service', 1 FROM n`,
			`INSERT INTO service ` + numbers(30) + ` SELECT 102 + i, 'Reisepass', 'group' || (i % 3), 15, 1, 1 FROM n`,
			`INSERT INTO slot (location, grp, start_at, minutes, seats, released, close_at, cooling) ` + numbers(slots) + fmt.Sprintf(`
				SELECT 'office' || (i %% 7), 'group' || (i / 7 %% 3), at, 15, 2, 2, at, 600000
				FROM (SELECT i, %d + (i / 672) * 86400000 + (i / 21 %% 32) * 900000 AS at FROM n) AS times`, first.UnixMilli()),
			`INSERT INTO appointment (id, terminkennung, name, start_at, length_minutes, service, persons, photo_wanted, revision, state, location)
				SELECT 1000000000000000 + id * 2 + number, 'code ' || (id * 2 + number), 'Anna', start_at, 15, 102, 1, 1, 0, 'confirmed', location
				FROM slot, (SELECT 0 AS number UNION ALL SELECT 1) AS numbers ORDER BY number, id * 7919 % 10007 LIMIT ` + fmt.Sprint(benchBookings),
			`INSERT INTO seat SELECT (CAST(id AS BIGINT) - 1000000000000000) / 2, (CAST(id AS BIGINT) - 1000000000000000) % 2, id, 0 FROM appointment`,
		} {
			if _, err := tx.Exec(statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		if storetest.Postgres() { // which does it by itself in a minute
			_, err := tx.Exec(`ANALYZE`)
			return err
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
