// SPDX-License-Identifier: EUPL-1.2

// Package town reads and writes a town's offices, services, rules and closures as one JSON file, and has one of a large town.
//
// The file is an object of four lists:
//
//	{"locations": [...], "services": [...], "rules": [...], "closures": [...]}
//
// What each entry says is written at book.Location, book.Service, calendar.Rule
// and calendar.Closure. An error names the line, the entry and the field.
package town

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"

	"github.com/fotobox-project/fotobox/registry/book"
)

//go:embed duisburg.json
var duisburg []byte

// Duisburg is a town as large as Duisburg, with seven offices and thirty
// services: a year of its slots holds the 266,877 appointments of 2023. Its
// offices are open on Wednesday and Friday in the morning, and late on Thursday.
// Süd is not booked online yet. Hours, seats and closures are invented.
func Duisburg() book.Town {
	t, err := Read(bytes.NewReader(duisburg))
	if err != nil {
		panic("town: " + err.Error()) // it is part of the program
	}
	return t
}

// File is the text of Duisburg, to begin one's own with.
func File() []byte { return bytes.Clone(duisburg) }

// Write writes what Read reads, a line for each entry.
func Write(w io.Writer, t book.Town) error {
	var b bytes.Buffer
	b.WriteString("{")
	for i, list := range []struct {
		name    string
		entries []any
	}{
		{"locations", entries(t.Locations)}, {"services", entries(t.Services)}, {"rules", entries(t.Rules)}, {"closures", entries(t.Closures)},
	} {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "\n  %q: [", list.name)
		if err := lines(&b, list.entries); err != nil {
			return fmt.Errorf("write town: %w", err)
		}
		b.WriteString("]")
	}
	b.WriteString("\n}\n")
	_, err := b.WriteTo(w)
	return err
}

func entries[T any](list []T) (all []any) {
	for _, e := range list {
		all = append(all, e)
	}
	return all
}

func lines(b *bytes.Buffer, list []any) error {
	for i, e := range list {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n    ")
		enc := json.NewEncoder(b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(e); err != nil {
			return err
		}
		b.Truncate(b.Len() - 1) // the encoder's own end of line
	}
	if len(list) > 0 {
		b.WriteString("\n  ")
	}
	return nil
}
