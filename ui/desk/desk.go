// SPDX-License-Identifier: EUPL-1.2

// Package desk shows the office's clerks today's appointments and the photos
// that arrived for them, and takes their decisions.
package desk

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"net/http"

	"github.com/fotobox-project/fotobox/registry/clerks"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/ui/style"
)

//go:embed page
var files embed.FS

// Office is what a desk works with.
type Office struct {
	Name   string // as people know it: "Bürgeramt Duisburg-Mitte"
	Clerks Clerks
	Staff  Staff
	// OpenID and Passkeys are more ways to sign in; nil: there is none.
	OpenID   OpenID
	Passkeys Passkeys
	Book     Book
	Town     Town
	// Letters says that citizens are told by mail of what happens to their appointments.
	Letters bool
	Inbox   Inbox
	// Queue is the waiting list; nil: this office has none.
	Queue  Queue
	Visits Visits
	// Stations has the stations, and takes decisions about them.
	Stations Stations
	Officer  Officer
	// Station names a station by the id of its certificate; nil shows the id.
	Station func(ctx context.Context, id string) string
	// Calendars and FeedKey, the secret part of an office's address there, give
	// calendar programs what they show; nil: there is nothing for them.
	Calendars Calendars
	FeedKey   func(office string) string
	// Record makes the XML that goes with a photo that was taken over.
	Record func(inbox.Opening) ([]byte, error)
	// Secure says that the desk stands behind a proxy that ends TLS: the cookies
	// are marked so although the desk itself speaks plain HTTP, and a request comes
	// from where the proxy's X-Forwarded-For says.
	Secure bool
	Log    *slog.Logger
}

// desk is an Office with its pages.
type desk struct {
	Office
	pages pages
	roles map[string][]clerks.Role // that may use a route, by its pattern
}

// New gives the desk's pages. They are all below /, in German and English.
func New(o Office) http.Handler {
	d := &desk{Office: o, pages: parsePages(), roles: map[string][]clerks.Role{}}
	mux := http.NewServeMux()
	for _, route := range d.routes() {
		d.roles[route.pattern] = route.roles
		mux.Handle(route.pattern, d.answer(d.guard(route)))
	}
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(d.answer(func(http.ResponseWriter, *http.Request) error { return errForeign }))
	return headers(protection.Handler(mux))
}

// headers says what a browser may do with the pages: run and show only what
// comes from here, and keep nothing.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "+
			"img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		// Not no-referrer: with it a form's Origin would be "null", which is foreign.
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		next.ServeHTTP(w, r)
	})
}

// static serves the desk's own style sheet and script.
func static() http.Handler {
	page, err := fs.Sub(files, "page/static")
	if err != nil {
		panic("desk: " + err.Error()) // the directory is embedded above
	}
	return style.Files(page, "no-cache")
}
