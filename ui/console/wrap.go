// SPDX-License-Identifier: EUPL-1.2

package console

import (
	"strings"
	"unicode/utf8"
)

// wrap breaks words into lines of at most that many pixels: at spaces, and
// within a word that is longer than a line.
func (l *sheet) wrap(words string, st style, width int) (set []string) {
	line := ""
	for word := range strings.FieldsSeq(words) {
		with := strings.TrimSpace(line + " " + word)
		if l.fonts.extent(with, st).X <= width {
			line = with
			continue
		}
		if line != "" {
			set = append(set, line)
		}
		for l.fonts.extent(word, st).X > width && utf8.RuneCountInString(word) > 1 {
			part := l.longest(word, st, width)
			set, word = append(set, part), word[len(part):]
		}
		line = word
	}
	if line != "" {
		set = append(set, line)
	}
	return set
}

// longest is the longest beginning of word that fits, at least one letter.
func (l *sheet) longest(word string, st style, width int) string {
	end := 0
	for at, r := range word {
		next := at + utf8.RuneLen(r)
		if end > 0 && l.fonts.extent(word[:next], st).X > width {
			break
		}
		end = next
	}
	return word[:end]
}

// cut shortens words to one line and marks that it did.
func (l *sheet) cut(words string, st style, width int) string {
	if l.fonts.extent(words, st).X <= width {
		return words
	}
	const mark = "..."
	return l.longest(words, st, width-l.fonts.extent(mark, st).X) + mark
}

// fit makes a text smaller until it fits the width.
func (l *sheet) fit(words string, st style, width int) style {
	for st.size > smallest && l.fonts.extent(words, st).X > width {
		st.size--
	}
	return st
}
