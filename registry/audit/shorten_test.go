// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

func shorten(t *testing.T, s *store.Store, before time.Time) (n int) {
	t.Helper()
	err := s.Write(t.Context(), func(tx *sql.Tx) (err error) {
		n, err = Shorten(t.Context(), tx, before, noon.Add(time.Hour))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestShortenedRecordStaysChained(t *testing.T) {
	s := storetest.Open(t)
	fill(t, s, 5)
	if n := shorten(t, s, noon); n != 0 {
		t.Errorf("Shorten = %d before any entry is old, want 0", n)
	}
	if n := shorten(t, s, noon.Add(3*time.Second)); n != 3 {
		t.Errorf("Shorten = %d, want 3", n)
	}
	if n, err := Verify(t.Context(), s); n != 3 || err != nil { // two kept, and the one that says so
		t.Errorf("Verify = %d, %v, want 3", n, err)
	}
	if n, _, err := Head(t.Context(), s); n != 6 || err != nil {
		t.Errorf("Head = %d, %v, want 6", n, err)
	}
	shorten(t, s, noon.Add(time.Minute))
	fill(t, s, 1)
	if n, err := Verify(t.Context(), s); n != 3 || err != nil {
		t.Errorf("shortened again: Verify = %d, %v, want 3", n, err)
	}
}

// TestShortenStopsAtAYoungEntry: a clock that was wrong for a while takes
// nothing out of the middle.
func TestShortenStopsAtAYoungEntry(t *testing.T) {
	s := storetest.Open(t)
	fill(t, s, 1)
	err := s.Write(t.Context(), func(tx *sql.Tx) error {
		return Append(t.Context(), tx, Entry{At: noon.AddDate(1, 0, 0), Actor: "office", Action: "tested", Subject: "future"})
	})
	if err != nil {
		t.Fatal(err)
	}
	fill(t, s, 2)
	if n := shorten(t, s, noon.Add(time.Minute)); n != 1 {
		t.Errorf("Shorten = %d, want 1", n)
	}
}

func TestCutBeginningShows(t *testing.T) {
	for name, change := range map[string]string{
		"cut by hand": `INSERT INTO audit_start SELECT 1, seq, hash FROM audit WHERE seq = 2; DELETE FROM audit WHERE seq <= 2`,
		"other hash":  `INSERT INTO audit_start SELECT 1, 2, hash FROM audit WHERE seq = 1; DELETE FROM audit WHERE seq <= 2`,
	} {
		t.Run(name, func(t *testing.T) {
			s := storetest.Open(t)
			fill(t, s, 4)
			err := s.Write(t.Context(), func(tx *sql.Tx) error {
				_, err := tx.Exec(change)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Verify(t.Context(), s); err == nil {
				t.Error("Verify = nil")
			}
		})
	}
}

func TestStartOfTheRecordStays(t *testing.T) {
	s := storetest.Open(t)
	fill(t, s, 2)
	shorten(t, s, noon.Add(time.Second))
	err := s.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`DELETE FROM audit_start`)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "never deleted") {
		t.Errorf("DELETE = %v", err)
	}
}
