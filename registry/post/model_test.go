// SPDX-License-Identifier: EUPL-1.2

package post

import (
	"context"
	"database/sql"
	"log/slog"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"pgregory.net/rapid"

	"github.com/fotobox-project/fotobox/registry/post/posttest"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// A model is an office that tells several people something, with a mail server of moods.
type model struct {
	store  *store.Store
	server *posttest.Server
	box    *Box
	now    time.Time
	from   int                  // letters that the server had before
	due    map[string]time.Time // of every message, by what it is about
	to     map[string]string
	moods  map[string]error
	gone   int64 // given up by boxes that ended
}

func (m *model) opens() {
	m.box = Letters(m.store, Relay{Host: posttest.Host, Port: m.server.Port(), Plain: true, From: "fotobox@example.org"}, &clerk{}, slog.New(slog.DiscardHandler))
}

// check compares what the server took with what was put.
func (m *model) check(t *rapid.T) (taken int) {
	seen := map[string]bool{}
	for _, l := range m.server.Letters()[m.from:] {
		about := l.Header.Get("Subject")[len("confirmed "):]
		due, known := m.due[about]
		date, err := l.Header.Date()
		switch {
		case !known || seen[about]:
			t.Fatalf("%s was put: %t, and sent before: %t", about, known, seen[about])
		case due.After(m.now):
			t.Fatalf("%s is due in %s", about, due.Sub(m.now))
		case err != nil || !date.Equal(due.Truncate(time.Second)) || l.To[0] != m.to[about]:
			t.Fatalf("%s of %v went to %s, %v", about, date, l.To, err)
		}
		seen[about] = true
	}
	return len(seen)
}

// TestModel: whatever servers and programs do, each message is sent once, not before
// it is due and to whom it is meant; all others are given up, and counted, for having
// been refused for good. (A program that dies is another test: then a message may be
// sent twice, as the same.)
func TestModel(t *testing.T) {
	s, server := storetest.Open(t), posttest.New(t)
	people := []string{"anna@example.org", "ben@example.org", "cem@example.org"}
	forGood := &smtp.SMTPError{Code: 550, Message: "no"}
	rapid.Check(t, func(t *rapid.T) {
		m := &model{store: s, server: server, now: noon, from: len(server.Letters()), due: map[string]time.Time{}, to: map[string]string{}, moods: map[string]error{}}
		m.opens()
		mood := rapid.SampledFrom([]error{nil, forGood, &smtp.SMTPError{Code: 451, Message: "later"}, posttest.ErrHangUp})
		after := rapid.SampledFrom([]time.Duration{0, time.Second, time.Minute, time.Hour, 48 * time.Hour})
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) { m.check(t) },
			"put": func(t *rapid.T) {
				about := string(rune('a'+len(m.due)%26)) + time.Duration(len(m.due)).String()
				m.to[about], m.due[about] = rapid.SampledFrom(people).Draw(t, "to"), m.now.Add(after.Draw(t, "due"))
				err := m.store.Write(context.Background(), func(tx *sql.Tx) error {
					return Put(context.Background(), tx, Message{Kind: Confirmed, About: about, To: m.to[about], Due: m.due[about]}, m.now)
				})
				if err != nil {
					t.Fatal(err)
				}
			},
			"mood of one": func(t *rapid.T) {
				who := rapid.SampledFrom(people).Draw(t, "who")
				server.RefuseTo(who, mood.Draw(t, "mood"))
			},
			"mood of the server": func(t *rapid.T) {
				server.Refuse(rapid.SampledFrom([]error{nil, forGood, &smtp.SMTPError{Code: 451, Message: "later"}}).Draw(t, "mood"))
			},
			"time": func(t *rapid.T) { m.now = m.now.Add(after.Draw(t, "time")) },
			"restart": func(*rapid.T) {
				m.gone += m.box.counts[givenUp].Load()
				m.opens()
			},
			"turn": func(t *rapid.T) {
				if err := m.box.Turn(context.Background(), m.now); err != nil {
					t.Fatal(err)
				}
			},
		})
		m.heals(t, people)
	})
}

// heals has all be well, and looks whether anything is left.
func (m *model) heals(t *rapid.T, people []string) {
	m.server.Refuse(nil)
	for _, who := range people {
		m.server.RefuseTo(who, nil)
	}
	m.now = m.now.Add(50 * time.Hour)
	if err := m.box.Turn(context.Background(), m.now); err != nil {
		t.Fatal(err)
	}
	n, err := m.box.Waiting(context.Background(), m.now)
	taken, lost := m.check(t), int(m.gone+m.box.counts[givenUp].Load())
	if n != 0 || err != nil || taken+lost != len(m.due) {
		t.Fatalf("of %d messages %d were sent and %d given up, %d wait, %v", len(m.due), taken, lost, n, err)
	}
}
