// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"database/sql"
	"errors"
	"slices"
	"testing"

	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

func TestListGivesEveryRowOrAnError(t *testing.T) {
	s := storetest.Open(t)
	err := s.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO leases (name, holder, until) VALUES ('b', '', 2), ('a', '', 1)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := store.List(t.Context(), s, store.Text, `SELECT name FROM leases WHERE until > $1 ORDER BY name`, 0)
	if err != nil || !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("List = %q, %v", got, err)
	}
	number := func(r store.Row) (n int, err error) { return n, r.Scan(&n) }
	if got, err := store.List(t.Context(), s, number, `SELECT name FROM leases`); err == nil {
		t.Errorf("List = %v, nil; want the error of the scan", got)
	}
	if got, err := store.List(t.Context(), s, store.Text, `SELECT name FROM leases WHERE name = 'none'`); err != nil || got != nil {
		t.Errorf("List = %q, %v; want nothing", got, err)
	}
	broken := errors.New("broken")
	_, err = store.List(t.Context(), s, func(store.Row) (int, error) { return 0, broken }, `SELECT name FROM leases`)
	if !errors.Is(err, broken) {
		t.Errorf("List = %v, want %v", err, broken)
	}
}
