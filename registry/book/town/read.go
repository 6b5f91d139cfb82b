// SPDX-License-Identifier: EUPL-1.2

package town

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// maxFile is far more than a town's rules take, in bytes.
const maxFile = 4 << 20

// Read reads what Write writes. All four lists are to be there, so that nobody
// empties a calendar by leaving one out; unknown fields, and entries that make no
// sense or contradict each other, are errors.
func Read(r io.Reader) (book.Town, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("more than %d bytes", maxFile)
	}
	if err != nil {
		return book.Town{}, fmt.Errorf("read town: %w", err)
	}
	f := &file{data: data, dec: json.NewDecoder(bytes.NewReader(data))}
	if err := f.read(); err != nil {
		return book.Town{}, fmt.Errorf("read town: line %d: %w", f.line(), err)
	}
	return f.town, nil
}

// A file is what was read so far.
type file struct {
	data []byte
	dec  *json.Decoder
	at   int64 // where the entry or field that is looked at begins
	town book.Town
}

// line is that of the entry or field that is looked at, from 1.
func (f *file) line() int { return 1 + bytes.Count(f.data[:f.at], []byte("\n")) }

// mark is where the next entry or field begins.
func (f *file) mark() {
	rest := f.data[f.dec.InputOffset():]
	f.at = int64(len(f.data) - len(bytes.TrimLeft(rest, " \t\r\n,:")))
}

// token reads the next one, which is to be want.
func (f *file) token(want json.Delim) error {
	f.mark()
	t, err := f.dec.Token()
	if err != nil {
		return f.explain(err)
	}
	if t != want {
		return fmt.Errorf("found %v where %v belongs", t, want)
	}
	return nil
}

// explain moves to where the decoder stumbled.
func (f *file) explain(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		f.at = int64(len(f.data))
		return errors.New("the file ends too early")
	case errors.As(err, &syntax):
		f.at = min(max(syntax.Offset-1, 0), int64(len(f.data)))
	}
	return err
}

func (f *file) read() error {
	names := []string{"locations", "services", "rules", "closures"}
	seen, err := f.object(names, func(name string) error {
		switch name {
		case "locations":
			return list(f, "location", f.location)
		case "services":
			return list(f, "service", f.service)
		case "rules":
			return list(f, "rule", f.rule)
		}
		return list(f, "closure", f.closure)
	})
	if err != nil {
		return err
	}
	for _, name := range names {
		if !seen[name] {
			return fmt.Errorf("%s: the list is missing; write [] for none", name)
		}
	}
	f.mark()
	if _, err := f.dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something stands behind the end")
	}
	return nil
}

// object has each of its fields read, which stand once, and says which there are.
func (f *file) object(names []string, read func(name string) error) (seen map[string]bool, err error) {
	if err := f.token('{'); err != nil {
		return nil, err
	}
	seen = map[string]bool{}
	for f.dec.More() {
		f.mark()
		t, err := f.dec.Token()
		if err != nil {
			return nil, f.explain(err)
		}
		name, _ := t.(string)
		switch {
		case !slices.Contains(names, name):
			return nil, fmt.Errorf("there is no field %q, but %s", name, strings.Join(names, ", "))
		case seen[name]:
			return nil, fmt.Errorf("%s: stands twice", name)
		}
		seen[name] = true
		if err := read(name); err != nil {
			return nil, err
		}
	}
	return seen, f.token('}')
}

// list reads entries and has each taken, with what is wrong named by kind and number.
func list[T any](f *file, kind string, take func(T) error) error {
	if err := f.token('['); err != nil {
		return err
	}
	for n := 1; f.dec.More(); n++ {
		f.mark()
		begin := f.at
		var entry T
		_, err := f.object(fieldsOf[T](), func(name string) error { return field(f, name, &entry) })
		if err == nil {
			f.at = begin
			err = take(entry)
		}
		if err != nil {
			return fmt.Errorf("%s %d: %w", kind, n, err)
		}
	}
	return f.token(']')
}

// fieldsOf are the names that T's fields have in the file.
func fieldsOf[T any]() (names []string) {
	for f := range reflect.TypeFor[T]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

// field reads the value of one field into the entry.
func field[T any](f *file, name string, entry *T) error {
	f.mark()
	var value json.RawMessage
	if err := f.dec.Decode(&value); err != nil {
		return f.explain(err)
	}
	one, err := json.Marshal(map[string]json.RawMessage{name: value})
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(one))
	dec.DisallowUnknownFields()
	err = dec.Decode(entry)
	if wrong, is := errors.AsType[*json.UnmarshalTypeError](err); is {
		err = fmt.Errorf("%s where a value such as %s belongs", wrong.Value, wrong.Type)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (f *file) location(l book.Location) error {
	same := func(o book.Location) bool { return o.Code == l.Code }
	if slices.ContainsFunc(f.town.Locations, same) {
		return fmt.Errorf("code %q: there is another one", l.Code)
	}
	f.town.Locations = append(f.town.Locations, l)
	return l.Check()
}

func (f *file) service(s book.Service) error {
	same := func(o book.Service) bool { return o.Code == s.Code }
	if slices.ContainsFunc(f.town.Services, same) {
		return fmt.Errorf("code %d: there is another one", s.Code)
	}
	f.town.Services = append(f.town.Services, s)
	return s.Check()
}

// rule takes a rule that fits to those before.
func (f *file) rule(r calendar.Rule) error {
	if err := r.Check(); err != nil {
		return err
	}
	if err := f.place(r.Office); err != nil {
		return err
	}
	f.town.Rules = append(f.town.Rules, r)
	return f.town.Check()
}

func (f *file) closure(c calendar.Closure) error {
	if err := c.Check(); err != nil {
		return err
	}
	f.town.Closures = append(f.town.Closures, c)
	if c.Office == "" {
		return nil
	}
	return f.place(c.Office)
}

// place wants the office to be one of those above.
func (f *file) place(code string) error {
	if slices.ContainsFunc(f.town.Locations, func(l book.Location) bool { return l.Code == code }) {
		return nil
	}
	return fmt.Errorf("office: %q is none of the locations, which stand before rules and closures", code)
}
