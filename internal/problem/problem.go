// SPDX-License-Identifier: EUPL-1.2

// Package problem answers HTTP requests with problem details (RFC 9457): what a
// caller may know and decide by, never what went wrong inside.
package problem

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"
)

// Problem is an error with its answer. Type is what a program decides by; it
// stays the same when Title and Detail are reworded.
type Problem struct {
	Type   string        `json:"type"` // "urn:fotobox:problem:" + key
	Title  string        `json:"title"`
	Status int           `json:"status"`
	Detail string        `json:"detail,omitempty"`
	After  time.Duration `json:"-"` // sent as Retry-After when not zero, in whole seconds
}

// New makes a problem. The key names its kind in a word or two joined by "-",
// the title says the same to a person.
func New(status int, key, title string) *Problem {
	return &Problem{Type: "urn:fotobox:problem:" + key, Title: title, Status: status}
}

// Because is the problem with a sentence about this one case. It must hold
// nothing personal and nothing of the inside.
func (p Problem) Because(detail string) *Problem {
	p.Detail = detail
	return &p
}

// Error is the title, with the detail behind it.
func (p *Problem) Error() string {
	if p.Detail == "" {
		return p.Title
	}
	return p.Title + ": " + p.Detail
}

// Is says whether target is a problem of the same type.
func (p *Problem) Is(target error) bool {
	other, ok := target.(*Problem)
	return ok && other.Type == p.Type
}

// ServeHTTP answers with the problem.
func (p *Problem) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if p.After > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.After+time.Second-1)/time.Second)))
	}
	w.WriteHeader(p.Status)
	json.NewEncoder(w).Encode(p) // a caller that went away needs no answer
}

// Handler adapts a handler that returns an error: a Problem is answered as it
// is, any other error is logged and answered 500 without a word about it. A
// caller that went away gets a bare 503, and nothing is logged: it may have
// closed only its own side, and must not read a success.
func Handler(log *slog.Logger, serve func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := serve(w, r)
		if err == nil {
			return
		}
		p, ok := errors.AsType[*Problem](err)
		if !ok && r.Context().Err() != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		if !ok {
			log.Error("request failed", "method", r.Method, "pattern", r.Pattern, "error", err)
			p = New(http.StatusInternalServerError, "internal", "internal error")
		}
		p.ServeHTTP(w, r)
	})
}

// Missing answers every path that has no handler.
func Missing() http.Handler {
	return New(http.StatusNotFound, "not-found", "there is nothing at this address")
}

// Only answers requests of other methods than the one allowed.
func Only(method string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", method)
		New(http.StatusMethodNotAllowed, "method", "method is not allowed here").ServeHTTP(w, r)
	})
}
