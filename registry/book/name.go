// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"
)

// personal is a text that hides itself from fmt, slog, JSON and html/template:
// only Reveal gives it.
//
// It lies behind a pointer because fmt cannot call Format on an unexported
// field of another struct, and would print the text.
type personal struct{ text *string }

// hidden is what a personal text shows of itself.
const hidden = "(personal)"

// Reveal gives the text. It is for a clerk's page and a citizen's own, and for the mail to them.
func (p personal) Reveal() string {
	if p.text == nil {
		return ""
	}
	return *p.text
}

// Format hides the text from every verb of fmt.
func (p personal) Format(f fmt.State, _ rune) { fmt.Fprint(f, hidden) }

// String hides the text.
func (p personal) String() string { return hidden }

// GoString hides the text.
func (p personal) GoString() string { return hidden }

// LogValue hides the text from slog.
func (p personal) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the text from JSON and XML.
func (p personal) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// A Name is what a citizen is called. It hides itself from whatever prints. The
// zero Name is nobody's.
type Name struct{ personal }

// NameOf hides a text, with the spaces around it removed.
func NameOf(text string) Name {
	text = strings.TrimSpace(text)
	return Name{personal{&text}}
}

// ParseName reads the name that somebody typed, in one line, with the spaces
// around it removed.
func ParseName(text string) (Name, error) {
	n := NameOf(text)
	if text = n.Reveal(); text == "" || utf8.RuneCountInString(text) > maxName || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return Name{}, ErrName // without the text: it is printed
	}
	return n, nil
}

// Equal reports whether both are the same text.
func (n Name) Equal(other Name) bool { return n.Reveal() == other.Reveal() }

// Has reports whether part occurs in the name. Case does not matter, and ä, ö, ü
// and ß are the same as ae, oe, ue and ss: keyboards and papers differ there.
func (n Name) Has(part string) bool {
	return strings.Contains(fold(n.Reveal()), fold(part))
}

func fold(s string) string {
	return strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss").
		Replace(strings.ToLower(strings.Join(strings.Fields(s), " ")))
}

// An Email is where a citizen gets mail. It hides itself as a Name does. The zero
// Email is nowhere.
type Email struct{ personal }

// maxName is the longest name that the book takes, in characters.
const maxName = 200

// ErrName says that a text is nobody's name.
var ErrName = errors.New("name needs 1 to 200 characters")

// maxEmail is the longest address that mail servers take (RFC 5321, 4.5.3.1.3), in bytes.
const maxEmail = 254

// ErrEmail says that a text is no address for mail.
var ErrEmail = errors.New("e-mail address needs the form name@example.org")

// ParseEmail reads the address that somebody typed, without the spaces around it.
func ParseEmail(text string) (Email, error) {
	text = strings.TrimSpace(text)
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text || len(text) > maxEmail || strings.ContainsFunc(text, unicode.IsControl) {
		return Email{}, ErrEmail // without the text: it is printed
	}
	return Email{personal{&text}}, nil
}

// Equal reports whether both are the same address; capitals do not make another one.
func (e Email) Equal(other Email) bool { return strings.EqualFold(e.Reveal(), other.Reveal()) }
