// SPDX-License-Identifier: EUPL-1.2

package backup

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"

	"filippo.io/age"

	"github.com/fotobox-project/fotobox/registry/store"
)

// Write writes a backup of the store into w, sealed for the recipients. It fills
// in the head's format and schema. Programs that work on the store go on;
// SQLite's log, and with it what was erased, is cut when the backup is done.
func Write(ctx context.Context, w io.Writer, s *store.Store, h Head, n Notary, to []age.Recipient) error {
	schema, err := s.Schema(ctx)
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	h.Format, h.Schema = format, schema
	sealed, err := age.Encrypt(w, to...)
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	b := &writer{w: sealed, hash: sha256.New(), store: s}
	err = s.Read(ctx, func(tx *sql.Tx) error { return b.all(ctx, tx, h) })
	if err == nil {
		err = b.end(n)
	}
	if err == nil {
		err = sealed.Close()
	}
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	return nil
}

// A writer writes lines and sums them up.
type writer struct {
	w     io.Writer
	hash  hash.Hash
	rows  int64
	store *store.Store
}

func (b *writer) line(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	text = append(text, '\n')
	b.hash.Write(text)
	_, err = b.w.Write(text)
	return err
}

func (b *writer) all(ctx context.Context, tx *sql.Tx, h Head) error {
	if err := b.line(h); err != nil {
		return err
	}
	for _, name := range kept() {
		if name == captures && !h.Captures {
			continue
		}
		if err := b.table(ctx, tx, name); err != nil {
			return fmt.Errorf("table %s: %w", name, err)
		}
	}
	return nil
}

func (b *writer) table(ctx context.Context, tx *sql.Tx, name string) error {
	rows, err := tx.QueryContext(ctx, `SELECT * FROM `+name+` ORDER BY 1`)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err == nil {
		err = b.line(tableLine{name, columns})
	}
	if err != nil {
		return err
	}
	row, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range row {
		into[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if name == captures {
			sealed, err := b.store.Unfold(row[1].([]byte))
			if errors.Is(err, sql.ErrNoRows) { // erased since the snapshot
				continue
			}
			if err != nil {
				return err
			}
			row[1] = sealed
		}
		for i, v := range row {
			switch v := v.(type) {
			case nil, int64, string:
			case []byte:
				row[i] = blob{append([]byte{}, v...)} // none at all is not NULL
			default:
				return fmt.Errorf("column %s: a %T is not known here", columns[i], v)
			}
		}
		if err := b.line(row); err != nil {
			return err
		}
		b.rows++
	}
	return rows.Err()
}

func (b *writer) end(n Notary) error {
	signature, err := n.Endorse(purpose, [32]byte(b.hash.Sum(nil)))
	if err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	return b.line(endLine{&b.rows, signature})
}
