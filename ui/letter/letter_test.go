// SPDX-License-Identifier: EUPL-1.2

package letter

import (
	"crypto/ed25519"
	"crypto/rand"
	"database/sql"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/link"
	"github.com/fotobox-project/fotobox/registry/post"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/ui/text"
)

var rewrite = flag.Bool("rewrite", false, "write the letters of testdata anew")

func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }

// A town is an office with one rule, a citizen, and the letters to her.
type town struct {
	Writer
	store  *store.Store
	public ed25519.PublicKey
	now    time.Time // a Monday at noon
}

const pass = 102

// clock is a time on the office's clocks.
func clock(t testing.TB, text string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", text, book.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func newTown(t testing.TB) *town {
	t.Helper()
	w := &town{store: storetest.Open(t), now: clock(t, "2026-11-30 12:00")}
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails (crypto/rand)
	links, err := link.New(secret)
	if err != nil {
		t.Fatal(err)
	}
	b := book.New(w.store, 5112000, key)
	w.public = public
	w.Office = Office{Name: "Stadt Duisburg", ReplyTo: "amt@example.org", Site: "https://termine.example.org", Book: b, Links: links, Stations: []Station{{"mitte", "Foyer, links neben dem Eingang"}, {"ruhrort", "1. Stock"}}}
	rule := calendar.Rule{Office: "mitte", Group: "pass", Days: calendar.Workdays, From: 8 * 60, To: 12 * 60, Minutes: 15, Public: 60}
	there := rule
	there.Office = "ruhrort"
	_, err = b.SetPlan(t.Context(), "clerk:anna", calendar.Plan{}, w.now)
	err = errors.Join(err,
		b.PutLocation(t.Context(), "clerk:anna", book.Location{Code: "mitte", Name: "Bürger-Service Mitte", Online: true}, w.now),
		b.PutLocation(t.Context(), "clerk:anna", book.Location{Code: "ruhrort", Name: "Bürger-Service Ruhrort", Online: true}, w.now),
		b.PutService(t.Context(), "clerk:anna", book.Service{Code: pass, Name: "Reisepass", Group: "pass", Minutes: 15, Seats: 1, PhotoWanted: true}, w.now))
	if err == nil {
		_, err = b.SetPlan(t.Context(), "clerk:anna", calendar.Plan{Rules: []calendar.Rule{rule, there}}, w.now)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *town) email(t testing.TB) book.Email {
	t.Helper()
	email, err := book.ParseEmail("anna@example.org")
	if err != nil {
		t.Fatal(err)
	}
	return email
}

// books makes an appointment at a time, with the steps up to one.
func (w *town) books(t testing.TB, start, language string, persons int, steps ...book.Verb) book.Appointment {
	t.Helper()
	r := book.Request{Location: "mitte", Service: pass, Persons: persons}
	s := book.Step{Do: steps[0], At: w.now, Actor: "citizen", Until: w.now.Add(48 * time.Hour), Name: book.NameOf("CANARY"), Email: w.email(t), Language: language}
	a, err := w.Book.Take(t.Context(), r, clock(t, start), s)
	for _, s.Do = range steps[1:] {
		if err == nil {
			a, err = w.Book.Advance(t.Context(), a.ID, s)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// seats leaves so many at mitte at a time, as other rules do.
func (w *town) seats(t *testing.T, start string, n int) {
	t.Helper()
	err := w.store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE slot SET seats = $1, released = $1 WHERE location = 'mitte' AND start_at = $2`, n, clock(t, start).UnixMilli())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// moves gives the appointment another time at the other office.
func (w *town) moves(t *testing.T, a book.Appointment, start string) book.Appointment {
	t.Helper()
	a, err := w.Book.Move(t.Context(), a.ID, "ruhrort", clock(t, start), false, book.Step{At: w.now, Actor: "citizen"})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// all are messages of every kind, each with what it is about.
func (w *town) all(t *testing.T, language string) (list []post.Message) {
	t.Helper()
	about := func(kind post.Kind, a book.Appointment, f post.Facts) {
		f.Revision = a.Revision
		list = append(list, post.Message{Kind: kind, About: a.ID.String(), Facts: f, Due: w.now})
	}
	about(post.Submitted, w.books(t, "2026-12-08 09:30", language, 1, book.Hold, book.Submit), post.Facts{})
	stands := w.books(t, "2026-12-08 09:30", language, 2, book.Enter)
	about(post.Confirmed, stands, post.Facts{})
	about(post.Reminder, stands, post.Facts{})
	w.seats(t, "2026-12-08 10:30", 60)
	closed := w.books(t, "2026-12-08 10:30", language, 2, book.Enter)
	w.seats(t, "2026-12-08 10:30", 0)
	about(post.Closed, closed, post.Facts{Reason: "Personal-\nversammlung"})
	moved := w.moves(t, w.books(t, "2026-12-09 10:00", language, 1, book.Enter), "2026-12-02 08:15")
	about(post.Moved, moved, post.Facts{Start: clock(t, "2026-12-09 10:00"), Location: "mitte"})
	gone := w.books(t, "2026-12-09 10:00", language, 1, book.Enter, book.Cancel)
	about(post.Cancelled, gone, post.Facts{})
	about(post.Cancelled, gone, post.Facts{Reason: post.ByOffice})
	about(post.Offered, w.books(t, "2026-12-10 10:00", language, 1, book.Offer), post.Facts{Wish: "0123456789abcdef"})
	for _, m := range []post.Message{
		{Kind: post.WishSubmitted, Facts: post.Facts{Until: w.now.Add(30 * time.Minute)}},
		{Kind: post.WishConfirmed, Facts: post.Facts{Until: clock(t, "2026-12-24 00:00")}},
		{Kind: post.WishLapsed, Facts: post.Facts{Until: clock(t, "2026-12-24 00:00"), Start: clock(t, "2026-12-10 10:00"), Location: "mitte"}},
		{Kind: post.WishEnded}, {Kind: post.WishEnded, Facts: post.Facts{Reason: post.Over}}, {Kind: post.WishEnded, Facts: post.Facts{Reason: post.TooOften}},
	} {
		m.About, m.To, m.Facts.Service, m.Facts.Language = "0123456789abcdef", "anna@example.org", pass, language
		list = append(list, m)
	}
	return list
}

func (w *town) writes(t *testing.T, m post.Message) post.Letter {
	t.Helper()
	l, err := w.Write(t.Context(), m, w.now)
	if err != nil {
		t.Fatalf("%s: %v", m.Kind, err)
	}
	return l
}

// drawn is what is another one each time.
var drawn = regexp.MustCompile(`[0-9A-HJKMNP-TV-Z]{3}(-[0-9A-HJKMNP-TV-Z]{3}){2}|[A-Za-z0-9_-]{44}`)

// TestLetters compares every letter, as plain text, with testdata/letters.txt.
func TestLetters(t *testing.T) {
	w := newTown(t)
	var all strings.Builder
	for _, m := range w.all(t, "de") {
		l := w.writes(t, m)
		all.WriteString("==== " + string(m.Kind) + " " + m.Facts.Reason + "\nSubject: " + l.Subject + "\n")
		for _, f := range slices.Concat(l.Pictures, l.Files) {
			all.WriteString("With: " + f.Name + ", " + f.Type + "\n")
		}
		all.WriteString("\n" + drawn.ReplaceAllString(l.Text, "(drawn)") + "\n")
	}
	name := filepath.Join("testdata", "letters.txt")
	if *rewrite {
		if err := os.WriteFile(name, []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), all.String()); diff != "" {
		t.Errorf("letters (-want +got), -rewrite takes them:\n%s", diff)
	}
}

// remote finds what a screen would load, and whatever could run.
var remote = regexp.MustCompile(`(?i)src="(?:[^c]|c[^i])|url\(|<(script|link|iframe|object|form)|@import|\son[a-z]+=`)

// TestEveryLanguage: each letter has all its words in each of them, says which it is,
// and loads nothing.
func TestEveryLanguage(t *testing.T) {
	w := newTown(t)
	for _, language := range text.Languages() {
		for _, m := range w.all(t, string(language)) {
			l := w.writes(t, m)
			for what, said := range map[string]string{"subject": l.Subject, "text": l.Text, "HTML": l.HTML} {
				if said == "" || strings.Contains(said, "%!") || strings.Contains(said, "letter.") || strings.Contains(said, "CANARY") {
					t.Errorf("%s, %s: the %s is %q", language, m.Kind, what, said)
				}
			}
			if want := `<html lang="` + language.Tag() + `" dir="` + language.Direction() + `">`; !strings.Contains(l.HTML, want) || l.Language != language.Tag() {
				t.Errorf("%s, %s: the page lacks %s", language, m.Kind, want)
			}
			if found := remote.FindString(l.HTML); found != "" {
				t.Errorf("%s, %s: the page has %q", language, m.Kind, found)
			}
			if l.To[0] != "anna@example.org" || l.ReplyTo != "amt@example.org" || !l.Bulk {
				t.Errorf("%s, %s: to %s, answers to %s", language, m.Kind, l.To, l.ReplyTo)
			}
		}
	}
}

// TestTextHasAllOfThePage: whoever reads the plain text alone misses no sentence, value or address.
func TestTextHasAllOfThePage(t *testing.T) {
	w := newTown(t)
	tag := regexp.MustCompile(`<(?:dt|dd|p|h2)[^>]*>([^<]+)<|href="([^"]+)"|>([^<]+)</a>`)
	for _, m := range w.all(t, "fr") {
		l := w.writes(t, m)
		found := tag.FindAllStringSubmatch(l.HTML, -1)
		if len(found) < 5 {
			t.Errorf("%s: only %d words on the page", m.Kind, len(found))
		}
		for _, f := range found {
			if word := strings.TrimSpace(f[1] + f[2] + f[3]); !strings.Contains(l.Text, word) {
				t.Errorf("%s: the text lacks %q", m.Kind, word)
			}
		}
	}
}

// TestNamesOfTheOfficeAreText, whatever stands in them, and begin no line of the head.
func TestNamesOfTheOfficeAreText(t *testing.T) {
	w := newTown(t)
	err := errors.Join(
		w.Book.PutLocation(t.Context(), "clerk:anna", book.Location{Code: "mitte", Name: "<b>Mitte</b>\r\nBcc: eve@example.org", Online: true}, w.now),
		w.Book.PutService(t.Context(), "clerk:anna", book.Service{Code: pass, Name: `Pass "\` + "\n& Co", Group: "pass", Minutes: 15, Seats: 1, PhotoWanted: true}, w.now))
	if err != nil {
		t.Fatal(err)
	}
	a := w.books(t, "2026-12-08 09:30", "de", 1, book.Enter)
	l := w.writes(t, post.Message{Kind: post.Confirmed, About: a.ID.String(), Due: w.now})
	if strings.Contains(l.HTML, "<b>") || !strings.Contains(l.HTML, "&lt;b&gt;Mitte&lt;/b&gt; Bcc: eve@example.org") || !strings.Contains(l.Text, `Pass "\ & Co`) {
		t.Errorf("the letter:\n%s\n%s", l.Text, l.HTML)
	}
	if err := (post.Relay{From: "amt@example.org"}).Check(l); err != nil {
		t.Error(err)
	}
	if file := string(l.Files[0].Data); strings.Contains(file, "\nBcc") || strings.Contains(file, "\n& Co") {
		t.Errorf("the file:\n%s", file)
	}
}

// TestWithoutPages no letter leads anywhere.
func TestWithoutPages(t *testing.T) {
	w := newTown(t)
	w.Site = ""
	for _, m := range w.all(t, "en") {
		if l := w.writes(t, m); strings.Contains(l.Text+l.HTML, "://") || strings.Contains(l.HTML, "<a ") {
			t.Errorf("%s has an address:\n%s", m.Kind, l.Text)
		}
	}
}

// TestLinksAreForOnePurpose: each opens its page and no other, about this state of the appointment, until it is of no use.
func TestLinksAreForOnePurpose(t *testing.T) {
	w := newTown(t)
	a := w.moves(t, w.books(t, "2026-12-09 10:00", "de", 1, book.Enter), "2026-12-02 08:15")
	l := w.writes(t, post.Message{Kind: post.Moved, About: a.ID.String(), Facts: post.Facts{Revision: 1}, Due: w.now})
	ends := map[link.Purpose]time.Time{link.View: a.End().Add(book.Grace), link.Move: a.Start, link.Cancel: a.Start}
	found := regexp.MustCompile(`https://termine\.example\.org/([a-z]+)/([A-Za-z0-9_-]{44})\n`).FindAllStringSubmatch(l.Text, -1)
	if len(found) != len(ends) {
		t.Fatalf("%d links, want %d:\n%s", len(found), len(ends), l.Text)
	}
	for _, f := range found {
		opened := 0
		for p := link.Fill; p <= link.Withdraw; p++ {
			got, err := w.Links.Open(f[2], p, w.now)
			if err != nil {
				continue
			}
			opened++
			if want := (link.Link{Purpose: p, ID: a.ID, Number: 1, End: ends[p]}); p.String() != f[1] || !cmp.Equal(want, got) {
				t.Errorf("%s says %+v, want %+v", f[1], got, want)
			}
		}
		if opened != 1 {
			t.Errorf("%s opens for %d purposes", f[1], opened)
		}
	}
}

// TestNothingToTell: what is no more so when the letter would be written.
func TestNothingToTell(t *testing.T) {
	w := newTown(t)
	stands := w.books(t, "2026-12-08 09:30", "de", 1, book.Enter)
	moved := w.moves(t, w.books(t, "2026-12-09 10:00", "de", 1, book.Enter), "2026-12-02 08:15")
	gone := w.books(t, "2026-12-09 10:00", "de", 1, book.Enter, book.Cancel)
	held := w.books(t, "2026-12-09 10:00", "de", 1, book.Hold, book.Submit)
	offer := w.books(t, "2026-12-09 10:00", "de", 1, book.Offer)
	for name, tc := range map[string]struct {
		kind     post.Kind
		about    book.Appointment
		revision int
		at       time.Time
	}{
		"confirmed, and moved since":     {post.Confirmed, moved, 0, w.now},
		"confirmed, and cancelled since": {post.Confirmed, gone, 0, w.now},
		"confirmed, and over":            {post.Confirmed, stands, 0, stands.End()},
		"moved, and moved again":         {post.Moved, moved, 0, w.now},
		"reminder of the time before":    {post.Reminder, moved, 0, w.now},
		"reminder too late":              {post.Reminder, stands, 0, stands.Start},
		"reminder of a cancelled one":    {post.Reminder, gone, 0, w.now},
		"closed, and moved since":        {post.Closed, moved, 0, w.now},
		"closed, and open again":         {post.Closed, stands, 0, w.now},
		"cancelled, and stands":          {post.Cancelled, stands, 0, w.now},
		"submitted, too late":            {post.Submitted, held, 0, held.Until},
		"submitted, and stands":          {post.Submitted, stands, 0, w.now},
		"offered, too late":              {post.Offered, offer, 0, offer.Until},
		"offered, and taken":             {post.Offered, stands, 0, w.now},
		"of nobody":                      {post.Confirmed, book.Appointment{}, 0, w.now},
	} {
		m := post.Message{Kind: tc.kind, About: tc.about.ID.String(), Facts: post.Facts{Revision: tc.revision}}
		if l, err := w.Write(t.Context(), m, tc.at); !errors.Is(err, post.ErrOver) {
			t.Errorf("%s: %q, %v", name, l.Subject, err)
		}
	}
	if _, err := w.Write(t.Context(), post.Message{Kind: post.WishSubmitted, About: "1", Facts: post.Facts{Until: w.now}}, w.now); !errors.Is(err, post.ErrOver) {
		t.Errorf("a wish too late: %v", err)
	}
	if _, err := w.Write(t.Context(), post.Message{Kind: "other", About: "1"}, w.now); err == nil || errors.Is(err, post.ErrOver) {
		t.Errorf("another kind: %v", err)
	}
}

// TestAnonymised: whose data are erased gets no letter.
func TestAnonymised(t *testing.T) {
	w := newTown(t)
	a := w.books(t, "2026-12-08 09:30", "de", 1, book.Enter)
	err := w.store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE appointment SET name = '', email = ''`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(t.Context(), post.Message{Kind: post.Confirmed, About: a.ID.String()}, w.now); !errors.Is(err, post.ErrOver) {
		t.Errorf("Write = %v, want that there is nothing to tell", err)
	}
}

// TestCodeReadsFromLeftToRight among Arabic letters, where its groups would change their places.
func TestCodeReadsFromLeftToRight(t *testing.T) {
	w := newTown(t)
	for language, want := range map[string]bool{"ar": true, "fa": true, "de": false} {
		a := w.books(t, "2026-12-08 09:30", language, 1, book.Enter)
		l := w.writes(t, post.Message{Kind: post.Confirmed, About: a.ID.String()})
		code := a.Terminkennung.String()
		if got := strings.Contains(l.Text, ": \u2066"+code+"\u2069\n"); got != want {
			t.Errorf("%s: the text isolates it: %t", language, got)
		}
		if got := strings.Contains(l.HTML, `<bdi dir="ltr">`+code+`</bdi>`); got != want {
			t.Errorf("%s: the page isolates it: %t", language, got)
		}
	}
}

// TestWishWithoutALastDay: the letter names none, and the wish can be withdrawn all the same.
func TestWishWithoutALastDay(t *testing.T) {
	w := newTown(t)
	l := w.writes(t, post.Message{Kind: post.WishLapsed, About: "0123456789abcdef", To: "anna@example.org", Due: w.now, Facts: post.Facts{Service: pass, Start: clock(t, "2026-12-10 10:00")}})
	found := regexp.MustCompile(`/withdraw/([A-Za-z0-9_-]{44})`).FindStringSubmatch(l.Text)
	if found == nil || strings.Contains(l.Text, "Wir suchen bis") {
		t.Fatalf("the letter:\n%s", l.Text)
	}
	if got, err := w.Links.Open(found[1], link.Withdraw, w.now.Add(60*24*time.Hour)); err != nil || got.ID != [8]byte{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef} {
		t.Errorf("%+v, %v", got, err)
	}
}
