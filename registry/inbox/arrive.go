// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// ahead is how far a station's clock may be ahead of the office's.
const ahead = 5 * time.Minute

// Why a delivery is not taken in. Each is also the answer to the station.
var (
	ErrBody     = problem.New(http.StatusBadRequest, "body", "content ended early or came too slowly")
	ErrID       = problem.New(http.StatusUnprocessableEntity, "capture-id", "capture's id is not a lower-case UUIDv7")
	ErrFuture   = problem.New(http.StatusUnprocessableEntity, "capture-in-future", "capture's time is more than 5 minutes ahead of the office's clock")
	ErrExpired  = problem.New(http.StatusUnprocessableEntity, "capture-expired", "capture is older than 96 hours and must be erased")
	ErrDigest   = problem.New(http.StatusUnprocessableEntity, "digest", "content does not have the announced SHA-256")
	ErrEnvelope = problem.New(http.StatusUnprocessableEntity, "envelope", "content is not an age file")
	ErrConflict = problem.New(http.StatusConflict, "conflict", "another content was delivered with this id")
	ErrTooLarge = problem.New(http.StatusRequestEntityTooLarge, "too-large", "envelope is larger than 32 MiB")
)

// arrive makes the item of a delivery. Late is no reason to refuse one, as
// long as the capture lives.
func arrive(i Item, now time.Time) (Item, audit.Entry, error) {
	if i.ID.Version() != 7 || i.ID.Variant() != uuid.RFC4122 {
		return Item{}, audit.Entry{}, ErrID
	}
	end := envelope.ExpiryOf(i.ID)
	switch taken := end.Add(-envelope.Lifetime); {
	case taken.After(now.Add(ahead)):
		return Item{}, audit.Entry{}, ErrFuture
	case !now.Before(end):
		return Item{}, audit.Entry{}, ErrExpired
	case taken.After(now): // a clock that is ahead buys no minute
		end = now.Add(envelope.Lifetime)
	}
	i.State, i.Photo = Arrived, -1
	i.ReceivedAt, i.ChangedAt, i.ExpiresAt = now, now, end
	return i, audit.Entry{At: now, Actor: "device:" + i.Device, Action: "delivered", Subject: "capture:" + i.ID.String()}, nil
}
