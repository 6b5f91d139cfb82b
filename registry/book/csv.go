// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// header names the columns of a CSV file; they may stand in any order.
func header() []string { return []string{"start", "length_minutes", "service", "persons", "name"} }

// maxCSV is far above a year of a large office.
const maxCSV = 32 << 20

// Import puts the appointments of a CSV file into the book, all or none, and
// returns how many. Photos are wanted for all.
//
// The first line is "start,length_minutes,service,persons,name". A start is
// "2026-12-01 09:30" or "01.12.2026 09:30" in the office's time zone, or has an
// offset as in "2026-12-01T09:30:00+01:00". What Excel saves is accepted: a byte
// order mark, semicolons for commas, and Windows-1252 for UTF-8.
//
// The error names the line and what to do; it repeats nothing of the line.
func (b *Book) Import(ctx context.Context, r io.Reader) (n int, err error) {
	drafts, err := readCSV(r)
	if err != nil {
		return 0, fmt.Errorf("import appointments: %w", err)
	}
	added, err := b.insert(ctx, drafts, "appointment-imported")
	if err != nil {
		return 0, fmt.Errorf("import appointments: %w", err)
	}
	return len(added), nil
}

func readCSV(r io.Reader) ([]Appointment, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxCSV+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxCSV {
		return nil, errors.New("the file is larger than 32 MiB: split it")
	}
	text := decodeText(data)
	lines := csv.NewReader(strings.NewReader(text))
	if first, _, _ := strings.Cut(text, "\n"); strings.Contains(first, ";") {
		lines.Comma = ';'
	}
	columns, err := readHeader(lines)
	if err != nil {
		return nil, err
	}
	return readLines(lines, columns)
}

func readHeader(lines *csv.Reader) ([]string, error) {
	columns, err := lines.Read()
	for i := range columns {
		columns[i] = strings.ToLower(strings.TrimSpace(columns[i]))
	}
	sorted, want := slices.Sorted(slices.Values(columns)), slices.Sorted(slices.Values(header()))
	if err != nil || !slices.Equal(sorted, want) {
		return nil, fmt.Errorf("line 1: the column names are not there: write %q as the first line", strings.Join(header(), ","))
	}
	return columns, nil
}

func readLines(lines *csv.Reader, columns []string) (drafts []Appointment, err error) {
	for {
		fields, err := lines.Read()
		if err == io.EOF && len(drafts) == 0 {
			return nil, errors.New("line 2: there is no appointment: write one a line")
		}
		if err == io.EOF {
			return drafts, nil
		}
		if e, ok := errors.AsType[*csv.ParseError](err); ok {
			return nil, fmt.Errorf("line %d: %w: put fields with commas or quotes into \"quotes\"", e.Line, e.Err)
		}
		if err != nil {
			return nil, err
		}
		line, _ := lines.FieldPos(0)
		draft, err := readDraft(columns, fields)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		drafts = append(drafts, draft)
	}
}

func readDraft(columns, fields []string) (a Appointment, err error) {
	a.PhotoWanted = true
	for i, column := range columns {
		field := strings.TrimSpace(fields[i])
		switch column {
		case "start":
			a.Start, err = parseStart(field)
		case "length_minutes":
			var n int
			n, err = parseNumber(column, field, 255)
			a.Length = time.Duration(n) * time.Minute
		case "service":
			var n int
			n, err = parseNumber(column, field, 65535)
			a.Service = uint16(n)
		case "persons":
			a.Persons, err = parseNumber(column, field, 255)
		case "name":
			a.Name = NameOf(field)
		}
		if err != nil {
			return Appointment{}, err
		}
	}
	return a, a.checkNamed()
}

func parseNumber(column, field string, most int) (int, error) {
	n, err := strconv.Atoi(field)
	if err != nil || n < 0 || n > most {
		return 0, fmt.Errorf("%s: write a whole number up to %d", column, most)
	}
	return n, nil
}

// parseStart refuses the hour that the spring leaves out and the one that the
// autumn has twice: an offset says which is meant.
func parseStart(field string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, field); err == nil {
		return t.UTC(), nil
	}
	for _, layout := range []string{
		"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02T15:04:05",
		"2.1.2006 15:04", "2.1.2006 15:04:05",
	} {
		wall, err := time.Parse(layout, field)
		if err != nil {
			continue
		}
		t, err := inZone(wall)
		return t.UTC(), err
	}
	return time.Time{}, errors.New("start: write a time as 2026-12-01 09:30 or 01.12.2026 09:30")
}

// inZone finds the one moment at which the office's clocks show the wall time.
func inZone(wall time.Time) (found time.Time, err error) {
	const shown = "2006-01-02 15:04:05"
	moments := 0
	for _, offset := range []time.Duration{time.Hour, 2 * time.Hour} { // winter and summer time
		if t := wall.Add(-offset).In(Zone()); t.Format(shown) == wall.Format(shown) {
			found, moments = t, moments+1
		}
	}
	if moments != 1 {
		return time.Time{}, errors.New("start: the clocks change in that hour: add an offset as in 2026-10-25T02:30:00+01:00")
	}
	return found, nil
}

// decodeText drops a byte order mark and reads what is no UTF-8 as Windows-1252,
// in which German Excel saves plain CSV.
func decodeText(data []byte) string {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if utf8.Valid(data) {
		return string(data)
	}
	// 0x80 to 0x9f; the other bytes stand for the character of the same number.
	high := []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")
	var text strings.Builder
	for _, c := range data {
		if r := rune(c); r >= 0x80 && r < 0xa0 {
			text.WriteRune(high[r-0x80])
		} else {
			text.WriteRune(r)
		}
	}
	return text.String()
}
