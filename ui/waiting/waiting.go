// SPDX-License-Identifier: EUPL-1.2

// Package waiting shows in the hall which number is called to which counter.
//
// Its pages have numbers and counters and nothing of a person, so that everybody
// may see them: on the hall's screen, and on a telephone outside.
package waiting

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/queue"
	"github.com/fotobox-project/fotobox/ui/style"
	"github.com/fotobox-project/fotobox/ui/text"
)

//go:embed page
var files embed.FS

// Path is below which all pages are.
const Path = "/display/"

// officePath is below which each office has its page.
const officePath = Path + "office/"

// unnamed stands in an address for the office of a town that has no list of offices.
const unnamed = "_"

// display is the pages of all offices.
type display struct {
	boards *boards
	queue  Queue
	name   string
	log    *slog.Logger
	page   *template.Template
}

// New gives the pages, all below Path. The name is the town's, or that of its only office.
func New(q Queue, name string, log *slog.Logger) http.Handler {
	d := &display{
		boards: &boards{queue: q, streams: make(chan struct{}, mostStreams)}, queue: q, name: name, log: log,
		page: template.Must(template.ParseFS(files, "page/*.html")),
	}
	mux := http.NewServeMux()
	mux.Handle("GET "+Path+"kern/", http.StripPrefix(Path+"kern/", style.Handler()))
	mux.Handle("GET "+Path+"static/{file}", http.HandlerFunc(static))
	mux.Handle("GET "+Path+"{$}", d.answer(d.offices))
	mux.Handle("GET "+officePath+"{office}", d.answer(d.board))
	mux.Handle("GET "+officePath+"{office}/events", d.answer(d.stream))
	mux.Handle("/", d.answer(func(http.ResponseWriter, *http.Request) error { return book.ErrNotFound }))
	return headers(mux)
}

// headers says what a browser may do with the pages: run and show only what
// comes from here, and keep nothing.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		next.ServeHTTP(w, r)
	})
}

func static(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeFileFS(w, r, files, "page/static/"+r.PathValue("file"))
}

// answer is the one place where an error becomes a page.
func (d *display) answer(serve func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := serve(w, r)
		switch {
		case err == nil:
		case errors.Is(err, book.ErrNotFound):
			http.Error(w, languageOf(r).Text("waiting.nothing"), http.StatusNotFound)
		case errors.Is(err, errMany):
			w.Header().Set("Retry-After", "60")
			http.Error(w, languageOf(r).Text("waiting.away"), http.StatusServiceUnavailable)
		default:
			if r.Context().Err() == nil { // whoever asked is still there
				d.log.Error("request failed", "method", r.Method, "pattern", r.Pattern, "error", err)
			}
			http.Error(w, languageOf(r).Text("waiting.away"), http.StatusServiceUnavailable)
		}
	})
}

// A view is what the templates work with.
type view struct {
	Language text.Language
	Office   string // its name
	Code     string // as it stands in the address
	Dark     string // "dark", "light", or "" as the screen says
	Board    queue.Board
	Offices  []book.Location
	location string // as the queue knows the office
	query    url.Values
}

// T is a text of the catalogue.
func (v view) T(key string, args ...any) string { return v.Language.Text("waiting."+key, args...) }

// Sheets are KERN's style sheets.
func (v view) Sheets() []string { return style.Sheets() }

// Languages are all that citizens choose from.
func (v view) Languages() []text.Language { return text.Languages() }

// Self is this page's address in the language.
func (v view) Self(l text.Language) string {
	q := url.Values{"lang": {string(l)}}
	for _, key := range []string{"theme", "sound"} {
		if value := v.query.Get(key); value != "" {
			q.Set(key, value)
		}
	}
	return officePath + v.Code + "?" + q.Encode()
}

// Of is the address of the office's page in this language.
func (v view) Of(l book.Location) string {
	return officePath + code(l) + "?" + url.Values{"lang": {string(v.Language)}}.Encode()
}

// Stream is the address of the page's events.
func (v view) Stream() string {
	return officePath + v.Code + "/events?" + url.Values{"lang": {string(v.Language)}}.Encode()
}

// Newest is the newest call of somebody who has not come yet.
func (v view) Newest() *queue.Call {
	for _, c := range v.Board.Calls {
		if !c.Serving {
			return &c
		}
	}
	return nil
}

// code is the office's as it stands in an address.
func code(l book.Location) string {
	if l.Code == "" {
		return unnamed
	}
	return l.Code
}

// offices leads to the only office, or lists them.
func (d *display) offices(w http.ResponseWriter, r *http.Request) error {
	all, err := d.queue.Offices(r.Context())
	if err != nil {
		return err
	}
	if len(all) == 1 {
		http.Redirect(w, r, officePath+code(all[0]), http.StatusSeeOther)
		return nil
	}
	return d.write(w, "offices", view{Language: languageOf(r), Office: d.name, Offices: all})
}

func (d *display) board(w http.ResponseWriter, r *http.Request) error {
	v, err := d.view(r)
	if err != nil {
		return err
	}
	return d.write(w, "board", v)
}

// view is the office's board at this moment.
func (d *display) view(r *http.Request) (view, error) {
	v := view{Language: languageOf(r), Code: r.PathValue("office"), query: r.URL.Query()}
	if theme := v.query.Get("theme"); theme == "dark" || theme == "light" {
		v.Dark = theme
	}
	l, err := d.office(r.Context(), v.Code)
	if err != nil {
		return view{}, err
	}
	v.location = l.Code
	if v.Office = l.Name; v.Office == "" {
		v.Office = d.name
	}
	v.Board, err = d.boards.of(r.Context(), l.Code)
	return v, err
}

func (d *display) office(ctx context.Context, code string) (book.Location, error) {
	if code == unnamed {
		code = ""
	}
	return d.queue.Office(ctx, code)
}

// write makes the whole page before it sends a byte.
func (d *display) write(w http.ResponseWriter, name string, v view) error {
	var page bytes.Buffer
	if err := d.page.ExecuteTemplate(&page, name, v); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	page.WriteTo(w) // a browser that went away needs no page
	return nil
}

// languageOf is the one of the address, otherwise the first of the browser's that
// citizens can choose, otherwise the office's.
func languageOf(r *http.Request) text.Language {
	if l, ok := text.Parse(r.URL.Query().Get("lang"), text.Languages()); ok {
		return l
	}
	for tag := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ = strings.Cut(tag, ";")
		if l, ok := text.Parse(strings.TrimSpace(tag), text.Languages()); ok {
			return l
		}
	}
	return text.Languages()[0]
}
