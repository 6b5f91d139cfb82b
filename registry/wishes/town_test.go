// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

func TestMain(m *testing.M) {
	if where := os.Getenv(victim); where != "" {
		os.Exit(die(where))
	}
	os.Exit(storetest.Both(m).Run())
}

// The town's services, all of one group.
const (
	pass       = 102 // 15 minutes
	naturalise = 103 // 30
	visa       = 104 // 10, and two seats
)

// A letterbox keeps what is told, or refuses it when it has a reason.
type letterbox struct {
	told []Notice
	err  error
}

func (l *letterbox) Notify(_ context.Context, _ *sql.Tx, n Notice) error {
	l.told = append(l.told, n)
	return l.err
}

func (l *letterbox) kinds() (all []Kind) {
	for _, n := range l.told {
		all = append(all, n.Kind)
	}
	l.told = nil
	return all
}

type fataler interface {
	Context() context.Context
	Helper()
	Fatal(...any)
}

// A town is a queue with its book.
type town struct {
	*Wishes
	store *store.Store
	book  *book.Book
	post  *letterbox
	now   time.Time
	where string // of the store
}

// at is a time on the office's clocks.
func at(t fataler, text string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", text, book.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func newBook(t fataler, s *store.Store) *book.Book {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return book.New(s, 5112000, key)
}

func furnish(t fataler, b *book.Book, now time.Time) {
	t.Helper()
	err := errors.Join(
		b.PutLocation(t.Context(), "clerk:anna", book.Location{Code: "mitte", Name: "Mitte", Online: true}, now),
		b.PutLocation(t.Context(), "clerk:anna", book.Location{Code: "sued", Name: "Süd", Online: true}, now),
		b.PutLocation(t.Context(), "clerk:anna", book.Location{Code: "west", Name: "West"}, now),
		b.PutService(t.Context(), "clerk:anna", book.Service{Code: pass, Name: "Reisepass", Group: "pass", Minutes: 15, Seats: 1}, now),
		b.PutService(t.Context(), "clerk:anna", book.Service{Code: naturalise, Name: "Einbürgerung", Group: "pass", Minutes: 30, Seats: 1}, now),
		b.PutService(t.Context(), "clerk:anna", book.Service{Code: visa, Name: "Verpflichtungserklärung", Group: "pass", Minutes: 10, Seats: 2}, now))
	if err != nil {
		t.Fatal(err)
	}
}

// newTown has one seat every quarter of an hour from nine to ten, at two offices on
// workdays; it is the noon of a Monday.
func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{where: storetest.Where(t), post: &letterbox{}, now: at(t, "2026-11-30 12:00")}
	w.store = storetest.OpenAt(t, w.where)
	w.book = newBook(t, w.store)
	w.Wishes = New(w.store, w.book, w.post, Defaults())
	w.book.Follow(w.Wishes)
	furnish(t, w.book, w.now)
	w.plan(t, rule("mitte"), rule("sued"))
	w.sweeps(t)
	return w
}

func rule(office string) calendar.Rule {
	return calendar.Rule{Office: office, Group: "pass", Days: calendar.Workdays, From: 9 * 60, To: 10 * 60, Minutes: 15, Public: 1}
}

func (w *town) plan(t *testing.T, rules ...calendar.Rule) {
	t.Helper()
	if _, err := w.book.SetPlan(t.Context(), "clerk:anna", calendar.Plan{Rules: rules}, w.now); err != nil {
		t.Fatal(err)
	}
}

func (w *town) sweeps(t *testing.T) int {
	t.Helper()
	n, err := w.Sweep(t.Context(), w.now)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func email(t fataler, text string) book.Email {
	t.Helper()
	e, err := book.ParseEmail(text)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func date(t fataler, text string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// wish is one for a passport at any time until New Year.
func wish(t fataler, who string) Wish {
	t.Helper()
	return Wish{Service: pass, Persons: 1, First: date(t, "2026-11-30"), Last: date(t, "2026-12-31"), Email: email(t, who+"@example.org"), Language: "de"}
}

func (w *town) enters(t *testing.T, draft Wish) Wish {
	t.Helper()
	got, err := w.Enter(t.Context(), "clerk:anna", draft, w.now)
	if err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(time.Second)
	return got
}

// books takes the time from everybody.
func (w *town) books(t *testing.T, office string, service uint16, start time.Time) book.Appointment {
	t.Helper()
	a, err := w.book.Take(t.Context(), book.Request{Location: office, Service: service, Persons: 1}, start, book.Step{Do: book.Enter, At: w.now, Actor: "citizen", Name: book.NameOf("Ben")})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (w *town) cancels(t *testing.T, a book.Appointment) {
	t.Helper()
	if _, err := w.book.Advance(t.Context(), a.ID, book.Step{Do: book.Cancel, At: w.now, Actor: "citizen"}); err != nil {
		t.Fatal(err)
	}
}

// get is the wish as it is now, the zero Wish when it is erased.
func (w *town) get(t *testing.T, id ID) Wish {
	t.Helper()
	got, err := w.Get(t.Context(), id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	return got
}

// offered is the appointment that is kept for the wish.
func (w *town) offered(t *testing.T, id ID) book.Appointment {
	t.Helper()
	got := w.get(t, id)
	if got.State != Offered {
		t.Fatalf("wish is %q, want an offer", got.State)
	}
	a, err := w.book.Get(t.Context(), got.Offer)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func count(t fataler, s *store.Store, query string, args ...any) (n int) {
	t.Helper()
	err := s.Read(t.Context(), func(tx *sql.Tx) error { return tx.QueryRowContext(t.Context(), query, args...).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}
