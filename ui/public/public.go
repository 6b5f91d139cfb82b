// SPDX-License-Identifier: EUPL-1.2

// Package public is the citizens' pages: who needs an appointment finds a time, books it, moves it and cancels it, without an account.
package public

import (
	"embed"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
	"github.com/fotobox-project/fotobox/registry/wishes"
	"github.com/fotobox-project/fotobox/ui/style"
)

//go:embed page
var files embed.FS

// Town is what the citizens' pages work with.
type Town struct {
	Name     string // as people know it: "Bürgeramt Musterstadt"
	Book     *book.Book
	Wishes   *wishes.Wishes // of those who found nothing free; nil: there is no queue
	Links    *link.Signer
	Stations []Station // where a photo can be taken before the appointment
	// Imprint, Privacy and Accessibility are addresses of the town's own pages; "" leaves one out.
	Imprint, Privacy, Accessibility string
	// Secure says that the pages stand behind a proxy that ends TLS.
	Secure bool
	// Limits is how often one address may ask; the zero Limits are the default.
	Limits Limits
	// Recent is how old a list of free times may be, so that the first of a rush
	// asks for all of it; 0: each looks for itself.
	Recent time.Duration
	Log    *slog.Logger
}

// site is a Town with its pages.
type site struct {
	Town
	pages  pages
	meters meters
	lists  recent[listed]
}

// New gives the citizens' pages. They are all below /, in every language of the
// catalogue.
func New(t Town) http.Handler {
	s := &site{Town: t, pages: parsePages(), meters: newMeters(t.Limits), lists: recent[listed]{life: t.Recent}}
	mux := http.NewServeMux()
	for _, route := range append(s.routes(), s.wishRoutes()...) {
		mux.Handle(route.pattern, s.answer(s.metered(route)))
	}
	for _, route := range s.operations() {
		mux.Handle(route.pattern, s.respond(s.metered(route)))
	}
	mux.Handle("/v1/", problem.Missing())
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(s.answer(func(http.ResponseWriter, *http.Request) error { return errForeign }))
	return headers(protection.Handler(mux))
}

// A route is one address of the pages.
type route struct {
	pattern string
	cost    cost
	serve   func(http.ResponseWriter, *http.Request) error
}

// routes is all that the citizens' pages answer: nothing is served that has no line here.
func (s *site) routes() []route {
	return []route{
		{"GET /kern/", free, served("/kern/", style.Handler())},
		{"GET /static/", free, served("/static/", static())},
		{"POST /language", look, s.chooseLanguage},
		{"GET /{$}", look, s.start},
		{"GET /offices", look, s.offices},
		{"GET /times", look, s.times},
		{"GET /hold", free, home},
		{"POST /hold", take, s.hold},
		{"GET /held/{link}", look, s.held},
		{"POST /held/{link}", take, s.submit},
		{"POST /held/{link}/return", take, s.giveBack},
		{"GET /confirm/{link}", look, s.confirmPage},
		{"POST /confirm/{link}", take, s.confirm},
		{"GET /appointment/{link}", look, s.appointment},
		{"GET /appointment/{link}/appointment.ics", look, s.calendarFile},
		{"GET /move/{link}", look, s.movePage},
		{"POST /move/{link}", take, s.move},
		{"GET /cancel/{link}", look, s.cancelPage},
		{"POST /cancel/{link}", take, s.cancel},
		{"/", look, func(http.ResponseWriter, *http.Request) error { return errNothing }},
	}
}

// headers says what a browser may do with the pages: run and show only what
// comes from here, and keep nothing.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "+
			"img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		// Signed addresses go nowhere else. Not no-referrer: with it a form's Origin would be "null", which is foreign.
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		h.Set("X-Robots-Tag", "noindex, nofollow")
		next.ServeHTTP(w, r)
	})
}

// served is a page of files below the prefix.
func served(prefix string, files http.Handler) func(http.ResponseWriter, *http.Request) error {
	files = http.StripPrefix(prefix, files)
	return func(w http.ResponseWriter, r *http.Request) error {
		files.ServeHTTP(w, r)
		return nil
	}
}

// static serves the pages' own style sheet and script.
func static() http.Handler {
	page, err := fs.Sub(files, "page/static")
	if err != nil {
		panic("public: " + err.Error()) // the directory is embedded above
	}
	server := http.FileServerFS(page)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "" || strings.HasSuffix(r.URL.Path, "/") { // no list of the files
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
		server.ServeHTTP(w, r)
	})
}

// home leads to the beginning.
func home(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}
