// SPDX-License-Identifier: EUPL-1.2

package letter

import (
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/post"
)

// TestPhoto: a letter says where and when the photo can be taken that is there until
// the appointment is over, as it is when the letter is written.
func TestPhoto(t *testing.T) {
	const mitte, ruhrort = "Bürger-Service Mitte, Foyer: ", "Bürger-Service Ruhrort, 1. Stock: "
	w := newTown(t)
	a := w.books(t, "2026-12-08 09:30", "de", 1, book.Enter) // a Tuesday; from Friday at 9:45 a photo is kept
	tuesday := "Dienstag, 8. Dezember 2026, 08:00–09:30 Uhr"
	monday := "Montag, 7. Dezember 2026, 08:00–12:00 Uhr; " + tuesday
	for name, tc := range map[string]struct {
		stations []Station
		now      string
		want     string // "" for no proposal
		not      string
	}{
		"from Friday on":             {[]Station{{"mitte", "Foyer"}}, "2026-11-30 12:00", mitte + "Freitag, 4. Dezember 2026, 09:45–12:00 Uhr; " + monday, "zu diesen Zeiten"},
		"says when first":            {[]Station{{"mitte", "Foyer"}}, "2026-11-30 12:00", "frühestens am Freitag, 4. Dezember 2026, 09:45 Uhr", "zu diesen Zeiten"},
		"of its office alone":        {[]Station{{"ruhrort", "1. Stock"}, {"mitte", "Foyer"}}, "2026-11-30 12:00", mitte, ruhrort},
		"of another, with none here": {[]Station{{"ruhrort", "1. Stock"}}, "2026-11-30 12:00", ruhrort + "Freitag", mitte},
		"now":                        {[]Station{{"mitte", "Foyer"}}, "2026-12-07 10:30", "zu diesen Zeiten:", "frühestens"},
		"from now on":                {[]Station{{"mitte", "Foyer"}}, "2026-12-07 10:30", mitte + "Montag, 7. Dezember 2026, 10:30–12:00 Uhr; " + tuesday, "Freitag"},
		"too late":                   {[]Station{{"mitte", "Foyer"}}, "2026-12-08 09:25", "", "Foyer"},
		"an office without hours":    {[]Station{{"nowhere", "Foyer"}}, "2026-11-30 12:00", "", "Foyer"},
		"no station":                 {nil, "2026-11-30 12:00", "", "Foyer"},
	} {
		w.Stations = tc.stations
		l, err := w.Write(t.Context(), post.Message{Kind: post.Confirmed, About: a.ID.String()}, clock(t, tc.now))
		if err != nil || !strings.Contains(l.Text, tc.want) || strings.Contains(l.Text, tc.not) || strings.Contains(l.Text, "Passfoto") != (tc.want != "") {
			t.Errorf("%s: want %q and not %q, %v:\n%s", name, tc.want, tc.not, err, l.Text)
		}
	}
}
