// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/registry/alert"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/fleet"
	"github.com/fotobox-project/fotobox/registry/post"
	"github.com/fotobox-project/fotobox/ui/text"
)

// overdueFor is how long something may be kept beyond its limit before that is an
// alarm: a reader may hold the database for a while.
const overdueFor = 10 * time.Minute

// MailSettings say by which mail server the office sends: to citizens what happens to
// their appointments, to technicians what is wrong. Without a host nobody is told.
type MailSettings struct {
	Host     string   `toml:"host"`
	Port     int      `toml:"port"`     // 0 means 587 (STARTTLS); 465 has TLS from the start
	Plain    bool     `toml:"plain"`    // without TLS and sign-in: for a server on this machine
	CA       string   `toml:"ca"`       // file with whom its certificate must be of (PEM); empty: the machine's list
	User     string   `toml:"user"`     // empty: no sign-in
	Password string   `toml:"password"` // file that holds it; a relative name is a credential's; read anew for each connection
	From     string   `toml:"from"`
	To       []string `toml:"to"`       // the technicians
	Language string   `toml:"language"` // of the mails to the technicians: "de", the default, or "en"
	Reply    string   `toml:"reply"`    // whom citizens answer to: the office's mailbox; empty: from
	Remind   int      `toml:"remind"`   // days before an appointment on which its citizen is reminded; 0: nobody is
}

// mostRemind is how many days before an appointment nobody has forgotten it.
const mostRemind = 14

// submission is the port for mails of programs (RFC 6409).
const submission = 587

func (m MailSettings) on() bool { return m.Host != "" }

func (m MailSettings) check() error {
	if !m.on() {
		if m.Port != 0 || m.User != "" || m.From != "" || len(m.To) > 0 || m.Reply != "" || m.Remind != 0 {
			return errors.New("mail.host is missing")
		}
		return nil
	}
	if m.From == "" || len(m.To) == 0 {
		return errors.New("mail.from and mail.to are needed")
	}
	if (m.User == "") != (m.Password == "") {
		return errors.New("mail.user and mail.password, the name of a file, belong together")
	}
	if m.Plain && m.User != "" {
		return errors.New("mail.plain: no password goes over a connection without TLS")
	}
	if _, ok := text.Parse(cmp.Or(m.Language, "de"), text.Staff()); !ok {
		return fmt.Errorf("mail.language = %q: must be one of %q", m.Language, text.Staff())
	}
	if m.Remind < 0 || m.Remind > mostRemind {
		return fmt.Errorf("mail.remind = %d: must be 0 to %d days", m.Remind, mostRemind)
	}
	if err := (post.Relay{From: m.From}).Check(post.Letter{To: m.To, ReplyTo: m.Reply}); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	return nil
}

// relay reads the file that the settings name.
func (m MailSettings) relay() (post.Relay, error) {
	r := post.Relay{Host: m.Host, Port: cmp.Or(m.Port, submission), Plain: m.Plain, User: m.User, Password: m.password, From: m.From}
	var err error
	if r.Roots, err = roots(m.CA); err != nil {
		return r, fmt.Errorf("mail.ca: %w", err)
	}
	return r, nil
}

func (m MailSettings) password() (string, error) {
	text, err := secret(m.Password)
	if err != nil {
		return "", fmt.Errorf("mail.password: %w", err)
	}
	return text, nil
}

// newAlerts makes the office's alerts; nil where nobody is told.
func (o *office) newAlerts() (*alert.Alerts, error) {
	if !o.settings.Mail.on() {
		return nil, nil
	}
	relay, err := o.settings.Mail.relay()
	if err != nil {
		return nil, err
	}
	language, _ := text.Parse(cmp.Or(o.settings.Mail.Language, "de"), text.Staff())
	w := &watcher{office: o, language: language}
	o.told = post.Alerts(o.store, relay, alert.To(o.settings.Mail.To), o.log)
	a := alert.New(o.store, o.told, o.log)
	a.Look, a.Words = w.look, w.words
	return a, nil
}

// A watcher finds what is wrong, and the words for it.
type watcher struct {
	office   *office
	language text.Language

	mu    sync.Mutex
	names map[string]string // of stations, by their ids
}

func (w *watcher) look(ctx context.Context, now time.Time) ([]fleet.Condition, error) {
	now = now.In(book.Zone())
	list, err := w.office.fleet.List(ctx, now)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, s := range list {
		names[s.ID] = s.Name
	}
	w.mu.Lock()
	w.names = names
	w.mu.Unlock()
	overdue, err := w.office.keeper.Overdue(ctx, now.Add(-overdueFor))
	if err != nil {
		return nil, err
	}
	return fleet.Conditions(list, fleet.Office{Overdue: overdue, Free: w.office.free()}, now), nil
}

// free is the room for the database, below 0 where that is not known: of a server it is not.
func (o *office) free() int64 {
	room, err := o.store.Room()
	if err != nil {
		return -1
	}
	return room
}

// words are those of the fleet page: what is wrong and what to do.
func (w *watcher) words(c fleet.Condition, began time.Time, over bool) (subject, body string) {
	l, key := w.language, "desk.wrong."+string(c.Fault)
	w.mu.Lock()
	where := w.names[c.Device]
	w.mu.Unlock()
	if c.Device == "" {
		where = w.office.keys.Name
	} else if where == "" {
		where = c.Device
	}
	since := began.In(book.Zone()).Format("2006-01-02 15:04")
	if over {
		return l.Text("desk.mail.over", where, l.Text(key)), l.Text("desk.mail.over.body", where, l.Text(key), since)
	}
	return l.Text("desk.mail.begins", where, l.Text(key)), l.Text("desk.mail.begins.body", where, l.Text(key), since, l.Text(key+".do"))
}
