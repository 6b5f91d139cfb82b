// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/registry/clerks"
	"github.com/fotobox-project/fotobox/registry/inbox"
)

const (
	// soon is when a photo that nobody decided about is marked: less than an office's day is left.
	soon = 8 * time.Hour
	// absent is how long after the end of a slot its citizen is called before those who come later.
	absent = time.Hour
)

// Expiring reports whether the photo waits and is erased soon.
func (r row) Expiring(now time.Time) bool { return r.Waits() && r.Capture.Due().Sub(now) < soon }

// elsewhere reports whether another clerk works on the photo, as far as anybody knows.
func (r row) elsewhere(clerk string, now time.Time) bool {
	return r.State() == inbox.Opened && r.Capture.ChangedBy != clerk && now.Sub(r.Capture.ChangedAt) < clerks.Idle
}

// upNext is whom this clerk calls next, nil for nobody: the first slot whose photo
// waits, of those who may still be there; then the first one whose photo is to
// come; then those who are overdue. Whom another clerk has called is left out.
func upNext(rows []row, clerk string, now time.Time) *row {
	var coming, overdue *row
	for i, r := range rows {
		switch here := r.End().Add(absent).After(now); {
		case r.Waits() && r.elsewhere(clerk, now):
		case r.Waits() && here:
			return &rows[i]
		case r.Waits() && overdue == nil:
			overdue = &rows[i]
		case r.State() == "none" && r.End().After(now) && coming == nil:
			coming = &rows[i]
		}
	}
	if coming != nil {
		return coming
	}
	return overdue
}

// Page is the address that shows the row's photo, or waits for it.
func (r row) Page() string {
	if r.Waits() {
		return "/captures/" + r.Capture.ID.String()
	}
	return "/appointments/" + r.ID.String()
}

// next leads to the next citizen, or to the list when there is none.
func (d *desk) next(w http.ResponseWriter, r *http.Request, clerk string) error {
	now := time.Now()
	l, err := d.dayList(r.Context(), clerk, now, now)
	if err != nil {
		return err
	}
	to := "/"
	if l.Next != nil {
		to = l.Next.Page()
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
