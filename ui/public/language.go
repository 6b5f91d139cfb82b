// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/ui/text"
)

const languageCookie = "fotobox-language"

// languageOf is the language that the citizen chose, otherwise the first one of
// the browser's that the catalogue has, otherwise the office's.
func languageOf(r *http.Request) text.Language {
	if c, err := r.Cookie(languageCookie); err == nil {
		if l, ok := text.Parse(c.Value, text.Languages()); ok {
			return l
		}
	}
	for tag := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ = strings.Cut(tag, ";")
		if l, ok := text.Parse(strings.TrimSpace(tag), text.Languages()); ok {
			return l
		}
	}
	return text.Languages()[0]
}

// chooseLanguage keeps the language for a year and goes back to the page.
func (s *site) chooseLanguage(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	if l, ok := text.Parse(r.PostForm.Get("language"), text.Languages()); ok {
		http.SetCookie(w, &http.Cookie{
			Name: languageCookie, Value: string(l), Path: "/", HttpOnly: true, Secure: s.Secure || r.TLS != nil,
			SameSite: http.SameSiteLaxMode, MaxAge: int((365 * 24 * time.Hour).Seconds()),
		})
	}
	http.Redirect(w, r, local(r.PostForm.Get("back")), http.StatusSeeOther)
	return nil
}

// local gives an address below / of these pages, and / for every other one:
// browsers read // and /\ as the beginning of another host.
func local(address string) string {
	address = cmp.Or(address, "/")
	if !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || strings.ContainsAny(address, "\\\r\n\t") {
		return "/"
	}
	return address
}
