// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// TestSize: what is written takes place on the disk.
func TestSize(t *testing.T) {
	s := storetest.Open(t)
	before, err := s.Size(t.Context())
	if err != nil || before == 0 {
		t.Fatal(before, err)
	}
	err = s.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `INSERT INTO location (code, name, online) VALUES ('mitte', $1, 1)`, strings.Repeat("random? ", 1<<17))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if after, err := s.Size(t.Context()); err != nil || after <= before {
		t.Errorf("%d bytes, and %d with a megabyte more (%v)", before, after, err)
	}
}
