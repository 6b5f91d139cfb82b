// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"slices"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
)

// appointment leads to the capture of an appointment, or says that none came.
func (d *desk) appointment(w http.ResponseWriter, r *http.Request, _ string) error {
	id, err := appointment.ParseID(r.PathValue("id"))
	if err != nil {
		return errAppointment
	}
	a, err := d.Book.Get(r.Context(), id)
	if err != nil {
		return err
	}
	captures, err := d.Inbox.Of(r.Context(), id)
	if err != nil {
		return err
	}
	if len(captures) == 0 {
		return d.show(w, r, "appointment", http.StatusOK, a)
	}
	http.Redirect(w, r, "/captures/"+slices.MaxFunc(captures, rank).ID.String(), http.StatusSeeOther)
	return nil
}

// dayAddress is that of the list with the appointment.
func dayAddress(a book.Appointment) string { return "/?day=" + dayList{Day: a.Start}.Address() }
