// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/ui/text"
)

const languageCookie = "fotobox-language"

// languageOf is the language that the clerk chose, otherwise the first one of
// the browser's that the catalogue has, otherwise the office's.
func languageOf(r *http.Request) text.Language {
	if l, ok := text.Parse(cookie(r, languageCookie), text.Staff()); ok {
		return l
	}
	for tag := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ = strings.Cut(tag, ";")
		if l, ok := text.Parse(strings.TrimSpace(tag), text.Staff()); ok {
			return l
		}
	}
	return text.Staff()[0]
}

// chooseLanguage keeps the language for a year and goes back to the page.
func (d *desk) chooseLanguage(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	if l, ok := text.Parse(r.PostForm.Get("language"), text.Staff()); ok {
		d.setCookie(w, r, languageCookie, string(l), http.SameSiteStrictMode, 365*24*time.Hour)
	}
	http.Redirect(w, r, local(r.PostForm.Get("back")), http.StatusSeeOther)
	return nil
}

// local gives an address below / of this desk, and / for every other one:
// browsers read // and /\ as the beginning of another host.
func local(address string) string {
	if !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || strings.ContainsAny(address, "\\\r\n\t") {
		return "/"
	}
	return address
}
