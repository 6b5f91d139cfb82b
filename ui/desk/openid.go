// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"net/http"
	"net/url"

	"github.com/fotobox-project/fotobox/registry/clerks"
)

// OpenIDBack is the page that the town's provider leads back to.
const OpenIDBack = "/sign-in/openid/back"

// OpenID lets clerks in whom the town's OpenID provider knows.
type OpenID interface {
	// Begin gives the provider's address and what the browser brings back.
	Begin(ctx context.Context, place, to string) (address, journey string, err error)
	// End takes what the provider sent back with the browser.
	End(ctx context.Context, place, journey string, back url.Values) (token, to string, err error)
}

var _ OpenID = (*clerks.Provider)(nil)

// toProvider sends the browser to the town's provider.
func (d *desk) toProvider(w http.ResponseWriter, r *http.Request) error {
	form := signInForm{To: local(r.FormValue("to"))}
	address, journey, err := d.OpenID.Begin(r.Context(), d.place(r), form.To)
	if err != nil {
		return d.refused(w, r, form, err)
	}
	d.setJourney(w, r, journey)
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// fromProvider takes the browser back. It answers with a page that leads on:
// after a redirect the browser would still count the request as the provider's
// and keep the session's cookie, which is of this site only, to itself.
func (d *desk) fromProvider(w http.ResponseWriter, r *http.Request) error {
	journey := d.journey(w, r)
	token, to, err := d.OpenID.End(r.Context(), d.place(r), journey, r.URL.Query())
	if err != nil {
		return d.refused(w, r, signInForm{To: "/"}, err)
	}
	d.welcome(w, r, token)
	v := d.view(r, "desk.signed-in")
	v.Onward, v.Back = local(to), "/"
	return d.pages.write(w, "signed-in", http.StatusOK, v)
}
