// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
)

// connected gives one connection to a new SQLite file with a table of n rows.
func connected(t *testing.T, n int) (*sql.Conn, *keeper) {
	t.Helper()
	db, err := connect(filepath.Join(t.TempDir(), "office.db"), "immediate", 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	run := func(query string, args ...any) {
		if _, err := conn.ExecContext(t.Context(), query, args...); err != nil {
			t.Fatal(err)
		}
	}
	run(`CREATE TABLE numbers (n INTEGER PRIMARY KEY)`)
	for i := range n {
		run(`INSERT INTO numbers (n) VALUES ($1)`, i)
	}
	var k *keeper
	err = conn.Raw(func(c any) error {
		k = c.(*keeper)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return conn, k
}

// TestStatementWithinItself: the same words while their rows are still read are two
// statements, each with its own arguments and place.
func TestStatementWithinItself(t *testing.T) {
	conn, k := connected(t, 4)
	const words = `SELECT n FROM numbers WHERE n >= $1 ORDER BY n`
	var got []string
	read := func(ctx context.Context, from int, each func(int)) {
		rows, err := conn.QueryContext(ctx, words, from)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var n int
			if err := rows.Scan(&n); err != nil {
				t.Fatal(err)
			}
			each(n)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		got = nil
		read(t.Context(), 1, func(outer int) {
			read(t.Context(), outer+1, func(inner int) { got = append(got, fmt.Sprint(outer, inner)) })
		})
		if fmt.Sprint(got) != "[1 2 1 3 2 3]" {
			t.Errorf("read %v", got)
		}
	}
	if _, kept := k.kept[words]; !kept || len(k.kept) != 3 {
		t.Errorf("%d statements are kept, want three: table, row and this one", len(k.kept))
	}
}

// TestStatementsOfAnotherTable: what was compiled before a table changed is compiled anew.
func TestStatementsOfAnotherTable(t *testing.T) {
	conn, _ := connected(t, 1)
	for _, step := range []struct{ change, want string }{
		{`ALTER TABLE numbers ADD COLUMN word TEXT NOT NULL DEFAULT 'none'`, "none"},
		{`UPDATE numbers SET word = 'one'`, "one"},
	} {
		var n, word string
		rows, err := conn.QueryContext(t.Context(), `SELECT * FROM numbers`)
		if err != nil {
			t.Fatal(err)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.ExecContext(t.Context(), step.change); err != nil {
			t.Fatal(err)
		}
		if err := conn.QueryRowContext(t.Context(), `SELECT * FROM numbers`).Scan(&n, &word); err != nil || word != step.want {
			t.Errorf("behind %s: %q, %v", step.change, word, err)
		}
	}
}

// TestStatementsAreBounded: a search that builds words of its own does not fill the memory.
func TestStatementsAreBounded(t *testing.T) {
	conn, k := connected(t, 1)
	for i := range 2 * compiled {
		var n int
		if err := conn.QueryRowContext(t.Context(), fmt.Sprintf(`SELECT n + %d FROM numbers`, i)).Scan(&n); err != nil || n != i {
			t.Fatal(n, err)
		}
	}
	if len(k.kept) != compiled {
		t.Errorf("%d statements are kept, want %d", len(k.kept), compiled)
	}
}
