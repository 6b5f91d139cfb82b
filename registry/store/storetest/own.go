// SPDX-License-Identifier: EUPL-1.2

package storetest

import (
	"context"
	"errors"
	"os"
	"testing"
)

// A Server is a PostgreSQL of one test's own, which may be killed.
type Server struct{ p *process }

// Own starts a server for the test, with an empty office's database. Without
// PostgreSQL the test is skipped.
func Own(t testing.TB) *Server {
	t.Helper()
	p, err := start("")
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("PostgreSQL is not installed (Debian's package postgresql)")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	if err := p.prepare(); err != nil {
		t.Fatal(err)
	}
	if err := command(context.Background(), p.dir, "CREATE DATABASE office OWNER "+owner); err != nil {
		t.Fatal(err)
	}
	return &Server{p}
}

// Where is what store.Open takes for the database.
func (s *Server) Where() string { return address(s.p.dir, "office", owner) }

// Kill kills the server (SIGKILL) and starts it again.
func (s *Server) Kill() error { return s.p.restart() }
