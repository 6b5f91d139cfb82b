// SPDX-License-Identifier: EUPL-1.2

package letter

import (
	"bytes"
	"crypto/ed25519"
	"database/sql"
	"encoding/base64"
	"errors"
	"image"
	_ "image/png"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/post"
	"github.com/fotobox-project/fotobox/registry/post/posttest"
)

// TestMessages: what is told of each step, to whom an address leads.
func TestMessages(t *testing.T) {
	now := clock(t, "2026-11-30 12:00")
	email, err := book.ParseEmail("anna@example.org")
	if err != nil {
		t.Fatal(err)
	}
	a := book.Appointment{ID: appointment.ID{1}, Email: email, Start: now.Add(7 * 24 * time.Hour), Length: 15 * time.Minute, Location: "mitte"}
	moved := a
	moved.Revision, moved.Start, moved.Location = 1, a.Start.Add(time.Hour), "ruhrort"
	soon := a
	soon.Start = now.Add(48 * time.Hour)
	about := func(kind post.Kind, f post.Facts) post.Message {
		return post.Message{Kind: kind, About: a.ID.String(), Facts: f}
	}
	reminder := func(a book.Appointment) post.Message {
		m := about(post.Reminder, post.Facts{Revision: a.Revision})
		m.Due = a.Start.Add(-48 * time.Hour)
		return m
	}
	for name, tc := range map[string]struct {
		do            book.Verb
		actor         string
		before, after book.Appointment
		want          []post.Message
	}{
		"held":             {book.Hold, "citizen", book.Appointment{}, a, nil},
		"offered":          {book.Offer, "office", book.Appointment{}, a, nil},
		"submitted":        {book.Submit, "citizen", a, a, []post.Message{about(post.Submitted, post.Facts{})}},
		"confirmed":        {book.Confirm, "citizen", a, a, []post.Message{about(post.Confirmed, post.Facts{}), reminder(a)}},
		"entered":          {book.Enter, "clerk:ben", book.Appointment{}, a, []post.Message{about(post.Confirmed, post.Facts{}), reminder(a)}},
		"in two days":      {book.Confirm, "citizen", soon, soon, []post.Message{about(post.Confirmed, post.Facts{})}},
		"moved":            {book.Move, "citizen", a, moved, []post.Message{about(post.Moved, post.Facts{Revision: 1, Start: a.Start, Location: "mitte"}), reminder(moved)}},
		"cancelled":        {book.Cancel, "citizen", a, a, []post.Message{about(post.Cancelled, post.Facts{})}},
		"by the office":    {book.Cancel, "clerk:ben", a, a, []post.Message{about(post.Cancelled, post.Facts{Reason: post.ByOffice})}},
		"a hold let go":    {book.Cancel, "citizen", a, book.Appointment{}, nil},
		"lapsed":           {book.Lapse, "office", a, book.Appointment{}, nil},
		"displaced":        {book.Displace, "clerk:ben", a, a, []post.Message{about(post.Closed, post.Facts{Reason: "Wasserschaden"})}},
		"arrived":          {book.Arrive, "citizen", a, a, nil},
		"without address":  {book.Confirm, "citizen", book.Appointment{}, book.Appointment{Start: a.Start}, nil},
		"drawn on the way": {book.Ticket, "citizen", book.Appointment{}, book.Appointment{Start: a.Start}, nil},
	} {
		e := book.Event{Step: book.Step{Do: tc.do, At: now, Actor: tc.actor, Reason: "Wasserschaden"}, Before: tc.before, After: tc.after}
		got := Follower{Remind: 48 * time.Hour}.messages(e)
		if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(post.Message{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := (Follower{}).messages(book.Event{Step: book.Step{Do: book.Confirm, At: now}, After: a}); len(got) != 1 {
		t.Errorf("without reminders: %+v", got)
	}
}

// A piece is one part of a mail that has no parts.
type piece struct {
	kind string
	data []byte
}

// pieces takes a mail apart.
func pieces(t *testing.T, l posttest.Letter) (list []piece) {
	t.Helper()
	var take func(kind, encoding string, r io.Reader)
	take = func(kind, encoding string, r io.Reader) {
		media, params, err := mime.ParseMediaType(kind)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(media, "multipart/") {
			switch encoding {
			case "base64":
				r = base64.NewDecoder(base64.StdEncoding, r)
			case "quoted-printable":
				r = quotedprintable.NewReader(r)
			}
			data, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, piece{kind, data})
			return
		}
		parts := multipart.NewReader(r, params["boundary"])
		for {
			p, err := parts.NextRawPart()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			take(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p)
		}
	}
	take(l.Header.Get("Content-Type"), l.Header.Get("Content-Transfer-Encoding"), strings.NewReader(l.Body))
	return list
}

// of gives what the mail has of a kind, "" for nothing.
func of(t *testing.T, l posttest.Letter, kind string) []byte {
	t.Helper()
	for _, p := range pieces(t, l) {
		if strings.HasPrefix(p.kind, kind) {
			return p.data
		}
	}
	return nil
}

// TestWholeWay: somebody books, confirms, moves and cancels, and has a mail of each
// step with the code that holds and a calendar that follows.
func TestWholeWay(t *testing.T) {
	w, server := newTown(t), posttest.New(t)
	w.Book.Follow(Follower{Remind: 48 * time.Hour})
	relay := post.Relay{
		Host: posttest.Host, Port: server.Port(), Roots: server.Roots, User: posttest.User, Password: func() (string, error) { return posttest.Password, nil }, From: "Termine <termine@example.org>",
	}
	var logged bytes.Buffer
	box := post.Letters(w.store, relay, w.Writer, slog.New(slog.NewTextHandler(&logged, nil)))
	turn := func(at time.Time) posttest.Letter {
		t.Helper()
		before := len(server.Letters())
		if err := box.Turn(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		all := server.Letters()
		if len(all) != before+1 {
			t.Fatalf("%d letters in one turn, want one", len(all)-before)
		}
		return all[before]
	}

	a := w.books(t, "2026-12-08 09:30", "de", 1, book.Hold, book.Submit)
	asked := turn(w.now)
	if of(t, asked, "image/png") != nil || of(t, asked, "text/calendar") != nil {
		t.Error("what is not confirmed yet has a code or a calendar file")
	}
	a = w.step(t, a, book.Confirm, "citizen")
	confirmed := turn(w.now)
	w.shows(t, confirmed, a, appointment.OK, "METHOD:PUBLISH", "SEQUENCE:0", "DTSTART:20261208T083000Z", "STATUS:CONFIRMED")

	a = w.moves(t, a, "2026-12-09 10:00")
	moved := turn(w.now)
	w.shows(t, confirmed, a, appointment.Moved, "SEQUENCE:0")
	w.shows(t, moved, a, appointment.OK, "METHOD:PUBLISH", "SEQUENCE:1", "DTSTART:20261209T090000Z", "LOCATION:Bürger-Service Ruhrort")

	reminded := turn(clock(t, "2026-12-07 10:00"))
	w.shows(t, reminded, a, appointment.OK)
	a = w.step(t, a, book.Cancel, "citizen")
	cancelled := turn(clock(t, "2026-12-07 10:01"))
	w.shows(t, moved, a, appointment.Cancelled)
	file := string(of(t, cancelled, "text/calendar"))
	for _, want := range []string{"METHOD:CANCEL", "SEQUENCE:2", "STATUS:CANCELLED", "ORGANIZER:mailto:amt@example.org", "UID:" + a.ID.String() + "@fotobox"} {
		if !strings.Contains(file, want+"\r\n") {
			t.Errorf("the cancelled one's file lacks %s:\n%s", want, file)
		}
	}
	if strings.Contains(logged.String(), "anna") || strings.Contains(logged.String(), "CANARY") || strings.Contains(logged.String(), a.Terminkennung.String()) {
		t.Errorf("the log says who:\n%s", &logged)
	}
	if n, err := box.Waiting(t.Context(), a.End().Add(48*time.Hour)); n != 0 || err != nil {
		t.Errorf("%d letters wait still, %v", n, err)
	}
}

func (w *town) step(t *testing.T, a book.Appointment, do book.Verb, actor string) book.Appointment {
	t.Helper()
	a, err := w.Book.Advance(t.Context(), a.ID, book.Step{Do: do, At: w.now, Actor: actor})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// shows reads the mail's code as a station does, which answers so now, and its calendar file.
func (w *town) shows(t *testing.T, l posttest.Letter, a book.Appointment, want appointment.Answer, lines ...string) {
	t.Helper()
	picture, _, err := image.Decode(bytes.NewReader(of(t, l, "image/png")))
	if err != nil {
		t.Fatal(err)
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	code, err := qrcode.NewQRCodeReader().Decode(bits, nil)
	if err != nil {
		t.Fatal(err)
	}
	revoked, err := w.Book.Revocations(t.Context(), w.now)
	if err != nil {
		t.Fatal(err)
	}
	check := appointment.Checker{Office: 5112000, Keys: []ed25519.PublicKey{w.public}, Revoked: revoked}
	got, answer := check.Check(code.GetText(), a.Start)
	if answer != want || answer == appointment.OK && (got.ID != a.ID || got.Revision != a.Revision) {
		t.Errorf("the code answers %s of %s, want %s", answer, got.ID, want)
	}
	if text := string(of(t, l, "text/plain")); !strings.Contains(text, a.Terminkennung.String()) {
		t.Errorf("the text lacks the Terminkennung:\n%s", text)
	}
	file := string(of(t, l, "text/calendar"))
	for _, line := range lines {
		if !strings.Contains(file, line+"\r\n") {
			t.Errorf("the calendar file lacks %s:\n%s", line, file)
		}
	}
}

// TestNoStepWithoutItsMessage: what cannot be put into the outbox does not happen.
func TestNoStepWithoutItsMessage(t *testing.T) {
	w := newTown(t)
	w.Book.Follow(Follower{})
	a := w.books(t, "2026-12-08 09:30", "de", 1, book.Hold, book.Submit)
	err := w.store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `ALTER TABLE post RENAME TO away`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Book.Advance(t.Context(), a.ID, book.Step{Do: book.Confirm, At: w.now, Actor: "citizen"}); err == nil {
		t.Error("confirmed without a message")
	}
	if a, err = w.Book.Get(t.Context(), a.ID); err != nil || a.State != book.Preconfirmed {
		t.Errorf("it is %s, %v", a.State, err)
	}
}
