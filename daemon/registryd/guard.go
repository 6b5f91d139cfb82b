// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/internal/problem"
)

const (
	// arriving is how long a request may take to come in, so that who sends slowly holds
	// nothing for long. A delivery and a stream of events take their own time.
	arriving = 20 * time.Second
	// answering is how long it may take in all; the longest is a delivery.
	answering = 5 * time.Minute
)

// guard stands before the routes of a door.
func guard(d door) http.Handler {
	next := d.handler
	if d.tls != nil { // programs ask there: each address is written in one way and leads nowhere else
		next = straight(next)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connection, now := http.NewResponseController(w), time.Now()
		_ = connection.SetReadDeadline(now.Add(arriving)) // a server's own connection has both
		_ = connection.SetWriteDeadline(now.Add(answering))
		next.ServeHTTP(w, r)
	})
}

// straight answers addresses with "..", "//" and the like as missing, which a
// ServeMux would lead elsewhere by a redirect.
func straight(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := r.URL.Path
		if clean := path.Clean(p); !strings.HasPrefix(p, "/") || p != clean && p != strings.TrimSuffix(clean, "/")+"/" {
			problem.Missing().ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}
