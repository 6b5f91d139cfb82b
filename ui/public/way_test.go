// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"crypto/ed25519"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
)

// TestWay is a citizen's whole way: choose, hold, fill, confirm, look, move, cancel.
func TestWay(t *testing.T) {
	o := newTown(t)
	c := o.citizen()
	c.get(t, "/").want(t, http.StatusOK, "Termin buchen", "Reisepass beantragen", "Schritt 1 von 4", "https://www.example.org/datenschutz").without(t, "%!", "public.")
	offices := c.get(t, "/offices?service=102&persons=1").want(t, http.StatusOK, "Bürger-Service Mitte", "Bürger-Service Ruhrort").without(t, "Stadtarchiv", "%!", "public.")
	times := c.get(t, offices.address(t, "/times?office=mitte")).want(t, http.StatusOK, "Vormittag", "08:00", "Spätere Tage").without(t, "%!", "public.")
	start := o.free(t, "mitte", 3)
	form := c.post(t, "/hold", chosen("mitte", passport, 1, start, times.nonce(t))).leads(t, "/held/")
	a := o.held(t, form)
	if a.State != book.Reserved || !a.Start.Equal(start) || a.Location != "mitte" {
		t.Fatalf("held: %+v", a)
	}
	c.get(t, form).want(t, http.StatusOK, "Ihre Angaben", "Noch 10 Minuten").without(t, "%!", "public.")
	form = c.post(t, form, erika()).leads(t, "/held/")
	c.get(t, form).want(t, http.StatusOK, "Sehen Sie in Ihr E-Mail-Postfach", "erika@example.org").without(t, "Erika", "%!", "public.", a.Terminkennung.String())
	if a = o.get(t, a.ID); a.State != book.Preconfirmed || a.Name.Reveal() != "Erika Mustermann" || a.Language != "de" {
		t.Fatalf("submitted: %s, %s", a.State, a.Language)
	}
	confirm := o.link(link.Confirm, a)
	c.get(t, confirm).want(t, http.StatusOK, "Ja, ich komme").without(t, "%!", "public.")
	if a = o.get(t, a.ID); a.State != book.Preconfirmed {
		t.Errorf("looking at the link made it %s", a.State)
	}
	view := c.post(t, confirm, nil).leads(t, "/appointment/")
	a = o.get(t, a.ID)
	page := c.get(t, view).want(t, http.StatusOK, "Ihr Termin ist gebucht", a.Terminkennung.String(), "Bürger-Service Mitte", "Machen Sie Ihr Foto vorher", "Foyer, links neben dem Eingang", "<svg").without(t, "%!", "public.")
	other := o.free(t, "ruhrort", 5)
	move := page.address(t, "/move/")
	c.get(t, move).want(t, http.StatusOK, "Termin verschieben", "Ihr Termin ist jetzt").without(t, "%!", "public.")
	c.get(t, move+"?office=ruhrort&start="+strconv.FormatInt(other.Unix(), 10)).want(t, http.StatusOK, "Ja, verschieben", "Bürger-Service Ruhrort").without(t, "%!", "public.")
	view = c.post(t, move, chosen("ruhrort", 0, 0, other, "")).leads(t, "/appointment/")
	a = o.get(t, a.ID)
	if a.Revision != 1 || a.Location != "ruhrort" || !a.Start.Equal(other) {
		t.Errorf("moved: %+v", a)
	}
	page = c.get(t, view).want(t, http.StatusOK, "Ihr Termin wurde verschoben", "Bürger-Service Ruhrort")
	cancel := page.address(t, "/cancel/")
	c.get(t, cancel).want(t, http.StatusOK, "Möchten Sie diesen Termin absagen?", "Ja, Termin absagen").without(t, "%!", "public.")
	if a = o.get(t, a.ID); a.State != book.Confirmed {
		t.Errorf("looking at the link made it %s", a.State)
	}
	view = c.post(t, cancel, nil).leads(t, "/appointment/")
	c.get(t, view).want(t, http.StatusOK, "Dieser Termin ist abgesagt").without(t, "<svg", "/move/", "/cancel/", "%!", "public.")
	if a = o.get(t, a.ID); a.State != book.Cancelled {
		t.Errorf("cancelled: %s", a.State)
	}
}

// TestCodes: the page's code is the book's, and a move ends the one before.
func TestCodes(t *testing.T) {
	o := newTown(t)
	a := o.booked(t, o.free(t, "mitte", 0), "Erika")
	c := o.citizen()
	first, err := o.book.Code(a)
	if err != nil {
		t.Fatal(err)
	}
	page := c.get(t, o.link(link.View, a))
	c.post(t, page.address(t, "/move/"), chosen("mitte", 0, 0, o.free(t, "mitte", 9), "")).leads(t, "/appointment/")
	revoked, err := o.book.Revocations(t.Context(), time.Now())
	if err != nil || len(revoked) != 1 || revoked[0].ID != a.ID || revoked[0].Reason != appointment.Moved {
		t.Fatalf("revoked: %+v (%v)", revoked, err)
	}
	moved := o.get(t, a.ID)
	second, err := o.book.Code(moved)
	if err != nil || first.String() == second.String() {
		t.Errorf("the code is the same after the move (%v)", err)
	}
	check := appointment.Checker{Office: 5112000, Keys: []ed25519.PublicKey{o.key}, Revoked: revoked}
	for code, want := range map[string]appointment.Answer{first.String(): appointment.Moved, second.String(): appointment.OK} {
		if _, got := check.Check(code, moved.Start); got != want {
			t.Errorf("a station says %s, want %s", got, want)
		}
	}
	drawn, err := (&site{Town: Town{Book: o.book}}).qr(moved)
	if err != nil {
		t.Fatal(err)
	}
	if body := c.get(t, o.link(link.View, moved)).body; !strings.Contains(body, drawn.Path) {
		t.Error("the page does not show the code of the moved appointment")
	}
}
