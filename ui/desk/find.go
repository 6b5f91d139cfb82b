// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
)

// find takes what a clerk scanned or typed: an appointment's QR code, a
// Terminkennung, or a part of a name on the day that the list shows. One match
// is opened, several are listed. It is a POST, so that neither names nor codes
// stand in addresses.
func (d *desk) find(w http.ResponseWriter, r *http.Request, clerk string) error {
	if err := parseForm(r); err != nil {
		return err
	}
	id, ok, err := d.byCode(r.Context(), r.PostForm.Get("q"))
	if err != nil {
		return err
	}
	if !ok {
		return d.byName(w, r, clerk)
	}
	http.Redirect(w, r, "/appointments/"+id.String(), http.StatusSeeOther)
	return nil
}

// byCode reports false for what is no code. A scanner set to another keyboard
// may change letters; its code then has a wrong length and is told as such.
func (d *desk) byCode(ctx context.Context, typed string) (id appointment.ID, ok bool, err error) {
	typed = strings.TrimSpace(typed)
	if code, err := appointment.Parse(typed); err == nil {
		return code.ID, true, nil
	}
	if strings.HasPrefix(strings.ToUpper(typed), "FB1") {
		return id, false, errUnreadable
	}
	k, err := appointment.ParseTerminkennung(typed)
	if err != nil {
		return id, false, nil
	}
	a, err := d.Book.ByTerminkennung(ctx, k)
	return a.ID, err == nil, err
}

func (d *desk) byName(w http.ResponseWriter, r *http.Request, clerk string) error {
	day, err := dayOf(r.PostForm.Get("day"), time.Now())
	if err != nil {
		return err
	}
	l, err := d.dayList(r.Context(), clerk, day, time.Now())
	if err != nil {
		return err
	}
	part := strings.TrimSpace(r.PostForm.Get("q"))
	if part == "" {
		http.Redirect(w, r, "/?day="+l.Address(), http.StatusSeeOther)
		return nil
	}
	l.Rows = slices.DeleteFunc(l.Rows, func(r row) bool { return !r.Name.Has(part) })
	l.Next, l.Strays, l.Searched = nil, nil, true
	if len(l.Rows) == 1 {
		http.Redirect(w, r, "/appointments/"+l.Rows[0].ID.String(), http.StatusSeeOther)
		return nil
	}
	return d.show(w, r, "list", http.StatusOK, l)
}
