// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/queue"
	"github.com/fotobox-project/fotobox/registry/visits"
)

// hallFigures are those of the last 30 days, without persons.
type hallFigures struct {
	hall
	Since time.Time
	Sums  []queue.Sum
}

// Columns are the headings, as keys.
func (hallFigures) Columns() []string {
	return []string{
		"desk.queue.figures.booked", "desk.queue.figures.no-shows", "desk.queue.figures.tickets", "desk.queue.figures.used",
		"desk.queue.figures.missed", "desk.queue.figures.waited",
	}
}

// Share is how many of how many, in percent as the figures' page writes it.
func (v view) Share(count, of int) string {
	return v.T("desk.figures.percent", visits.Share{Count: count, Of: of}.Percent())
}

func (d *desk) hallFigures(w http.ResponseWriter, r *http.Request, _ string) error {
	if d.Queue == nil {
		return errNoQueue
	}
	now := time.Now()
	f := hallFigures{Since: visits.Month(now.In(book.Zone()))}
	var err error
	if f.hall.Offices, err = d.Queue.Offices(r.Context()); err != nil {
		return err
	}
	if f.Sums, err = d.Queue.Figures(r.Context(), f.Since, now); err != nil {
		return err
	}
	return d.show(w, r, "waiting-figures", http.StatusOK, f)
}
