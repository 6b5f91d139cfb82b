// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"strconv"
)

// A large view is one photo as large as the screen, to compare it with the face
// of who stands at the counter. What bears on the comparison stands with it.
type large struct {
	shotView
	Previous, Next int // numbers of the neighbouring photos, 0 for none
}

func (d *desk) large(w http.ResponseWriter, r *http.Request, clerk string) error {
	v, err := d.open(r, clerk)
	if err != nil {
		return err
	}
	if len(v.Shots) == 0 { // refused, or erased after a decision: the page of the capture says so
		http.Redirect(w, r, "/captures/"+v.Item.ID.String(), http.StatusSeeOther)
		return nil
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 || n > len(v.Shots) {
		return errPhoto
	}
	l := large{shotView: shotView{v, v.Shots[n-1]}, Previous: n - 1}
	if n < len(v.Shots) {
		l.Next = n + 1
	}
	return d.show(w, r, "large", http.StatusOK, l)
}
