// SPDX-License-Identifier: EUPL-1.2

package letter

import (
	"database/sql"
	"log/slog"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/post"
	"github.com/fotobox-project/fotobox/registry/post/posttest"
)

// BenchmarkLetters is how long a confirmation takes from the outbox to the mail
// server, over TLS, and out of the outbox, when many wait.
func BenchmarkLetters(b *testing.B) {
	w, server := newTown(b), posttest.New(b)
	a := w.books(b, "2026-12-08 09:30", "de", 1, book.Enter)
	relay := post.Relay{
		Host: posttest.Host, Port: server.Port(), Roots: server.Roots, User: posttest.User, Password: func() (string, error) { return posttest.Password, nil }, From: "termine@example.org",
	}
	box := post.Letters(w.store, relay, w.Writer, slog.New(slog.DiscardHandler))
	err := w.store.Write(b.Context(), func(tx *sql.Tx) error {
		for range b.N {
			if err := post.Put(b.Context(), tx, post.Message{Kind: post.Confirmed, About: a.ID.String()}, w.now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for begin := time.Now(); len(server.Letters()) < b.N; {
		if err := box.Turn(b.Context(), w.now); err != nil || time.Since(begin) > 5*time.Minute {
			b.Fatalf("%d of %d letters, %v", len(server.Letters()), b.N, err)
		}
	}
}
