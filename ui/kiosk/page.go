// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/ui/style"
	"github.com/fotobox-project/fotobox/ui/text"
)

//go:embed assets page.html icons.svg
var files embed.FS

// layout is read once; the file is part of the program, so that a fault in it
// is a fault of the build.
var layout = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(files, "page.html"))
})

// view is what the page is made of: the document that the script will apply
// again, and what never changes.
type view struct {
	Document
	Office    string
	Languages []text.Language
	Sheets    []string
	Icons     template.HTML
	Steps     []int
	Alphabet  []string
	Blank     blank
}

// blank is what the page's script copies for each new control.
type blank struct {
	Button Button
	Photo  Photo
	Tip    Tip
	Fact   Fact
}

// page renders the present screen, so that a reload changes nothing and a
// browser without script shows it too.
func (k *kiosk) page(w http.ResponseWriter, r *http.Request) error {
	s, err := k.now(r.Context())
	if err != nil {
		return err
	}
	icons, err := fs.ReadFile(files, "icons.svg")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return layout().Execute(w, view{
		Document:  k.screen.document(s, time.Now()),
		Office:    k.screen.office,
		Languages: text.Languages(),
		Sheets:    style.Sheets(),
		Icons:     template.HTML(icons), // our own file
		Steps:     make([]int, Steps),
		Alphabet:  strings.Split(appointment.Alphabet, ""),
	})
}

// own serves the page's script, style and nothing of a person.
func own() http.Handler { return style.Files(files, "no-cache") }
