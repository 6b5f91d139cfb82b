// SPDX-License-Identifier: EUPL-1.2

package handover

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/inbox"
)

// The number of photos that one answer lists.
const (
	usual   = 100
	largest = 500
)

var (
	errSince = problem.New(http.StatusBadRequest, "since", "since is not the cursor of an earlier answer")
	errLimit = problem.New(http.StatusBadRequest, "limit", "limit is not a number from 1 to 500")
)

// listing is the answer to the question what was taken over.
type listing struct {
	Handovers []waiting `json:"handovers"`
	Next      string    `json:"next"` // since of the next question
	More      bool      `json:"more"` // ask at once
}

// waiting is one photo that waits. It says how the appointment is found and
// names nobody.
type waiting struct {
	Capture       uuid.UUID  `json:"capture"`
	Appointment   string     `json:"appointment"`
	Terminkennung string     `json:"terminkennung,omitempty"` // missing when the book has the appointment no more
	SlotStart     *time.Time `json:"slot_start,omitempty"`
	TakenOverAt   time.Time  `json:"taken_over_at"`
	ExpiresAt     time.Time  `json:"expires_at"`
	Photo         string     `json:"photo"`
	Record        string     `json:"record"`
}

func (a *API) list(w http.ResponseWriter, r *http.Request, _ string) error {
	since, err := number(r, "since", 0, 1<<62, 0, errSince)
	if err != nil {
		return err
	}
	limit, err := number(r, "limit", 1, largest, usual, errLimit)
	if err != nil {
		return err
	}
	items, err := a.Inbox.Waiting(r.Context(), since, int(limit)+1, time.Now())
	if err != nil {
		return err
	}
	l := listing{Handovers: []waiting{}, Next: strconv.FormatInt(since, 10), More: len(items) > int(limit)}
	for _, i := range items[:min(len(items), int(limit))] {
		one, err := a.waiting(r, i)
		if err != nil {
			return err
		}
		l.Handovers, l.Next = append(l.Handovers, one), strconv.FormatInt(i.Handover, 10)
	}
	problem.Encode(w, http.StatusOK, l)
	return nil
}

func (a *API) waiting(r *http.Request, i inbox.Item) (waiting, error) {
	path := "/v1/handovers/" + i.ID.String()
	one := waiting{
		Capture: i.ID, Appointment: i.Appointment.String(), TakenOverAt: i.ChangedAt, ExpiresAt: i.ExpiresAt,
		Photo: path + "/photo", Record: path + "/record",
	}
	b, err := a.Book.Get(r.Context(), i.Appointment)
	if errors.Is(err, book.ErrNotFound) {
		return one, nil
	}
	if err == nil {
		one.Terminkennung, one.SlotStart = b.Terminkennung.String(), &b.Start
	}
	return one, err
}

// number reads a whole number of the query.
func number(r *http.Request, name string, least, most, missing int64, refusal error) (int64, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return missing, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < least || n > most {
		return 0, refusal
	}
	return n, nil
}

var _ Book = (*book.Book)(nil)
