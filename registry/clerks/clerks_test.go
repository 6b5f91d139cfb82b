// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }

const password, here = "lusab-babad-gutih-tugad", "192.0.2.1"

// journal collects lines as a test reads them.
type journal []string

func (j *journal) write(_ context.Context, _ *sql.Tx, e audit.Entry) error {
	*j = append(*j, strings.TrimSpace(e.Actor+" "+e.Action+" "+e.Subject+" "+e.Detail))
	return nil
}

func open(t *testing.T) (*Clerks, *journal) {
	t.Helper()
	s := storetest.Open(t)
	var j journal
	c := New(s, j.write)
	c.cost = cost{memory: 64, passes: 1, lanes: 1} // the test's time goes elsewhere
	return c, &j
}

func add(t *testing.T, c *Clerks, name string) {
	t.Helper()
	if err := c.Add(t.Context(), name, password, RoleClerk); err != nil {
		t.Fatal(err)
	}
}

func TestAddRefuses(t *testing.T) {
	c, _ := open(t)
	add(t, c, "Müller")
	for name, tc := range map[string]struct{ clerk, password, want string }{
		"no name":        {"", password, "name needs"},
		"space in name":  {"a b", password, "name needs"},
		"long name":      {strings.Repeat("a", 65), password, "name needs"},
		"short password": {"a", "elevenchars", "password needs"},
		"long password":  {"a", strings.Repeat("x", 257), "password needs"},
		"there already":  {" MÜLLER ", password, "exists already"},
	} {
		err := c.Add(t.Context(), tc.clerk, tc.password, RoleClerk)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q", name, err, tc.want)
		}
		if err != nil && strings.Contains(err.Error(), tc.password) {
			t.Errorf("%s: the error holds the password", name)
		}
	}
	if err := c.Add(t.Context(), "müller", password, RoleClerk); !errors.Is(err, ErrExists) {
		t.Errorf("got %v, want ErrExists", err)
	}
}

func TestListAndRemove(t *testing.T) {
	c, j := open(t)
	add(t, c, "zoe")
	add(t, c, "adam")
	if err := c.Remove(t.Context(), "Zoe"); err != nil {
		t.Fatal(err)
	}
	if err := c.Remove(t.Context(), "zoe"); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
	list, err := c.List(t.Context())
	if err != nil || !slices.Equal(list, []Listed{{Clerk: Clerk{"adam", RoleClerk}}}) {
		t.Errorf("List() = %v, %v", list, err)
	}
	want := journal{"office clerk-added clerk:zoe clerk", "office clerk-added clerk:adam clerk", "office clerk-removed clerk:zoe"}
	if diff := cmp.Diff(want, *j); diff != "" {
		t.Errorf("journal (-want +got):\n%s", diff)
	}
}

// TestStoredHashed looks for the password and the token in the file's rows.
func TestStoredHashed(t *testing.T) {
	c, _ := open(t)
	c.cost = recommended()
	add(t, c, "adam")
	token, err := c.SignIn(t.Context(), "adam", password, here)
	if err != nil {
		t.Fatal(err)
	}
	var phc string
	var held []byte
	err = c.store.Read(t.Context(), func(tx *sql.Tx) error {
		return tx.QueryRow(`SELECT password, token FROM clerk, clerk_session`).Scan(&phc, &held)
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := "$argon2id$v=19$m=65536,t=3,p=4$"; !strings.HasPrefix(phc, want) || strings.Contains(phc, password) {
		t.Errorf("stored password begins %q, want %q", phc[:min(len(phc), len(want))], want)
	}
	if strings.Contains(string(held), token) {
		t.Error("the token is stored in clear")
	}
}
