// SPDX-License-Identifier: EUPL-1.2

// Package text holds every sentence that people read or hear, by language and key.
package text

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed catalog
var files embed.FS

// A Language is one that the catalogue has, "de" for example.
// The zero value reads as German, the language of the office.
type Language string

// Easy is German in short sentences and plain words (Leichte Sprache).
const Easy Language = "de-easy"

// Languages lists the languages that citizens choose from, in the order in which a screen offers them.
func Languages() []Language {
	return []Language{"de", Easy, "en", "tr", "ar", "uk", "ru", "pl", "ro", "fr", "fa", "es"}
}

// Staff lists the languages of those who work with the programs. Only these have every text.
func Staff() []Language { return []Language{"de", "en"} }

// Parse reads a language as it is listed, or a BCP 47 tag, whose region is ignored. It reports
// false for a language that is not in the list.
func Parse(tag string, list []Language) (Language, bool) {
	l := Language(strings.ToLower(tag))
	if slices.Contains(list, l) {
		return l, true
	}
	base, _, _ := strings.Cut(string(l), "-")
	return Language(base), slices.Contains(list, Language(base))
}

// Tag is the language as HTML names it (BCP 47).
func (l Language) Tag() string {
	if l == Easy {
		return "de-simple"
	}
	return string(l)
}

// catalog is read once; the files are part of the program, so that a fault in
// them is a fault of the build.
var catalog = sync.OnceValue(func() map[Language]map[string]string {
	all := map[Language]map[string]string{}
	for _, l := range Languages() {
		words, err := read(files, l)
		if err != nil {
			panic("text: " + err.Error())
		}
		all[l] = words
	}
	return all
})

// read merges a language's areas. A key that stands in two areas is an error.
func read(fsys fs.FS, l Language) (map[string]string, error) {
	areas, err := fs.Glob(fsys, path.Join("catalog", string(l), "*.json"))
	if err != nil {
		return nil, err
	}
	words := map[string]string{}
	for _, name := range areas {
		area, err := readArea(fsys, name)
		if err != nil {
			return nil, err
		}
		for key, sentence := range area {
			if _, ok := words[key]; ok {
				return nil, fmt.Errorf("catalogue %s: key %q stands in another area too", name, key)
			}
			words[key] = sentence
		}
	}
	return words, nil
}

func readArea(fsys fs.FS, name string) (words map[string]string, err error) {
	data, err := fs.ReadFile(fsys, name)
	if err == nil {
		err = json.Unmarshal(data, &words)
	}
	if err != nil {
		return nil, fmt.Errorf("catalogue %s: %w", name, err)
	}
	return words, nil
}

// Text is the sentence of key, with args put in as by fmt.Sprintf. A key that
// the catalogue does not have comes back as itself, so that a screen still says something.
func (l Language) Text(key string, args ...any) string {
	words, ok := l.words()[key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return words
	}
	return fmt.Sprintf(words, args...)
}

// Has reports whether the language has the key.
func (l Language) Has(key string) bool {
	_, ok := l.words()[key]
	return ok
}

// Keys yields the language's keys in order.
func (l Language) Keys() iter.Seq[string] {
	return slices.Values(slices.Sorted(maps.Keys(l.words())))
}

// Direction is the writing direction as HTML names it: "ltr" or "rtl".
func (l Language) Direction() string {
	if slices.Contains([]Language{"ar", "fa"}, l) {
		return "rtl"
	}
	return "ltr"
}

// Name is the language's name in itself.
func (l Language) Name() string { return l.Text("language.name") }

func (l Language) words() map[string]string {
	if l == "" {
		l = Languages()[0]
	}
	return catalog()[l]
}
