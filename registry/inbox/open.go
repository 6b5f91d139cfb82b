// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// ErrUnreadable says that an envelope does not open with the office's key, or
// is not what it was delivered as.
var ErrUnreadable = errors.New("envelope cannot be opened")

// drift is how far the manifest's time of capture may be from the time in the
// capture's id: a visit's photos are a few minutes older than its release.
const drift = 15 * time.Minute

// Opening is an opened capture. It is personal data: it goes to the clerk's
// screen and is kept nowhere.
type Opening struct {
	Item     Item
	Manifest envelope.Manifest
	Photos   [][]byte // JPEG, in the manifest's order
}

// Open opens a capture for a clerk and records that. Errors are ErrUnknown,
// ErrForgotten, ErrRefused and ErrUnreadable, or what the store met.
func (b *Inbox) Open(ctx context.Context, clerk string, id uuid.UUID) (Opening, error) {
	o, err := b.open(ctx, id)
	if err == nil {
		// Only what is in the record goes to the screen.
		o.Item, err = b.decide(ctx, id, Step{To: Opened, At: time.Now(), Clerk: clerk})
	}
	if err != nil {
		return Opening{}, fmt.Errorf("open capture %s: %w", id, err)
	}
	return o, nil
}

// TakeOver moves one photo of an opened capture, by its index, into the
// clerk's case and gives its JPEG. A photo that the engine does not accept
// needs a veto. Further errors are ErrTaken, ErrUnopened, ErrPhoto and ErrVeto.
func (b *Inbox) TakeOver(ctx context.Context, clerk string, id uuid.UUID, photo int, veto Veto) ([]byte, error) {
	o, err := b.open(ctx, id)
	if err == nil {
		s := Step{To: Taken, At: time.Now(), Clerk: clerk, Photo: photo, Photos: len(o.Photos), Accepted: o.accepted(photo), Veto: veto}
		_, err = b.decide(ctx, id, s)
	}
	if err != nil {
		return nil, fmt.Errorf("take over capture %s: %w", id, err)
	}
	return o.Photos[photo], nil
}

// Refuse ends an opened capture whose photos the clerk does not take, whatever
// the engine says, and asks for a new photo. Further errors are ErrTaken,
// ErrUnopened and ErrReason.
func (b *Inbox) Refuse(ctx context.Context, clerk string, id uuid.UUID, why Reason) error {
	if _, err := b.decide(ctx, id, Step{To: Refused, At: time.Now(), Clerk: clerk, Why: why}); err != nil {
		return fmt.Errorf("refuse capture %s: %w", id, err)
	}
	return nil
}

// Reopen takes a refusal back while the photos are there, or gives ErrUnrefused.
func (b *Inbox) Reopen(ctx context.Context, clerk string, id uuid.UUID) error {
	if _, err := b.decide(ctx, id, Step{To: Opened, At: time.Now(), Clerk: clerk, Again: true}); err != nil {
		return fmt.Errorf("reopen capture %s: %w", id, err)
	}
	return nil
}

// History is what the record says about a capture, also when its photos are
// erased and the office knows nothing else of it: empty when it never came or
// was too long ago.
func (b *Inbox) History(ctx context.Context, id uuid.UUID) ([]audit.Entry, error) {
	return audit.Of(ctx, b.store, "capture:"+id.String())
}

func (b *Inbox) decide(ctx context.Context, id uuid.UUID, s Step) (Item, error) {
	if s.Clerk == "" {
		return Item{}, errors.New("no clerk is named")
	}
	return b.change(ctx, id, s)
}

// open decrypts a capture and compares it with its item, without a record.
func (b *Inbox) open(ctx context.Context, id uuid.UUID) (o Opening, err error) {
	var sealed []byte
	err = b.store.Read(ctx, func(tx *sql.Tx) error {
		if o.Item, err = get(ctx, tx, id); err != nil {
			return err
		}
		sealed, err = b.store.Sealed(ctx, tx, id.String())
		if errors.Is(err, sql.ErrNoRows) {
			return ErrForgotten
		}
		return err
	})
	if err != nil {
		return Opening{}, err
	}
	if o.Manifest, o.Photos, err = envelope.Open(bytes.NewReader(sealed), b.identities...); err != nil {
		return Opening{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return o, o.check()
}

// check compares what the station sealed with what it delivered it as.
func (o Opening) check() error {
	off := o.Manifest.ExpiresAt.Sub(envelope.ExpiryOf(o.Item.ID)).Abs()
	switch {
	case o.Manifest.Capture != o.Item.ID:
		return fmt.Errorf("%w: manifest is of another capture", ErrUnreadable)
	case o.Manifest.Appointment != o.Item.Appointment:
		return fmt.Errorf("%w: manifest is of another appointment", ErrUnreadable)
	case off > drift:
		return fmt.Errorf("%w: manifest's times do not fit the capture's id", ErrUnreadable)
	}
	return nil
}

// accepted says whether the engine's report on the photo is a clear yes.
func (o Opening) accepted(photo int) bool {
	if photo < 0 || photo >= len(o.Manifest.Photos) {
		return false
	}
	var report struct {
		Verdict string `json:"verdict"`
	}
	err := json.Unmarshal(o.Manifest.Photos[photo].Report, &report)
	return err == nil && report.Verdict == "accept"
}

// Sealed gives the envelope of a capture as it arrived, for whoever holds the
// key that opens it, and records who took it.
func (b *Inbox) Sealed(ctx context.Context, actor string, id uuid.UUID, now time.Time) (sealed []byte, err error) {
	err = b.store.Write(ctx, func(tx *sql.Tx) error {
		i, err := get(ctx, tx, id)
		if err != nil {
			return err
		}
		if !i.ErasedAt.IsZero() || !now.Before(i.ExpiresAt) {
			return ErrForgotten
		}
		if sealed, err = b.store.Sealed(ctx, tx, id.String()); err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{At: now, Actor: actor, Action: "exported", Subject: "capture:" + id.String(), Detail: "sealed"})
	})
	if err != nil {
		return nil, fmt.Errorf("export capture %s: %w", id, err)
	}
	return sealed, nil
}
