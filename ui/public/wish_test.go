// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/link"
	"github.com/fotobox-project/fotobox/registry/wishes"
)

// full is a town with one seat at mitte, on each day at eight for a quarter of an
// hour from tomorrow on, of which somebody has each; ours is one of them.
func full(t *testing.T) (o *town, ours book.Appointment) {
	t.Helper()
	rule := everyDay("mitte", 1)
	rule.To, rule.Internal, rule.First = 8*60+15, 0, calendar.DayOf(time.Now(), book.Zone())+3
	rule.Last = rule.First + 4
	o = townWith(t, rule)
	now := time.Now()
	all, err := o.book.Free(t.Context(), book.Request{Location: "mitte", Service: passport, Persons: 1}, now, now.AddDate(0, 0, 30), now)
	if err != nil || len(all) < 2 {
		t.Fatalf("%d free times: %v", len(all), err)
	}
	for _, f := range all {
		ours = o.booked(t, f.Start, "Ada")
	}
	return o, ours
}

// wanting is a form of a wish that anything fits.
func wanting(email string) url.Values {
	today := calendar.DayOf(time.Now(), book.Zone())
	return url.Values{
		"service": {"102"}, "persons": {"1"}, "offices": {"mitte", "ruhrort"}, "days": {"mon", "tue", "wed", "thu", "fri", "sat"}, "hours": {"any"},
		"first": {today.String()}, "last": {(today + 28).String()}, "email": {email}, "language": {"de"},
	}
}

// wishLink is the path of a signed address about a wish or an offer.
func (o *town) wishLink(p link.Purpose, id [8]byte) string {
	return o.links.Address("", link.Link{Purpose: p, ID: id, End: time.Now().Add(time.Hour)})
}

// leaves has the citizen leave a wish and answer its mail.
func (o *town) leaves(t *testing.T, c *citizen, email string) wishes.ID {
	t.Helper()
	c.post(t, "/wish", wanting(email)).leads(t, "/wished")
	id := o.told.last(t, wishes.ToConfirm).Wish
	c.post(t, o.wishLink(link.Confirm, id), nil).want(t, http.StatusOK, "Ihr Wunsch steht auf der Liste")
	return id
}

// TestWish: who finds nothing free leaves a wish, gets what somebody cancels as an
// offer, and takes it by saying their name.
func TestWish(t *testing.T) {
	o, ours := full(t)
	c := o.citizen()
	sold := c.get(t, "/offices?service=102&persons=1").want(t, http.StatusOK, "Zurzeit sind alle Termine vergeben", "Nichts Passendes dabei?")
	c.get(t, sold.address(t, "/wish?")).want(t, http.StatusOK, "Terminwunsch hinterlassen", "Bürger-Service Ruhrort", "Samstag", "Vormittag").without(t, "Stadtarchiv", "%!", "public.")
	c.post(t, "/wish", wanting("erika@example.org")).leads(t, "/wished")
	c.get(t, "/wished").want(t, http.StatusOK, "Drücken Sie innerhalb eines Tages auf den Link")
	id := o.told.last(t, wishes.ToConfirm).Wish
	confirm := o.wishLink(link.Confirm, id)
	c.get(t, confirm).want(t, http.StatusOK, "Ja, suchen Sie für mich").without(t, "%!", "public.")
	for range 2 {
		c.post(t, confirm, nil).want(t, http.StatusOK, "Ihr Wunsch steht auf der Liste")
	}
	c.get(t, confirm).want(t, http.StatusOK, "Ihr Wunsch steht auf der Liste")
	c.post(t, o.link(link.Cancel, ours), nil).leads(t, "/appointment/")
	offer := o.told.last(t, wishes.ToAnswer).Offer
	accept := o.wishLink(link.Accept, offer)
	c.get(t, accept).want(t, http.StatusOK, "Möchten Sie diesen Termin?", "Für Sie frei gehalten bis", "Bürger-Service Mitte").without(t, "%!", "public.")
	c.post(t, accept, url.Values{"name": {" "}}).want(t, http.StatusUnprocessableEntity, "Geben Sie Ihren Namen ein", `href="#name"`)
	for range 2 {
		view := c.post(t, accept, url.Values{"name": {"Erika Mustermann"}}).leads(t, "/appointment/")
		c.get(t, view).want(t, http.StatusOK, "Ihr Termin ist gebucht", "<svg")
	}
	a := o.get(t, offer)
	if a.State != book.Confirmed || a.Name.Reveal() != "Erika Mustermann" || a.Email.Reveal() != "erika@example.org" || !a.Start.Equal(ours.Start) {
		t.Errorf("it is %s: %v", a.State, a.Start)
	}
	c.get(t, o.wishLink(link.Withdraw, id)).want(t, http.StatusGone, "Diesen Wunsch gibt es nicht mehr")
}

// TestDecline: who lets an offer go keeps the wish, until they withdraw it; the
// links do nothing by being looked at, and nothing twice.
func TestDecline(t *testing.T) {
	o, ours := full(t)
	c := o.citizen()
	id := o.leaves(t, c, "erika@example.org")
	c.post(t, o.link(link.Cancel, ours), nil).leads(t, "/appointment/")
	offer := o.told.last(t, wishes.ToAnswer).Offer
	decline := o.wishLink(link.Decline, offer)
	c.get(t, decline).want(t, http.StatusOK, "Diesen Termin weitergeben?").without(t, "%!", "public.")
	if a := o.get(t, offer); a.State != book.Offered {
		t.Errorf("looking at the link made it %s", a.State)
	}
	c.post(t, decline, nil).want(t, http.StatusOK, "Der Termin geht an jemand anderen", "Ihr Wunsch bleibt auf der Liste")
	c.post(t, decline, nil).want(t, http.StatusGone, "Dieses Angebot gilt nicht mehr")
	c.get(t, o.wishLink(link.Accept, offer)).want(t, http.StatusGone, "Dieses Angebot gilt nicht mehr")
	c.post(t, o.wishLink(link.Accept, offer), url.Values{"name": {"Erika"}}).want(t, http.StatusGone, "Dieses Angebot gilt nicht mehr")
	withdraw := o.wishLink(link.Withdraw, id)
	c.get(t, withdraw).want(t, http.StatusOK, "Möchten Sie Ihren Wunsch zurückziehen?")
	if x, err := o.wishes.Get(t.Context(), id); err != nil || x.State != wishes.Waiting {
		t.Errorf("looking at the link made it %s (%v)", x.State, err)
	}
	c.post(t, withdraw, nil).want(t, http.StatusOK, "Ihr Wunsch ist zurückgezogen")
	c.post(t, withdraw, nil).want(t, http.StatusGone, "Diesen Wunsch gibt es nicht mehr")
	c.get(t, o.wishLink(link.Confirm, id)).want(t, http.StatusGone, "Diesen Wunsch gibt es nicht mehr")
	c.get(t, "/accept/"+strings.Repeat("A", 44)).want(t, http.StatusNotFound, "Dieser Link führt zu keinem Termin")
}

// TestTwoWishes: an address has one wish for a service, and who asks is not told
// of it before its mail is answered.
func TestTwoWishes(t *testing.T) {
	o, _ := full(t)
	c := o.citizen()
	o.leaves(t, c, "erika@example.org")
	c.post(t, "/wish", wanting("Erika@Example.org")).leads(t, "/wished")
	id := o.told.last(t, wishes.ToConfirm).Wish
	c.post(t, o.wishLink(link.Confirm, id), nil).want(t, http.StatusOK, "Sie haben schon einen Wunsch")
}

// TestWrongWish: what cannot be looked for stands beside its field, and what was
// ticked and typed stays.
func TestWrongWish(t *testing.T) {
	o, _ := full(t)
	c := o.citizen()
	for field, value := range map[string]string{"days": "", "last": "2020-01-01", "email": "erika", "language": "xx"} {
		form := wanting("erika@example.org")
		form.Set(field, value)
		form["offices"] = []string{"ruhrort"}
		a := c.post(t, "/wish", form).want(t, http.StatusUnprocessableEntity, `id="summary"`, `href="#`+field+`"`, `id="`+field+`-error"`, `id="office-ruhrort" checked`)
		a.without(t, `id="office-mitte" checked`, "%!", "public.")
	}
	c.get(t, "/wish?service=9").leads(t, "/")
	c.post(t, "/wish", url.Values{"service": {"9"}}).want(t, http.StatusBadRequest)
	if n := len(o.told.list); n != 0 {
		t.Errorf("%d mails are sent", n)
	}
}

// TestWishThatIsFree: what fits already is shown before anybody waits for it, and
// the wish can be left all the same.
func TestWishThatIsFree(t *testing.T) {
	o := newTown(t)
	c := o.citizen()
	form := wanting("erika@example.org")
	form.Set("hours", "afternoon")
	a := c.post(t, "/wish", form).want(t, http.StatusOK, "Diese Termine sind jetzt schon frei", "12:00 Uhr", "Wunsch trotzdem hinterlassen").without(t, "08:00 Uhr", "%!", "public.")
	if n := strings.Count(a.body, `name="start"`); n != 6 {
		t.Errorf("%d times, want 6", n)
	}
	form.Set("anyway", "yes")
	c.post(t, "/wish", form).leads(t, "/wished")
	x, err := o.wishes.Get(t.Context(), o.told.last(t, wishes.ToConfirm).Wish)
	if err != nil || x.Windows.String() != "mon 12-24, tue 12-24, wed 12-24, thu 12-24, fri 12-24, sat 12-24" || x.Offices != nil {
		t.Errorf("%s at %v (%v)", x.Windows, x.Offices, err)
	}
}

// TestNoQueue: where there is no queue, there is no page of one.
func TestNoQueue(t *testing.T) {
	o := townWith(t)
	h := New(Town{Name: "Musterstadt", Book: o.book, Links: o.links})
	o.server.Config.Handler = h
	c := o.citizen()
	c.get(t, "/offices?service=102&persons=1").want(t, http.StatusOK).without(t, "/wish")
	c.get(t, "/wish?service=102").want(t, http.StatusNotFound)
}
