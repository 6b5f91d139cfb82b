// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// magic is how every age file begins. What is no envelope gets no receipt: the
// station would erase its only copy.
const magic = "age-encryption.org/v1\n"

// Put takes in what a station delivers: the envelope in body, whose
// Content-Digest is digest. Created is false when the same envelope was
// delivered before; then the receipt is the same, too.
//
// When Put returns a receipt, the envelope survives a power cut. Errors are
// ErrBody, ErrID, ErrFuture, ErrExpired, ErrDigest, ErrEnvelope, ErrConflict,
// ErrTooLarge, store.ErrFull, or what the store met.
func (b *Inbox) Put(ctx context.Context, device string, id uuid.UUID, appt appointment.ID, digest string, body io.Reader) (r envelope.Receipt, created bool, err error) {
	return b.put(ctx, Item{ID: id, Appointment: appt, Device: device, Digest: digest}, body, time.Now())
}

func (b *Inbox) put(ctx context.Context, i Item, body io.Reader, now time.Time) (r envelope.Receipt, created bool, err error) {
	data, sum, err := receive(body)
	if err != nil {
		return envelope.Receipt{}, false, err
	}
	if announced, err := envelope.ParseDigest(i.Digest); err != nil {
		return envelope.Receipt{}, false, ErrDigest.Because("header Content-Digest carries no sha-256")
	} else if announced != sum {
		return envelope.Receipt{}, false, ErrDigest
	}
	if !bytes.HasPrefix(data, []byte(magic)) {
		return envelope.Receipt{}, false, ErrEnvelope
	}
	i.Digest, i.Size = envelope.Digest(sum), int64(len(data))
	if i, created, err = b.keep(ctx, i, data, now); err != nil {
		return envelope.Receipt{}, false, fmt.Errorf("put capture %s: %w", i.ID, err)
	}
	if created {
		b.figures.bytes.Add(float64(i.Size))
		b.watchers.tell()
	}
	return envelope.Receipt{ID: i.ID, Digest: i.Digest, ReceivedAt: i.ReceivedAt, ExpiresAt: i.ExpiresAt}.Sign(b.receipt), created, nil
}

// announced is a body with the length that its sender announced, -1 for none.
type announced struct {
	io.Reader
	size int64
}

// receive reads the body to its end and hashes it on the way. It is read
// before the transaction begins: a slow station must not hold up the office.
func receive(body io.Reader) (data []byte, sum [sha256.Size]byte, err error) {
	var all bytes.Buffer
	if a, ok := body.(announced); ok && a.size > 0 {
		all.Grow(int(min(a.size, envelope.MaxSize)) + bytes.MinRead) // ReadFrom asks for that much room at the end
	}
	hash := sha256.New()
	n, err := all.ReadFrom(io.TeeReader(io.LimitReader(body, envelope.MaxSize+1), hash))
	if err != nil {
		return nil, sum, fmt.Errorf("%w: %w", ErrBody, err)
	}
	if n > envelope.MaxSize {
		return nil, sum, ErrTooLarge
	}
	return all.Bytes(), [sha256.Size]byte(hash.Sum(nil)), nil
}

// keep stores item, bytes and audit entry in one transaction, or finds the item
// there already.
func (b *Inbox) keep(ctx context.Context, i Item, data []byte, now time.Time) (kept Item, created bool, err error) {
	if kept, err = b.kept(ctx, i); !errors.Is(err, ErrUnknown) {
		return kept, false, err
	}
	added, entry, err := arrive(i, now)
	if err != nil {
		return i, false, err
	}
	if err := b.room(added.Size); err != nil {
		return i, false, err
	}
	err = b.store.WriteSealed(ctx, added.ID.String(), data, func(tx *sql.Tx) error {
		return insert(ctx, tx, added)
	}, func(tx *sql.Tx) error {
		if err := audit.Append(ctx, tx, entry); err != nil || b.Delivered == nil {
			return err
		}
		return b.Delivered(ctx, tx, added)
	})
	if errors.Is(err, store.ErrDuplicate) { // the same capture came twice at once
		kept, err = b.kept(ctx, i)
		return kept, false, err
	}
	return added, err == nil, err
}

// kept gives the item of an earlier delivery of the same content, or ErrUnknown.
func (b *Inbox) kept(ctx context.Context, i Item) (Item, error) {
	kept, err := b.Get(ctx, i.ID)
	if err == nil && kept.Digest != i.Digest {
		err = ErrConflict
	}
	if err != nil {
		return i, err
	}
	return kept, nil
}

// room refuses what would use up the reserve. Where it is not known, the write
// itself meets a full disk.
func (b *Inbox) room(size int64) error {
	if room, err := b.store.Room(); err == nil && b.reserve > 0 && room < b.reserve+size {
		return store.ErrFull
	}
	return nil
}
