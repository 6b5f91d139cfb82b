// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"database/sql"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func fill(t *testing.T, s *store.Store, n int) (want []Entry) {
	t.Helper()
	err := s.Write(t.Context(), func(tx *sql.Tx) error {
		for i := range n {
			e := Entry{At: noon.Add(time.Duration(i) * time.Second), Actor: "office", Action: "tested", Subject: fmt.Sprint(i)}
			want = append(want, e)
			if err := Append(t.Context(), tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return want
}

func TestAllGivesWhatAppendTook(t *testing.T) {
	s := storetest.Open(t)
	want := fill(t, s, 3)
	var got []Entry
	for e, err := range All(t.Context(), s) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for range All(t.Context(), s) {
		break // must not panic
	}
}

func TestOfGivesOneSubject(t *testing.T) {
	s := storetest.Open(t)
	first := fill(t, s, 3)
	again := fill(t, s, 2)
	got, err := Of(t.Context(), s, "1")
	if diff := cmp.Diff([]Entry{first[1], again[1]}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if got, err := Of(t.Context(), s, "nobody"); len(got) != 0 || err != nil {
		t.Errorf("of nobody: %v, %v", got, err)
	}
}

func TestVerifyCountsAnUnbrokenChain(t *testing.T) {
	s := storetest.Open(t)
	if n, err := Verify(t.Context(), s); n != 0 || err != nil {
		t.Errorf("empty record: Verify = %d, %v", n, err)
	}
	fill(t, s, 5)
	fill(t, s, 2)
	if n, err := Verify(t.Context(), s); n != 7 || err != nil {
		t.Errorf("Verify = %d, %v, want 7", n, err)
	}
	if n, h, err := Head(t.Context(), s); n != 7 || h == (Hash{}) || err != nil {
		t.Errorf("Head = %d, %s, %v", n, h, err)
	}
}

func TestAppendRefusesAnEntryThatSaysNothing(t *testing.T) {
	s := storetest.Open(t)
	for _, e := range []Entry{
		{},
		{Actor: "office", Action: "did", Subject: "1"},
		{At: noon, Action: "did", Subject: "1"},
		{At: noon, Actor: "office", Subject: "1"},
		{At: noon, Actor: "office", Action: "did"},
	} {
		err := s.Write(t.Context(), func(tx *sql.Tx) error { return Append(t.Context(), tx, e) })
		if err == nil {
			t.Errorf("Append(%+v) = nil", e)
		}
	}
}

func TestTheStoreItselfForbidsChanges(t *testing.T) {
	s := storetest.Open(t)
	fill(t, s, 2)
	for _, query := range []string{`UPDATE audit SET actor = 'nobody'`, `DELETE FROM audit`, `DELETE FROM audit WHERE seq = 2`} {
		err := s.Write(t.Context(), func(tx *sql.Tx) error {
			_, err := tx.Exec(query)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "audit entries are never") {
			t.Errorf("%s = %v", query, err)
		}
	}
}

// tamper changes entries as somebody with a database tool would, who takes the
// triggers away first.
func tamper(t *testing.T, s *store.Store, change string) {
	t.Helper()
	unguard := `DROP TRIGGER audit_never_updated; DROP TRIGGER audit_never_deleted; `
	if storetest.Postgres() {
		unguard = `ALTER TABLE audit DISABLE TRIGGER USER; `
	}
	err := s.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(unguard + change)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestVerifyNamesTheFirstBrokenEntry(t *testing.T) {
	tests := []struct{ name, change, want string }{
		{"actor changed", `UPDATE audit SET actor = 'nobody' WHERE seq = 3`, "entry 3 "},
		{"time changed", `UPDATE audit SET at = at + 1 WHERE seq = 2`, "entry 2 "},
		{"hash changed", `UPDATE audit SET hash = (SELECT hash FROM audit WHERE seq = 1) WHERE seq = 4`, "entry 4 "},
		{"hash cut", `UPDATE audit SET hash = substr(hash, 1, 1) WHERE seq = 4`, "entry 4 "},
		{"text moved between fields", `UPDATE audit SET actor = 'off', action = 'icetested' WHERE seq = 1`, "entry 1 "},
		{"taken out", `DELETE FROM audit WHERE seq = 3`, "entry 3 is missing"},
		{"first taken out", `DELETE FROM audit WHERE seq = 1`, "entry 1 is missing"},
		{"swapped", `UPDATE audit SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3); UPDATE audit SET seq = -seq WHERE seq < 0`, "entry 2 "},
		{"put between", `UPDATE audit SET seq = -seq - 1 WHERE seq > 2; UPDATE audit SET seq = -seq WHERE seq < 0; INSERT INTO audit SELECT 3, at, actor, action, subject, detail, hash FROM audit WHERE seq = 2`, "entry 3 "},
	}
	if !storetest.Postgres() { // which takes no text for a number
		tests = append(tests, struct{ name, change, want string }{"made unreadable", `UPDATE audit SET at = 'noon' WHERE seq = 2`, "entry 2"})
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := storetest.Open(t)
			fill(t, s, 5)
			tamper(t, s, test.change)
			_, err := Verify(t.Context(), s)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Verify = %v, want %q", err, test.want)
			}
		})
	}
}

func TestCutTailShowsInTheHead(t *testing.T) {
	s := storetest.Open(t)
	fill(t, s, 5)
	_, before, err := Head(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	tamper(t, s, `DELETE FROM audit WHERE seq = 5`)
	n, after, err := Head(t.Context(), s)
	if n != 4 || after == before || err != nil {
		t.Errorf("Head = %d, %s, %v, want 4 and another hash than %s", n, after, err, before)
	}
}

// TestWritersOfTwoProgramsMakeOneChain: none of them knows what the other wrote
// last, and each does other work in the same transactions.
func TestWritersOfTwoProgramsMakeOneChain(t *testing.T) {
	const writers, entries = 4, 25
	where := storetest.Where(t)
	var all sync.WaitGroup
	for n := range writers {
		s := storetest.OpenAt(t, where)
		all.Go(func() {
			for i := range entries {
				e := Entry{At: noon, Actor: "office", Action: "tested", Subject: fmt.Sprintf("%d of %d", i, n)}
				if err := s.Write(t.Context(), func(tx *sql.Tx) error { return Append(t.Context(), tx, e) }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n, err := Verify(t.Context(), storetest.OpenAt(t, where)); n != writers*entries || err != nil {
		t.Errorf("Verify = %d, %v, want %d", n, err, writers*entries)
	}
}
