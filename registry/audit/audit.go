// SPDX-License-Identifier: EUPL-1.2

// Package audit keeps the office's record of who did what: entries are only
// ever added, and each carries a hash over the one before it.
//
// What is too old is cut off its beginning by [Shorten]; the rest stays chained.
// An entry is written in the transaction of the thing it records. It holds no
// personal data of citizens: the subject is an id. Whoever can write the file
// can also rewrite the whole chain or cut its end; comparing [Head] with a copy
// kept elsewhere shows that.
package audit

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/fotobox-project/fotobox/registry/store"
)

// Entry is one line of the record.
type Entry struct {
	At      time.Time // kept to the millisecond, in UTC
	Actor   string    // "clerk:name", "device:id" or "office"
	Action  string    // a verb in the past: "opened", "enrolled"
	Subject string    // the id of what it was done to, never a name
	Detail  string    // further facts in a word or two, may be empty
}

// Hash seals an entry and all before it.
type Hash [sha256.Size]byte

// String is the hash in hexadecimal.
func (h Hash) String() string { return fmt.Sprintf("%x", h[:]) }

// Append adds e at the end of the record, within the caller's transaction.
func Append(ctx context.Context, tx *sql.Tx, e Entry) error {
	if e.At.IsZero() || e.Actor == "" || e.Action == "" || e.Subject == "" {
		return errors.New("append audit entry: time, actor, action or subject is missing")
	}
	n, last, err := head(ctx, tx)
	if err != nil {
		return fmt.Errorf("append audit entry: %w", err)
	}
	hash := e.seal(n+1, last)
	_, err = tx.ExecContext(ctx,
		`INSERT INTO audit (seq, at, actor, action, subject, detail, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		n+1, e.At.UnixMilli(), e.Actor, e.Action, e.Subject, e.Detail, hash[:])
	if err != nil {
		return fmt.Errorf("append audit entry: %w", err)
	}
	return nil
}

// Head gives the number of the last entry, counted from the first one ever, and its hash.
func Head(ctx context.Context, s *store.Store) (n int, h Hash, err error) {
	err = s.Read(ctx, func(tx *sql.Tx) error {
		n, h, err = head(ctx, tx)
		return err
	})
	return n, h, err
}

func head(ctx context.Context, tx *sql.Tx) (n int, h Hash, err error) {
	var raw []byte
	err = tx.QueryRowContext(ctx, `SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1`).Scan(&n, &raw)
	if errors.Is(err, sql.ErrNoRows) {
		return start(ctx, tx)
	}
	copy(h[:], raw)
	return n, h, err
}

// seal hashes the entry as number n behind prev. Every text is preceded by its
// length, so that no two different entries give the same bytes.
func (e Entry) seal(n int, prev Hash) Hash {
	b := append([]byte("fotobox audit v1\x00"), prev[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(n))
	b = binary.BigEndian.AppendUint64(b, uint64(e.At.UnixMilli()))
	for _, text := range []string{e.Actor, e.Action, e.Subject, e.Detail} {
		b = binary.BigEndian.AppendUint64(b, uint64(len(text)))
		b = append(b, text...)
	}
	return sha256.Sum256(b)
}

// All yields the record from its beginning, without checking it.
func All(ctx context.Context, s *store.Store) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		err := s.Read(ctx, func(tx *sql.Tx) error {
			return each(ctx, tx, func(_ int, e Entry, _ Hash) error {
				if !yield(e, nil) {
					return errStop
				}
				return nil
			})
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(Entry{}, fmt.Errorf("read audit: %w", err))
		}
	}
}

var errStop = errors.New("stop")

// Of gives the entries about one subject in their order, without checking them.
func Of(ctx context.Context, s *store.Store, subject string) (list []Entry, err error) {
	err = s.Read(ctx, func(tx *sql.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, `SELECT seq, at, actor, action, subject, detail, hash FROM audit WHERE subject = $1 ORDER BY seq`, subject)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			_, e, _, err := scan(rows)
			if err != nil {
				return err
			}
			list = append(list, e)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("read audit of %s: %w", subject, err)
	}
	return list, nil
}

// each calls visit for every entry in order.
func each(ctx context.Context, tx *sql.Tx, visit func(n int, e Entry, h Hash) error) error {
	rows, err := tx.QueryContext(ctx, `SELECT seq, at, actor, action, subject, detail, hash FROM audit ORDER BY seq`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		n, e, h, err := scan(rows)
		if err != nil {
			return fmt.Errorf("entry %d: %w", n, err) // its number is read first
		}
		if err := visit(n, e, h); err != nil {
			return err
		}
	}
	return rows.Err()
}

func scan(row store.Row) (n int, e Entry, h Hash, err error) {
	var at int64
	var raw []byte
	err = row.Scan(&n, &at, &e.Actor, &e.Action, &e.Subject, &e.Detail, &raw)
	e.At = time.UnixMilli(at).UTC()
	if len(raw) == len(h) {
		copy(h[:], raw) // a hash of another length stays zero and fits no entry
	}
	return n, e, h, err
}
