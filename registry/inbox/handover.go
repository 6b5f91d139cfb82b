// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/registry/audit"
)

// ErrUntaken says that no clerk has taken a photo over for the registry software.
var ErrUntaken = errors.New("no photo of the capture is taken over")

// ErrRetrieved says that the registry software has the photo.
var ErrRetrieved = errors.New("photo is retrieved")

// Waits says whether a photo waits to be retrieved by the registry software.
func (i Item) Waits() bool {
	return i.State == Taken && i.Handover > 0 && i.RetrievedAt.IsZero() && i.ErasedAt.IsZero()
}

// retrieve ends the waiting; the bytes are due at once.
func (i Item) retrieve(s Step) (Item, audit.Entry, error) {
	switch {
	case !i.RetrievedAt.IsZero():
		return i, audit.Entry{}, ErrRetrieved
	case !i.Waits():
		return i, audit.Entry{}, ErrUntaken
	}
	i.RetrievedAt, i.RetrievedBy = s.At, s.By
	return i, i.entry(s, "retrieved", ""), nil
}

// Waiting lists at most limit captures whose photo waits for the registry
// software at now, from the one behind number after on.
func (b *Inbox) Waiting(ctx context.Context, after int64, limit int, now time.Time) ([]Item, error) {
	return b.query(ctx, `WHERE handover > $1 AND state = 'taken' AND retrieved_at = 0 AND erased_at = 0 AND expires_at > $2
		ORDER BY handover LIMIT $3`, after, now.UnixMilli(), limit)
}

// Fetch opens a capture that was taken over for who retrieves it, "vendor:<id>"
// or "folder", and records that and what of it is meant. The item stays as it is. Errors are
// ErrUnknown, ErrUntaken, ErrForgotten, ErrRetrieved and ErrUnreadable, or what the store met.
func (b *Inbox) Fetch(ctx context.Context, by, what string, id uuid.UUID) (Opening, error) {
	o, err := b.fetch(ctx, by, what, id)
	if err != nil {
		return Opening{}, fmt.Errorf("fetch capture %s: %w", id, err)
	}
	return o, nil
}

func (b *Inbox) fetch(ctx context.Context, by, what string, id uuid.UUID) (Opening, error) {
	i, err := b.Get(ctx, id)
	if err == nil {
		err = i.fetchable(time.Now())
	}
	if err != nil {
		return Opening{}, err
	}
	o, err := b.open(ctx, id)
	if err != nil {
		return Opening{}, err
	}
	// Nothing leaves that is not in the record.
	err = b.store.Write(ctx, func(tx *sql.Tx) error {
		s := Step{At: time.Now(), By: by}
		if o.Item, err = get(ctx, tx, id); err != nil {
			return err
		}
		if err := o.Item.fetchable(s.At); err != nil {
			return err
		}
		return audit.Append(ctx, tx, o.Item.entry(s, "fetched", what))
	})
	return o, err
}

func (i Item) fetchable(now time.Time) error {
	switch {
	case !i.RetrievedAt.IsZero():
		return ErrRetrieved
	case !i.ErasedAt.IsZero(), !now.Before(i.ExpiresAt):
		return ErrForgotten
	case !i.Waits():
		return ErrUntaken
	}
	return nil
}

// Retrieved records that the registry software has the photo. Its bytes are
// erased within a minute. Errors are those of Fetch.
func (b *Inbox) Retrieved(ctx context.Context, by string, id uuid.UUID) error {
	if by == "" {
		return errors.New("retrieve capture: nobody is named")
	}
	if _, err := b.change(ctx, id, Step{To: Retrieved, At: time.Now(), By: by}); err != nil {
		return fmt.Errorf("retrieve capture %s: %w", id, err)
	}
	return nil
}

// Fetched is the photo that was taken over.
func (o Opening) Fetched() []byte {
	if o.Item.Photo < 0 || o.Item.Photo >= len(o.Photos) {
		return nil
	}
	return o.Photos[o.Item.Photo]
}

// number draws the next number of a hand-over.
func number(ctx context.Context, tx *sql.Tx) (n int64, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE handover_number SET last = last + 1 RETURNING last`).Scan(&n)
	return n, err
}

// Holds says whether the photo that waits has this SHA-256: who retrieved it
// proves with it that all of it arrived. Nothing leaves, so nothing is recorded.
// Errors are those of Fetch.
func (b *Inbox) Holds(ctx context.Context, id uuid.UUID, sum [sha256.Size]byte) (bool, error) {
	o, err := b.open(ctx, id)
	if err == nil {
		err = o.Item.fetchable(time.Now())
	}
	if err != nil {
		return false, fmt.Errorf("compare capture %s: %w", id, err)
	}
	return sha256.Sum256(o.Fetched()) == sum, nil
}
