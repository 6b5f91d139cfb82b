// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"database/sql"
	"slices"
	"testing"

	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// TestMailsThatWaitMove: what an office had not sent when it got a newer program is sent by that.
func TestMailsThatWaitMove(t *testing.T) {
	where := storetest.Empty(t)
	if err := store.OpenAtSchema(t.Context(), where, 71, `INSERT INTO mails VALUES ('m@fotobox', 7, 'Kamera "links" fehlt', 'Seit 13:00 Uhr.', 3, 9)`); err != nil {
		t.Fatal(err)
	}
	s := storetest.OpenAt(t, where)
	var id, lane, kind, facts string
	var due, tries, next int
	err := s.Read(t.Context(), func(tx *sql.Tx) error {
		return tx.QueryRow(`SELECT id, lane, kind, facts, due_at, tries, next_at FROM post`).Scan(&id, &lane, &kind, &facts, &due, &tries, &next)
	})
	if err != nil || id != "m@fotobox" || lane != "alerts" || kind != "alert" || due != 7 || tries != 3 || next != 9 {
		t.Errorf("%s %s %s, due %d, %d tries, next %d, %v", id, lane, kind, due, tries, next, err)
	}
	either := []string{`{"subject":"Kamera \"links\" fehlt","body":"Seit 13:00 Uhr."}`, `{"subject" : "Kamera \"links\" fehlt", "body" : "Seit 13:00 Uhr."}`}
	if !slices.Contains(either, facts) {
		t.Errorf("facts %s", facts)
	}
}
