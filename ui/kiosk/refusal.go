// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
)

// refusal is a request that is not answered. key names what the citizen is
// told (kiosk.refusal.<key>); err is for the log only.
type refusal struct {
	status int
	key    string
	err    error
}

func (r refusal) Error() string {
	if r.err == nil {
		return r.key
	}
	return fmt.Sprintf("%s: %v", r.key, r.err)
}

func (r refusal) Unwrap() error { return r.err }

// adapt answers for handlers that return an error before they have written.
func (k *kiosk) adapt(h func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := h(w, r)
		if err == nil {
			return
		}
		no, ok := errors.AsType[refusal](err)
		if !ok {
			no = refusal{http.StatusInternalServerError, "fault", err}
		}
		if no.status >= http.StatusInternalServerError && r.Context().Err() == nil {
			k.log.Error("kiosk request refused", slog.String("path", route(r)), slog.Any("err", no.err))
		}
		k.refuse(w, r, no)
	})
}

// route is the pattern and not the path, which bears a nonce.
func route(r *http.Request) string { return r.Pattern }

// refuse answers problem details (RFC 9457) to the page's script and words to a person.
func (k *kiosk) refuse(w http.ResponseWriter, r *http.Request, no refusal) {
	l := k.screen.language
	if s, err := k.now(r.Context()); err == nil {
		l = k.screen.speaks(s)
	}
	words := l.Text("kiosk.refusal." + no.key)
	if !scripted(r) {
		http.Error(w, words, no.status)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(no.status)
	json.NewEncoder(w).Encode(map[string]any{ // an error is a page that has gone
		"type": "about:blank", "status": no.status, "title": words, "key": no.key,
	})
}

// scripted reports whether the page's script asks, and not a plain form.
func scripted(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "application/json")
}
