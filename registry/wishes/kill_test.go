// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/store"
)

// victim names the database in the environment of the process to be killed, dies
// when it dies.
const victim, dies = "FOTOBOX_TEST_WISHES_FROM", "FOTOBOX_TEST_WISHES_DIES"

// An outbox writes what is told into the store, and kills its program before or after.
type outbox struct{ dies string }

func (o outbox) Notify(ctx context.Context, tx *sql.Tx, n Notice) error {
	if n.Kind != ToAnswer {
		return nil
	}
	if o.dies == "before" {
		return kill()
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO told (wish, offer) VALUES ($1, $2)`, n.Wish.String(), n.Offer.String())
	if o.dies == "after" {
		return kill()
	}
	return err
}

func kill() error {
	err := syscall.Kill(os.Getpid(), syscall.SIGKILL)
	time.Sleep(time.Minute)
	return err
}

// keyless gives a queue in a database with its book: no code is signed here.
func keyless(s *store.Store, o Poster) (*Wishes, *book.Book) {
	b := book.New(s, 5112000, nil)
	w := New(s, b, o, Defaults())
	b.Follow(w)
	return w, b
}

// die frees what has rested, in a program that is killed meanwhile.
func die(where string) int {
	now, err := time.Parse(time.RFC3339, os.Getenv(dies+"_AT"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	s, err := store.Open(context.Background(), where)
	if err == nil {
		_, b := keyless(s, outbox{os.Getenv(dies)})
		_, _, err = b.Expire(context.Background(), now)
	}
	fmt.Fprintln(os.Stderr, "it was not killed:", err)
	return 1
}

// TestKilledBetweenSeatAndMail: the seat that is free again, the offer and its mail
// are there together or not at all, wherever the program dies.
func TestKilledBetweenSeatAndMail(t *testing.T) {
	for _, when := range []string{"before", "after"} {
		t.Run(when, func(t *testing.T) {
			w := newTown(t)
			r := rule("mitte")
			r.Cooling = 10
			w.plan(t, r)
			taken := w.books(t, "mitte", pass, at(t, "2026-12-01 09:30"))
			first := w.enters(t, wish(t, "anna"))
			w.cancels(t, taken)
			err := w.store.Write(t.Context(), func(tx *sql.Tx) error {
				_, err := tx.Exec(`CREATE TABLE told (wish TEXT, offer TEXT)`)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			w.now = w.now.Add(time.Hour)
			c := exec.CommandContext(t.Context(), os.Args[0])
			c.Env = append(os.Environ(), victim+"="+w.where, dies+"="+when, dies+"_AT="+w.now.Format(time.RFC3339))
			out, err := c.CombinedOutput()
			if e, died := errors.AsType[*exec.ExitError](err); !died || e.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
				t.Fatalf("%v:\n%s", err, out)
			}
			if got := w.get(t, first.ID); got.State != Waiting || count(t, w.store, `SELECT count(*) FROM told`) != 0 || count(t, w.store, `SELECT count(*) FROM seat WHERE free_at > 0`) != 1 {
				t.Errorf("after it was killed the wish is %s", got.State)
			}
			_, again := keyless(w.store, outbox{})
			for range 2 {
				if _, _, err := again.Expire(t.Context(), w.now); err != nil {
					t.Fatal(err)
				}
			}
			if a := w.offered(t, first.ID); count(t, w.store, `SELECT count(*) FROM told WHERE offer = $1`, a.ID.String()) != 1 || count(t, w.store, `SELECT count(*) FROM told`) != 1 {
				t.Error("the offer has not exactly one mail")
			}
		})
	}
}

// TestNoMailNoOffer: what cannot be told does not happen, and happens when it can.
func TestNoMailNoOffer(t *testing.T) {
	w := newTown(t)
	taken := w.books(t, "mitte", pass, at(t, "2026-12-01 09:30"))
	first := w.enters(t, wish(t, "anna"))
	w.post.err = errors.New("no room")
	if _, err := w.book.Advance(t.Context(), taken.ID, book.Step{Do: book.Cancel, At: w.now, Actor: "citizen"}); !errors.Is(err, w.post.err) {
		t.Errorf("got %v, want %v", err, w.post.err)
	}
	if a, err := w.book.Get(t.Context(), taken.ID); err != nil || a.State != book.Confirmed || w.get(t, first.ID).State != Waiting {
		t.Errorf("the appointment is %s, the wish %s; want nothing done: %v", a.State, w.get(t, first.ID).State, err)
	}
	w.post.err = nil
	w.cancels(t, taken)
	if a := w.offered(t, first.ID); !a.Start.Equal(taken.Start) {
		t.Errorf("offered %s, want %s", a.Start, taken.Start)
	}
}
