// SPDX-License-Identifier: EUPL-1.2

// Package storetest runs tests on both databases of the store: on SQLite files, and on a real PostgreSQL that it starts.
//
//	func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }
//
// PostgreSQL is Debian's package postgresql; without it the tests run on SQLite
// alone, and a line says so.
package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/fotobox-project/fotobox/registry/store"
)

// server names, in the environment, the directory of the server's socket while
// the tests run on PostgreSQL. Programs that tests start inherit it.
const server = "FOTOBOX_TEST_POSTGRES"

// owner is whom the databases belong to, and who opens them: no superuser.
const owner, superuser = "fotobox", "postgres"

// template is a database with the newest schema, which the others are copies of.
const template = "template"

// A Suite is the tests of a package, as *testing.M is.
type Suite struct {
	m interface{ Run() int }
}

// Both gives the suite that runs all tests on SQLite and then on PostgreSQL.
func Both(m interface{ Run() int }) Suite { return Suite{m} }

// Run runs the tests and gives the exit code.
func (s Suite) Run() (code int) {
	flag.Parse()
	if code := s.m.Run(); code != 0 || once() {
		return code
	}
	p, err := start(memory())
	if errors.Is(err, os.ErrNotExist) {
		fmt.Println("PostgreSQL is not installed (Debian's package postgresql): the tests ran on SQLite alone")
		return 0
	}
	if err != nil {
		fmt.Println("PostgreSQL does not start:", err)
		return 1
	}
	defer p.stop()
	if err := p.prepare(); err != nil {
		fmt.Println("PostgreSQL:", err)
		return 1
	}
	os.Setenv(server, p.dir)
	defer os.Unsetenv(server)
	fmt.Println("the same on PostgreSQL:")
	return s.m.Run()
}

// once says whether the tests are only listed, or fuzzed, which is not the database's business.
func once() bool {
	for _, name := range []string{"test.list", "test.fuzz"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return true
		}
	}
	return false
}

func (p *process) prepare() error {
	ctx := context.Background()
	for _, statement := range []string{"CREATE ROLE " + owner + " LOGIN", "CREATE DATABASE " + template + " OWNER " + owner} {
		if err := command(ctx, p.dir, statement); err != nil {
			return err
		}
	}
	s, err := store.Open(ctx, address(p.dir, template, owner))
	if err != nil {
		return err
	}
	return s.Close()
}

// Postgres says whether the tests run on PostgreSQL now.
func Postgres() bool { return os.Getenv(server) != "" }

// FileOnly skips a test on PostgreSQL that is about SQLite's file, or about something
// that no database changes, as the look of a page.
func FileOnly(t testing.TB) {
	t.Helper()
	if Postgres() {
		t.Skip("is about SQLite's file, or the same on every database")
	}
}

// ServerOnly skips a test on SQLite that is about PostgreSQL.
func ServerOnly(t testing.TB) {
	t.Helper()
	if !Postgres() {
		t.Skip("is about PostgreSQL")
	}
}

// Where is what store.Open takes for a database of the test's own, with the
// newest schema. It is gone after the test.
func Where(t testing.TB) string {
	t.Helper()
	if Postgres() {
		return database(t, "TEMPLATE "+template)
	}
	content, err := schema()
	if err != nil {
		t.Fatal(err)
	}
	where := Empty(t)
	if err := os.WriteFile(where, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return where
}

// schema is the file of an SQLite database with the newest schema.
var schema = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "storetest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	where := filepath.Join(dir, "office.db")
	s, err := store.Open(context.Background(), where)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(where)
})

// Empty is as Where, without a schema.
func Empty(t testing.TB) string {
	t.Helper()
	if Postgres() {
		return database(t, "")
	}
	return filepath.Join(t.TempDir(), "office.db")
}

// database makes one on the server, as a copy or empty.
func database(t testing.TB, from string) string {
	t.Helper()
	dir, name := os.Getenv(server), "t"+strings.ToLower(rand.Text())
	if err := command(t.Context(), dir, "CREATE DATABASE "+name+" OWNER "+owner+" "+from); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := command(context.Background(), dir, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return address(dir, name, owner)
}

// Open opens a database of the test's own and closes it after the test.
func Open(t testing.TB) *store.Store {
	t.Helper()
	return OpenAt(t, Where(t))
}

// OpenAt opens the database at where, as one more program does, and closes it after the test.
func OpenAt(t testing.TB, where string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), where)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Command runs one statement on PostgreSQL beside the program, as its superuser does.
func Command(t testing.TB, where, statement string) {
	t.Helper()
	config, err := pgx.ParseConfig(where)
	if err != nil {
		t.Fatal(err)
	}
	config.User = superuser
	ctx := context.WithoutCancel(t.Context()) // also when the test is over
	c, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func command(ctx context.Context, dir, statement string) error {
	c, err := pgx.Connect(ctx, address(dir, "postgres", superuser))
	if err != nil {
		return err
	}
	defer c.Close(context.Background())
	_, err = c.Exec(ctx, statement)
	return err
}

func address(dir, database, user string) string {
	return "postgres:///" + database + "?" + url.Values{"host": {dir}, "user": {user}, "sslmode": {"disable"}}.Encode()
}
