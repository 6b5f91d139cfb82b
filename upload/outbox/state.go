// SPDX-License-Identifier: EUPL-1.2

package outbox

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/upload/envelope"
)

// Pending lists the envelopes that wait to be sent, oldest capture first.
func (o *Outbox) Pending() ([]Item, error) {
	items, err := o.list(newDir)
	if err != nil {
		return nil, fmt.Errorf("list pending: %w", err)
	}
	return slices.DeleteFunc(items, o.settled), nil // what is left of those, Open removes
}

// A Refusal is an envelope that the office does not want.
type Refusal struct {
	Item   Item
	Reason string
}

// Refused lists what was set aside, oldest capture first.
func (o *Outbox) Refused() ([]Refusal, error) {
	items, err := o.list(refusedDir)
	if err != nil {
		return nil, fmt.Errorf("list refused: %w", err)
	}
	refusals := make([]Refusal, len(items))
	for n, i := range items {
		reason, err := o.dir.Root.ReadFile(path.Join(refusedDir, i.stem()+reasonSuffix))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("list refused: %w", err)
		}
		refusals[n] = Refusal{i, string(reason)}
	}
	return refusals, nil
}

// Receipt returns the office's receipt of a sent item; fs.ErrNotExist when there is none.
func (o *Outbox) Receipt(item Item) ([]byte, error) {
	data, err := o.dir.Root.ReadFile(path.Join(sentDir, item.stem()+receiptSuffix))
	if err != nil {
		return nil, fmt.Errorf("receipt of %s: %w", item.Capture, err)
	}
	return data, nil
}

// Expire removes everything whose lifetime has ended and returns the number of envelopes among it,
// pending or refused: photos that the office never got. Receipts and reasons go with their capture.
// One file that cannot be removed does not keep the others.
func (o *Outbox) Expire(now time.Time) (lost int, err error) {
	return o.drop(func(expires time.Time) bool { return !expires.After(now) })
}

// Misdated removes what claims to be taken more than a lifetime from now and returns the number of
// envelopes among it. Nobody can say how old it is, and no office takes it as long as it may live.
// Now must be the true time: a clock that is behind would take every capture for such a one.
func (o *Outbox) Misdated(now time.Time) (lost int, err error) {
	return o.drop(func(expires time.Time) bool { return expires.After(now.Add(2 * envelope.Lifetime)) })
}

// drop removes what is to go by the end of its lifetime.
func (o *Outbox) drop(goes func(expires time.Time) bool) (lost int, err error) {
	err = o.each(func(file string, i Item, envelope bool) error {
		if !goes(i.Expires()) {
			return nil
		}
		if err := o.dir.Remove(file); err != nil {
			return err
		}
		if envelope && !o.has(sentDir, i.stem()+receiptSuffix) {
			lost++
		}
		return nil
	})
	if err != nil {
		return lost, fmt.Errorf("expire: %w", err)
	}
	return lost, nil
}

// NextExpiry returns when Expire will have something to remove, false when nothing is kept.
func (o *Outbox) NextExpiry() (at time.Time, ok bool, err error) {
	err = o.each(func(_ string, i Item, _ bool) error {
		if e := i.Expires(); !ok || e.Before(at) {
			at, ok = e, true
		}
		return nil
	})
	if err != nil {
		return time.Time{}, false, fmt.Errorf("next expiry: %w", err)
	}
	return at, ok, nil
}

// Newest returns when the newest capture was taken of which something is kept, its receipt alone
// perhaps; false when nothing is.
func (o *Outbox) Newest() (taken time.Time, ok bool, err error) {
	err = o.each(func(_ string, i Item, _ bool) error {
		if at := i.Expires().Add(-envelope.Lifetime); !ok || at.After(taken) {
			taken, ok = at, true
		}
		return nil
	})
	if err != nil {
		return time.Time{}, false, fmt.Errorf("newest capture: %w", err)
	}
	return taken, ok, nil
}

// each visits every file that belongs to an item, envelopes before receipts and reasons, and joins the errors.
func (o *Outbox) each(visit func(file string, i Item, envelope bool) error) error {
	var failed []error
	for _, kind := range []struct {
		folder, ending string
	}{
		{newDir, suffix}, {refusedDir, suffix}, {refusedDir, reasonSuffix}, {sentDir, receiptSuffix},
	} {
		entries, err := fs.ReadDir(o.dir.Root.FS(), kind.folder)
		failed = append(failed, err)
		for _, e := range entries {
			if i, ok := stemOf(e.Name(), kind.ending); ok {
				failed = append(failed, visit(path.Join(kind.folder, e.Name()), i, kind.ending == suffix))
			}
		}
	}
	return errors.Join(failed...)
}
