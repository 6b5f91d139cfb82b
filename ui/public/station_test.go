// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"net/http"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
)

// TestPhotoPage: the page proposes a station where a photo is wanted and only as
// long as it can be taken.
func TestPhotoPage(t *testing.T) {
	o := newTown(t)
	c := o.citizen()
	a := o.booked(t, o.free(t, "mitte", 50), "Erika")
	c.get(t, o.link(link.View, a)).want(t, http.StatusOK, "Machen Sie Ihr Foto vorher", "Foyer, links neben dem Eingang", "Bürger-Service Mitte", "Frühestens: ", "96 Stunden")
	if _, err := o.book.Advance(t.Context(), a.ID, book.Step{Do: book.Cancel, At: time.Now(), Actor: "citizen"}); err != nil {
		t.Fatal(err)
	}
	c.get(t, o.link(link.View, a)).want(t, http.StatusOK).without(t, "Machen Sie Ihr Foto vorher")
	form := c.post(t, "/hold", chosen("mitte", register, 1, o.free(t, "mitte", 50), "ONE")).leads(t, "/held/")
	c.post(t, form, erika()).leads(t, "/held/")
	c.post(t, o.link(link.Confirm, o.held(t, form)), nil).leads(t, "/appointment/")
	c.get(t, o.link(link.View, o.held(t, form))).want(t, http.StatusOK, "Wohnsitz anmelden").without(t, "Machen Sie Ihr Foto vorher")
}
