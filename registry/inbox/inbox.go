// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store"
)

// reserve is the room on the disk that no delivery uses: what is erased is
// recorded, and zeros over what lies in the database itself, as captures do after
// a restore, need as much room in its log.
const reserve = 64 << 20

// Inbox holds the captures of the office.
type Inbox struct {
	// Handover says that the registry software retrieves what is taken over:
	// until it has, the bytes stay, and no longer than the capture lives.
	Handover bool
	// Delivered does its part of a delivery, in the same transaction: an error undoes
	// it. Nil does nothing. It is set before the inbox is used.
	Delivered func(ctx context.Context, tx *sql.Tx, i Item) error

	store      *store.Store
	receipt    ed25519.PrivateKey
	identities []age.Identity
	log        *slog.Logger
	reserve    int64
	watchers   watchers
	figures    figures
}

// New gives the captures kept in s. Deliveries are receipted with the receipt
// key and opened with the identities.
func New(s *store.Store, receipt ed25519.PrivateKey, identities []age.Identity, log *slog.Logger) *Inbox {
	return &Inbox{store: s, receipt: receipt, identities: identities, log: log, reserve: reserve, figures: newFigures()}
}

// String names the task.
func (b *Inbox) String() string { return "inbox" }

// List gives the captures that were received on the day that begins at day,
// the newest first.
func (b *Inbox) List(ctx context.Context, day time.Time) ([]Item, error) {
	return b.query(ctx, `WHERE received_at >= $1 AND received_at < $2 ORDER BY received_at DESC, id`,
		day.UnixMilli(), day.AddDate(0, 0, 1).UnixMilli())
}

// Of gives the captures of one appointment, the newest first.
func (b *Inbox) Of(ctx context.Context, a appointment.ID) ([]Item, error) {
	return b.query(ctx, `WHERE appointment = $1 ORDER BY received_at DESC, id`, a.String())
}

// Has says, within the caller's transaction, whether the appointment has a capture
// that a clerk may take over or has taken over.
func Has(ctx context.Context, tx *sql.Tx, a appointment.ID) (is bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT count(*) > 0 FROM items WHERE appointment = $1 AND state IN ($2, $3)`, a.String(), Arrived, Taken).Scan(&is)
	return is, err
}

// Get gives one capture, or ErrUnknown.
func (b *Inbox) Get(ctx context.Context, id uuid.UUID) (i Item, err error) {
	err = b.store.Read(ctx, func(tx *sql.Tx) error {
		i, err = get(ctx, tx, id)
		return err
	})
	return i, err
}

func (b *Inbox) query(ctx context.Context, where string, args ...any) (list []Item, err error) {
	err = b.store.Read(ctx, func(tx *sql.Tx) error {
		list, err = items(ctx, tx, where, args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list captures: %w", err)
	}
	return list, nil
}

func items(ctx context.Context, tx *sql.Tx, where string, args ...any) ([]Item, error) {
	return store.Collect(ctx, tx, scan, `SELECT `+columns+` FROM items `+where, args...)
}

// change makes one step with an item, records it, counts it and tells the watchers.
func (b *Inbox) change(ctx context.Context, id uuid.UUID, s Step) (next Item, err error) {
	err = b.store.Write(ctx, func(tx *sql.Tx) error {
		if s.To == Taken && b.Handover {
			if s.Handover, err = number(ctx, tx); err != nil {
				return err
			}
		}
		next, err = step(ctx, tx, id, s)
		return err
	})
	if err != nil {
		return Item{}, err
	}
	b.figures.steps.WithLabelValues(string(s.To)).Inc()
	b.log.Info("capture changed", "capture", id.String(), "step", string(s.To))
	b.watchers.tell()
	return next, nil
}

func step(ctx context.Context, tx *sql.Tx, id uuid.UUID, s Step) (Item, error) {
	i, err := get(ctx, tx, id)
	if err != nil {
		return Item{}, err
	}
	next, entry, err := i.Decide(s)
	if err != nil {
		return Item{}, err
	}
	if err := update(ctx, tx, next); err != nil {
		return Item{}, err
	}
	return next, audit.Append(ctx, tx, entry)
}

const columns = `id, appointment, device, digest, size, received_at, expires_at, state, changed_at, changed_by, photo, veto, erased_at, handover, retrieved_at, retrieved_by`

func get(ctx context.Context, tx *sql.Tx, id uuid.UUID) (Item, error) {
	i, err := scan(tx.QueryRowContext(ctx, `SELECT `+columns+` FROM items WHERE id = $1`, id.String()))
	if errors.Is(err, sql.ErrNoRows) {
		return Item{}, ErrUnknown
	}
	return i, err
}

func insert(ctx context.Context, tx *sql.Tx, i Item) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO items (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		i.ID.String(), i.Appointment.String(), i.Device, i.Digest, i.Size, i.ReceivedAt.UnixMilli(), i.ExpiresAt.UnixMilli(),
		i.State, i.ChangedAt.UnixMilli(), i.ChangedBy, i.Photo, i.Veto, millis(i.ErasedAt),
		i.Handover, millis(i.RetrievedAt), i.RetrievedBy)
	return err
}

// update writes what Decide changes, and erases the bytes when it says so.
func update(ctx context.Context, tx *sql.Tx, i Item) error {
	_, err := tx.ExecContext(ctx, `UPDATE items SET state = $1, changed_at = $2, changed_by = $3, photo = $4, veto = $5, erased_at = $6,
		handover = $7, retrieved_at = $8, retrieved_by = $9 WHERE id = $10`,
		i.State, i.ChangedAt.UnixMilli(), i.ChangedBy, i.Photo, i.Veto, millis(i.ErasedAt),
		i.Handover, millis(i.RetrievedAt), i.RetrievedBy, i.ID.String())
	if err != nil || i.ErasedAt.IsZero() {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM captures WHERE id = $1`, i.ID.String())
	return err
}

func scan(row store.Row) (i Item, err error) {
	var id, appt string
	var received, expires, changed, erased, retrieved int64
	err = row.Scan(&id, &appt, &i.Device, &i.Digest, &i.Size, &received, &expires,
		&i.State, &changed, &i.ChangedBy, &i.Photo, &i.Veto, &erased, &i.Handover, &retrieved, &i.RetrievedBy)
	if err != nil {
		return Item{}, err
	}
	i.ReceivedAt, i.ExpiresAt = moment(received), moment(expires)
	i.ChangedAt, i.ErasedAt, i.RetrievedAt = moment(changed), moment(erased), moment(retrieved)
	if i.Appointment, err = appointment.ParseID(appt); err != nil {
		return Item{}, err
	}
	i.ID, err = uuid.Parse(id)
	return i, err
}

// millis and moment keep the zero time as 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
