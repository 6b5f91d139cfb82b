// SPDX-License-Identifier: EUPL-1.2

package post

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/wneessen/go-mail"
)

// A Letter is what a mail says.
type Letter struct {
	To       []string
	ReplyTo  string // whom an answer goes to; empty: to the sender
	Subject  string
	Text     string // plain, and enough by itself
	HTML     string // the same for a screen; empty: only Text
	Language string // of both, BCP 47, may be empty
	Pictures []File // that HTML shows, as cid: and their name
	Files    []File // that come with it
	Bulk     bool   // one of many: no list and no absence answers it
}

// A File comes with a letter.
type File struct {
	Name, Type string // "termin.ics", "text/calendar; method=PUBLISH"
	Data       []byte
}

var errHeader = errors.New("a line of the letter's head has a character that none may have")

// check refuses what would begin a line of the head that is not ours.
func (l Letter) check() error {
	head := append([]string{l.ReplyTo, l.Subject, l.Language}, l.To...)
	for _, f := range slices.Concat(l.Pictures, l.Files) {
		head = append(head, f.Name, f.Type)
	}
	for _, text := range head {
		if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
			return errHeader
		}
	}
	return nil
}

// mail is the letter as it is sent (RFC 5322).
func (l Letter) mail(from, id string, date time.Time) (*mail.Msg, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	m := mail.NewMsg(mail.WithNoDefaultUserAgent()) // a citizen need not know our versions
	if err := m.From(from); err != nil {
		return nil, errFrom
	}
	if err := m.To(l.To...); err != nil || len(l.To) == 0 {
		return nil, errTo
	}
	if l.ReplyTo != "" {
		if err := m.ReplyTo(l.ReplyTo); err != nil {
			return nil, errReplyTo
		}
	}
	m.SetMessageIDWithValue(id)
	m.SetDateWithValue(date)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's absence answers
	if l.Bulk {
		m.SetBulk() // and what answers knows none of it
	}
	if l.Language != "" {
		m.SetGenHeader(mail.HeaderContentLang, l.Language)
	}
	m.Subject(l.Subject)
	return m, l.fill(m)
}

// What is no address is not repeated: it may be a citizen's.
var (
	errFrom    = errors.New("the sender's address is none")
	errTo      = errors.New("an address to send to is none")
	errReplyTo = errors.New("the address to answer to is none")
)

func (l Letter) fill(m *mail.Msg) error {
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	if l.HTML != "" {
		m.AddAlternativeString(mail.TypeTextHTML, l.HTML)
	}
	for _, f := range l.Pictures {
		if err := m.EmbedReader(f.Name, bytes.NewReader(f.Data), mail.WithFileContentID("<"+f.Name+">"), mail.WithFileContentType(mail.ContentType(f.Type))); err != nil {
			return err
		}
	}
	for _, f := range l.Files {
		if err := m.AttachReader(f.Name, bytes.NewReader(f.Data), mail.WithFileContentType(mail.ContentType(f.Type))); err != nil {
			return err
		}
	}
	return nil
}
