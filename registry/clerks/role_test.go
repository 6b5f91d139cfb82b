// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"database/sql"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseRole(t *testing.T) {
	for _, want := range Roles() {
		if got, err := ParseRole(string(want)); got != want || err != nil {
			t.Errorf("ParseRole(%q) = %q, %v", want, got, err)
		}
	}
	for _, text := range []string{"", "Clerk", "admin", "clerk "} {
		if got, err := ParseRole(text); err == nil {
			t.Errorf("ParseRole(%q) = %q", text, got)
		}
	}
}

func TestSetRole(t *testing.T) {
	c, j := open(t)
	add(t, c, "adam")
	token := signIn(t, c, "adam")
	if err := c.SetRole(t.Context(), " Adam", RoleTechnician); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Session(t.Context(), token); !errors.Is(err, ErrSession) {
		t.Errorf("session of the old role: got %v", err)
	}
	if clerk, err := c.Valid(t.Context(), signIn(t, c, "adam")); clerk.Role != RoleTechnician || err != nil {
		t.Errorf("got %v, %v", clerk, err)
	}
	if err := c.SetRole(t.Context(), "eve", RoleOfficer); !errors.Is(err, ErrNotFound) {
		t.Errorf("unknown clerk: got %v", err)
	}
	if err := c.SetRole(t.Context(), "adam", "king"); err == nil {
		t.Error("there is no king")
	}
	if err := c.Add(t.Context(), "eve", password, ""); err == nil {
		t.Error("a clerk without a role")
	}
	want := journal{
		"office clerk-added clerk:adam clerk", "clerk:adam signed-in clerk:adam password",
		"office role-set clerk:adam technician", "clerk:adam signed-in clerk:adam password",
	}
	if diff := cmp.Diff(want, *j); diff != "" {
		t.Errorf("journal (-want +got):\n%s", diff)
	}
}

// TestClerkFromBefore: who was there before roles were is locked out of nothing.
func TestClerkFromBefore(t *testing.T) {
	c, _ := open(t)
	err := c.store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO clerk (name, password, added_at) VALUES ('adam', '', 0)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if list, err := c.List(t.Context()); !slices.Equal(list, []Listed{{Clerk: Clerk{"adam", RoleSupervisor}}}) || err != nil {
		t.Errorf("List() = %v, %v", list, err)
	}
}
