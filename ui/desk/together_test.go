// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/fotobox-project/fotobox/registry/clerks"
	"github.com/fotobox-project/fotobox/registry/store"
)

// pair are two clerks and a data-protection officer; the name is the token.
type pair struct{}

func (pair) SignIn(_ context.Context, name, _, _ string) (string, error) { return name, nil }
func (pair) SignOut(context.Context, string) error                       { return nil }
func (p pair) Valid(ctx context.Context, token string) (clerks.Clerk, error) {
	return p.Session(ctx, token)
}

func (pair) Session(_ context.Context, token string) (clerks.Clerk, error) {
	switch token {
	case "adam", "berta":
		return clerks.Clerk{Name: token, Role: clerks.RoleClerk}, nil
	case "olaf":
		return clerks.Clerk{Name: token, Role: clerks.RoleOfficer}, nil
	}
	return clerks.Clerk{}, clerks.ErrSession
}

// TestTwoClerks open the same capture: each sees the other, and who comes second
// learns who decided, and what, and changes nothing.
func TestTwoClerks(t *testing.T) {
	o := openOffice(t, func(*store.Store) Clerks { return pair{} })
	a := o.books(t, 0, "Käthe Groß")
	id := o.delivers(t, a.ID, waitingReports())
	path := "/captures/" + id.String()
	adam, berta := o.signedInAs(t, "adam"), o.signedInAs(t, "berta")
	adam.get(t, path).without(t, "auch geöffnet")
	berta.get(t, path).want(t, http.StatusOK, "adam hat diese Aufnahme auch geöffnet", "Bitte sprechen Sie sich ab")
	adam.get(t, path).want(t, http.StatusOK, "berta hat diese Aufnahme auch geöffnet")
	adam.get(t, "/").want(t, http.StatusOK, "geöffnet", "adam")

	berta.post(t, path+"/take-over", url.Values{"photo": {"2"}}).leads(t, path)
	late := adam.post(t, path+"/take-over", url.Values{"photo": {"2"}})
	late.want(t, http.StatusConflict, "Schon entschieden", "berta war schneller", "Foto 2 ist übernommen")
	late.without(t, "auch geöffnet", "Gewähltes Foto übernehmen")
	adam.post(t, path+"/refuse", url.Values{"why": {"photo"}}).want(t, http.StatusConflict, "berta war schneller")
	if i := o.item(t, id); i.ChangedBy != "berta" || i.Photo != 1 {
		t.Errorf("item %+v", i)
	}
}

// TestRefusedMeanwhile: looking at, or deciding about, what another clerk refused does not take that back.
func TestRefusedMeanwhile(t *testing.T) {
	o := openOffice(t, func(*store.Store) Clerks { return pair{} })
	a := o.books(t, 0, "Käthe Groß")
	id := o.delivers(t, a.ID, waitingReports())
	path := "/captures/" + id.String()
	adam, berta := o.signedInAs(t, "adam"), o.signedInAs(t, "berta")
	adam.get(t, path)
	berta.get(t, path)
	berta.post(t, path+"/refuse", url.Values{"why": {"person"}}).leads(t, path)
	adam.post(t, path+"/take-over", url.Values{"photo": {"2"}}).want(t, http.StatusConflict, "berta war schneller", "Neues Foto ist verlangt")
	if i := o.item(t, id); i.State != "refused" || i.ChangedBy != "berta" {
		t.Errorf("item %+v", i)
	}
}
