// SPDX-License-Identifier: EUPL-1.2

package problem

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestRead(t *testing.T) {
	p := Read([]byte(`{"type":"urn:x","title":"a\nb\u0000\u001b[31m","detail":"` + strings.Repeat("ä", 1000) + `","status":409}`))
	if p.Type != "urn:x" || p.Title != "a b [31m" || p.Detail != strings.Repeat("ä", 250) || p.Status != 409 {
		t.Errorf("got %+v", p)
	}
	for _, none := range []string{"", "<html>", "[]", `{"title":1}`, `{"title":"x"`} {
		if p := Read([]byte(none)); p != (Problem{}) {
			t.Errorf("%q is read as %+v", none, p)
		}
	}
}

// FuzzRead: whatever a server answers can be logged and shown.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"type":"urn:x","title":"a\nb","detail":"\ud800","status":409}`))
	f.Add([]byte(`<html>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p := Read(data)
		for _, text := range []string{p.Title, p.Detail} {
			if len(text) > longest || !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
				t.Errorf("%q gives %q", data, text)
			}
		}
	})
}
