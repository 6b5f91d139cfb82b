// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"fmt"
	"log/slog"
	"strings"
)

// A Name is what a citizen is called. It hides itself from fmt, slog, JSON and
// html/template: only Reveal gives it. The zero Name is nobody's.
//
// It lies behind a pointer because fmt cannot call Format on an unexported
// field of another struct, and would print the text.
type Name struct{ text *string }

// hidden is what a Name shows of itself.
const hidden = "(name)"

// NameOf hides a text, with the spaces around it removed.
func NameOf(text string) Name {
	text = strings.TrimSpace(text)
	return Name{&text}
}

// Reveal gives the name. It is for the desk's page, which a clerk reads, alone.
func (n Name) Reveal() string {
	if n.text == nil {
		return ""
	}
	return *n.text
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

// Format hides the name from every verb of fmt.
func (n Name) Format(f fmt.State, _ rune) { fmt.Fprint(f, hidden) }

// String hides the name.
func (n Name) String() string { return hidden }

// GoString hides the name.
func (n Name) GoString() string { return hidden }

// LogValue hides the name from slog.
func (n Name) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the name from JSON and XML.
func (n Name) MarshalText() ([]byte, error) { return []byte(hidden), nil }
