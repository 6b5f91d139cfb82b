// SPDX-License-Identifier: EUPL-1.2

package problem

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest text of a problem that is taken over, in bytes.
const longest = 500

// Read gives the problem that a server answered with, as far as it is one: of what anybody may have
// written, title and detail come as one line each, of printable characters and at most 500 bytes.
func Read(data []byte) (p Problem) {
	if json.Unmarshal(data, &p) != nil {
		return Problem{}
	}
	p.Title, p.Detail = line(p.Title), line(p.Detail)
	return p
}

func line(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, " "))
	text = strings.Join(strings.Fields(text), " ")
	for len(text) > longest {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}
