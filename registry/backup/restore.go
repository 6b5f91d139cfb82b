// SPDX-License-Identifier: EUPL-1.2

package backup

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"

	"filippo.io/age"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store"
)

// longest is a line of a backup: a row with the largest envelope, 32 MiB, in base64.
const longest = 48 << 20

// An Office is who restores.
type Office struct {
	Number     string // Amtlicher Gemeindeschlüssel
	Notary     Notary
	Identities []age.Identity
}

// Restore brings a backup back into an empty store, all of it or nothing, in one
// transaction. Before that ends, settle brings what came in order: it erases what
// is due and writes into the record that a restore happened. It may run again.
//
// Errors are ErrDamaged, ErrForeign, ErrSchema and ErrInUse, or what file and store met.
func Restore(ctx context.Context, file io.ReadSeeker, s *store.Store, o Office, settle func(*sql.Tx, Head) error) (h Head, err error) {
	schema, err := s.Schema(ctx)
	if err != nil {
		return Head{}, fmt.Errorf("restore: %w", err)
	}
	err = s.Write(ctx, func(tx *sql.Tx) error {
		if err := empty(ctx, tx); err != nil {
			return err
		}
		if h, err = load(ctx, tx, file, o, schema); err != nil {
			return err
		}
		if err := s.Renumber(ctx, tx); err != nil {
			return err
		}
		if _, err := audit.VerifyIn(ctx, tx); err != nil {
			return err
		}
		return settle(tx, h)
	})
	if err != nil {
		return Head{}, fmt.Errorf("restore: %w", err)
	}
	return h, nil
}

// empty also clears what a new database brings along.
func empty(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM handover_number WHERE last = 0`); err != nil {
		return err
	}
	for _, name := range kept() {
		var there bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM `+name+`)`).Scan(&there); err != nil {
			return err
		}
		if there {
			return ErrInUse
		}
	}
	return nil
}

// load reads the whole file and believes it only at its end.
func load(ctx context.Context, tx *sql.Tx, file io.ReadSeeker, o Office, schema int64) (Head, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return Head{}, err
	}
	plain, err := unseal(file, o.Identities)
	if err != nil {
		return Head{}, err
	}
	r := &reader{lines: bufio.NewScanner(plain), hash: sha256.New()}
	r.lines.Buffer(nil, longest)
	h, err := r.head(o.Number, schema)
	if err != nil {
		return Head{}, err
	}
	if err := r.tables(ctx, tx); err != nil {
		return Head{}, err
	}
	return h, r.end(o.Notary)
}

func unseal(file io.Reader, identities []age.Identity) (io.Reader, error) {
	plain, err := age.Decrypt(file, identities...)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return nil, fmt.Errorf("%w: %w", ErrForeign, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return plain, nil
}

// A reader reads lines and sums them up.
type reader struct {
	lines *bufio.Scanner
	hash  hash.Hash
	rows  int64
	last  []byte // the line behind the tables
}

// next gives the next line, without adding it to the sum.
func (r *reader) next() ([]byte, error) {
	if r.lines.Scan() {
		return r.lines.Bytes(), nil
	}
	if err := r.lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil, ErrDamaged
}

func (r *reader) sum(line []byte) {
	r.hash.Write(line)
	r.hash.Write([]byte("\n"))
}

func (r *reader) head(office string, schema int64) (h Head, err error) {
	line, err := r.next()
	if err != nil {
		return Head{}, err
	}
	r.sum(line)
	switch err := json.Unmarshal(line, &h); {
	case err != nil:
		return Head{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	case h.Format != format || h.Schema != schema:
		return Head{}, fmt.Errorf("%w (format %d, schema %d; here %d, %d)", ErrSchema, h.Format, h.Schema, format, schema)
	case h.Office != office:
		return Head{}, fmt.Errorf("%w: it is of office %s", ErrForeign, h.Office)
	}
	return h, nil
}

// tables writes rows until a line comes that is neither a row nor begins a table.
func (r *reader) tables(ctx context.Context, tx *sql.Tx) error {
	var insert *sql.Stmt
	for {
		line, err := r.next()
		if err != nil {
			return err
		}
		if bytes.HasPrefix(line, []byte(`{"rows"`)) {
			r.last = line
			return nil
		}
		r.sum(line)
		if bytes.HasPrefix(line, []byte("{")) {
			if insert, err = begin(ctx, tx, line); err != nil {
				return err
			}
			defer insert.Close() // of a dozen tables
			continue
		}
		if err := put(ctx, insert, line); err != nil {
			return err
		}
		r.rows++
	}
}

// begin prepares for a table's rows. Its names are compared with the database's
// own before they get into a statement.
func begin(ctx context.Context, tx *sql.Tx, line []byte) (*sql.Stmt, error) {
	var t tableLine
	if err := json.Unmarshal(line, &t); err != nil || !slices.Contains(kept(), t.Table) {
		return nil, fmt.Errorf("%w: table %q", ErrDamaged, t.Table)
	}
	rows, err := tx.QueryContext(ctx, `SELECT * FROM `+t.Table+` WHERE 1 = 0`)
	if err != nil {
		return nil, err
	}
	own, err := rows.Columns()
	if err := errors.Join(err, rows.Close()); err != nil {
		return nil, err
	}
	places := make([]string, len(t.Columns))
	for i, name := range t.Columns {
		if !slices.Contains(own, name) {
			return nil, fmt.Errorf("%w: column %q", ErrDamaged, name)
		}
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	return tx.PrepareContext(ctx, `INSERT INTO `+t.Table+` (`+strings.Join(t.Columns, ", ")+`) VALUES (`+strings.Join(places, ", ")+`)`)
}

func put(ctx context.Context, insert *sql.Stmt, line []byte) error {
	if insert == nil {
		return ErrDamaged
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(line, &raw); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	row := make([]any, len(raw))
	for i, text := range raw {
		var err error
		if row[i], err = value(text); err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	_, err := insert.ExecContext(ctx, row...)
	return err
}

// value is a number, a text, bytes or nothing.
func value(text json.RawMessage) (v any, err error) {
	switch text[0] {
	case '"':
		var s string
		err = json.Unmarshal(text, &s)
		v = s
	case '{':
		var b blob
		err = json.Unmarshal(text, &b)
		v = append([]byte{}, b.Bytes...) // no bytes are not NULL
	case 'n':
		var null any
		err = json.Unmarshal(text, &null)
	default:
		var n int64
		err = json.Unmarshal(text, &n)
		v = n
	}
	return v, err
}

// end says whether everything was there, and signed by the office.
func (r *reader) end(n Notary) error {
	var e endLine
	if err := json.Unmarshal(r.last, &e); err != nil || e.Rows == nil || *e.Rows != r.rows {
		return ErrDamaged
	}
	if !n.Endorsed(purpose, [32]byte(r.hash.Sum(nil)), e.Signature) {
		return fmt.Errorf("%w: its signature is another's", ErrForeign)
	}
	if _, err := r.next(); r.lines.Err() != nil || err == nil {
		return ErrDamaged
	}
	return nil
}
