// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/fotobox-project/fotobox/registry/calendar"
)

// A form is what somebody changes of the town's calendar, with what was typed.
// It comes back as it was sent, from the preview too.
type form struct {
	Area   string // of its texts, "desk.rule."
	Action string // where it is sent to
	Back   string // where its page comes from
	Fields []field
	New    bool
	Lasts  bool // what it is about can be changed, but not removed
}

// A field is one input.
type field struct {
	Name    string
	Kind    string   // an input's type, or "choice", "days", "check"
	Values  []string // several for days only
	Options []option
	Least   int
	Most    int
	Needed  bool
	Fixed   bool   // shown, and not to be changed
	Wrong   string // key of what is wrong with it, or ""
}

// An option of a choice has a text, or a key.
type option struct{ Value, Text, Key string }

// Value is the only one, or the first.
func (f field) Value() string {
	if len(f.Values) == 0 {
		return ""
	}
	return f.Values[0]
}

// Has says whether the value was chosen.
func (f field) Has(value string) bool { return slices.Contains(f.Values, value) }

// Half says whether it stands beside another one.
func (f field) Half() bool { return slices.Contains([]string{"time", "number", "date"}, f.Kind) }

// Bounded says whether the number has bounds.
func (f field) Bounded() bool { return f.Most > 0 }

// read takes what was typed.
func (f *form) read(sent url.Values) {
	for i := range f.Fields {
		if in := &f.Fields[i]; !in.Fixed {
			in.Values = nil
			for _, v := range sent[in.Name] {
				in.Values = append(in.Values, strings.TrimSpace(v))
			}
		}
	}
}

func (f *form) field(name string) *field {
	i := slices.IndexFunc(f.Fields, func(in field) bool { return in.Name == name })
	if i < 0 {
		panic("desk: the form has no field " + name)
	}
	return &f.Fields[i]
}

func (f *form) value(name string) string { return f.field(name).Value() }

// wrong says that there is something wrong with a field; the first reason stays.
func (f *form) wrong(name, why string) {
	if in := f.field(name); in.Wrong == "" {
		in.Wrong = f.Area + "wrong." + why
	}
}

// Faults are the fields with which something is wrong.
func (f form) Faults() (all []field) {
	return slices.DeleteFunc(slices.Clone(f.Fields), func(in field) bool { return in.Wrong == "" })
}

// number reads a whole number; nothing is 0 where it is not needed.
func (f *form) number(name string) int {
	in := f.field(name)
	if in.Value() == "" && !in.Needed {
		return 0
	}
	n, err := strconv.Atoi(in.Value())
	if err != nil || n < in.Least || in.Bounded() && n > in.Most {
		f.wrong(name, name)
	}
	return n
}

// clock reads a time of day, "" as 0.
func (f *form) clock(name string) calendar.Clock {
	in := f.field(name)
	if in.Value() == "" && !in.Needed {
		return 0
	}
	c, err := calendar.ParseClock(in.Value())
	if err != nil {
		f.wrong(name, name)
	}
	return c
}

// day reads a day, "" as none.
func (f *form) day(name string) calendar.Day {
	d, err := calendar.ParseDay(f.value(name))
	if err != nil || d == 0 && f.field(name).Needed {
		f.wrong(name, name)
	}
	return d
}

// choice is one of the options.
func (f *form) choice(name string) string {
	in := f.field(name)
	if !slices.ContainsFunc(in.Options, func(o option) bool { return o.Value == in.Value() }) {
		f.wrong(name, name)
	}
	return in.Value()
}

func (f *form) checked(name string) bool { return f.field(name).Has("on") }

func check(on bool) []string {
	if on {
		return []string{"on"}
	}
	return nil
}

// blank is a number as a form has it, "" for 0.
func blank(n int) []string {
	if n == 0 {
		return nil
	}
	return []string{strconv.Itoa(n)}
}

// mark names a rule or a closure, or a whole plan, by what it says: whoever asks
// for one that was changed meanwhile finds none.
func mark(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic("desk: " + err.Error()) // plans are made of numbers and texts
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
