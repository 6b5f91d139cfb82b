// SPDX-License-Identifier: EUPL-1.2

package letter

import (
	"embed"
	"html/template"
	"strconv"
	"strings"
	"sync"

	"github.com/fotobox-project/fotobox/registry/post"
	"github.com/fotobox-project/fotobox/ui/text"
)

//go:embed page/letter.html
var files embed.FS

// page is read once; it is part of the program, so that a fault in it is a fault of the build.
var page = sync.OnceValue(func() *template.Template { return template.Must(template.ParseFS(files, "page/letter.html")) })

// A sheet is what a letter says, before it is set as text and as HTML.
type sheet struct {
	Language text.Language
	Title    string // and subject
	Parts    []part
	Sender   string
}

// A part has some of these.
type part struct {
	Heading string
	Lines   []string
	Facts   []fact
	Code    string // what the picture of the QR code is, for who does not see it
	Links   []anchor
}

// A fact is a name and a value. A code is read from left to right, also among
// letters that are not.
type fact struct {
	Name, Value string
	Code        bool
}

type anchor struct{ Text, Address string }

// say gives the sentence of a letter's key.
func (s *sheet) say(key string, args ...any) string { return s.Language.Text("letter."+key, args...) }

func (s *sheet) add(p part) { s.Parts = append(s.Parts, p) }

// fact adds what has a value.
func (p *part) fact(name, value string) {
	if value != "" {
		p.Facts = append(p.Facts, fact{Name: name, Value: value})
	}
}

// anchor adds a link, where there are pages to lead to.
func (p *part) anchor(text, address string) {
	if address != "" {
		p.Links = append(p.Links, anchor{text, address})
	}
}

// letter sets the sheet.
func (s *sheet) letter(to string) (post.Letter, error) {
	var html strings.Builder
	if err := page().Execute(&html, s); err != nil {
		return post.Letter{}, err
	}
	return post.Letter{To: []string{to}, Subject: s.Title, Text: s.plain(), HTML: html.String(), Language: s.Language.Tag()}, nil
}

// Greeting, Farewell and Automatic stand in every letter.
func (s *sheet) Greeting() string { return s.say("greeting") }

// Farewell stands before the sender.
func (s *sheet) Farewell() string { return s.say("sign") }

// Automatic says who reads an answer.
func (s *sheet) Automatic() string { return s.say("automatic") }

// Size is the side of the picture of the QR code, in pixels.
func (s *sheet) Size() string { return strconv.Itoa(codeSide) }

// plain is the letter for a screen of 80 letters, or for none: each address stands in a line of its own.
func (s *sheet) plain() string {
	blocks := []string{s.Greeting()}
	for _, p := range s.Parts {
		blocks = append(blocks, p.plain()...)
	}
	blocks = append(blocks, s.Farewell()+"\n"+s.Sender, "-- \n"+s.Automatic())
	return strings.Join(blocks, "\n\n") + "\n"
}

func (p part) plain() (blocks []string) {
	if p.Heading != "" {
		blocks = append(blocks, p.Heading)
	}
	blocks = append(blocks, p.Lines...)
	var facts []string
	for _, f := range p.Facts {
		value := f.Value
		if f.Code {
			value = "\u2066" + value + "\u2069" // left-to-right isolate
		}
		facts = append(facts, f.Name+": "+value)
	}
	if len(facts) > 0 {
		blocks = append(blocks, strings.Join(facts, "\n"))
	}
	for _, l := range p.Links {
		blocks = append(blocks, l.Text+":\n"+l.Address)
	}
	return blocks
}
