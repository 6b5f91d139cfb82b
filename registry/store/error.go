// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrFull says that the disk has no room. What was stored before stays readable.
var ErrFull = errors.New("disk is full")

// ErrDuplicate says that a row breaks a UNIQUE or PRIMARY KEY rule.
var ErrDuplicate = errors.New("exists already")

// PostgreSQL's conditions (its manual, appendix A) that somebody decides by.
const (
	uniqueViolation      = "23505"
	diskFull             = "53100"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
)

// explain puts plain words before the database's own: what is wrong with the
// disk or the file, and not only which call met it.
func explain(err error) error {
	if errors.Is(err, ErrFull) || errors.Is(err, ErrDuplicate) {
		return err
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) { // of a file beside the database
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return explainSQLite(e, err)
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code {
		case uniqueViolation:
			return fmt.Errorf("%w: %w", ErrDuplicate, err)
		case diskFull:
			return fmt.Errorf("%w: %w", ErrFull, err)
		}
	}
	return err
}

func explainSQLite(e *sqlite.Error, err error) error {
	if c := e.Code(); c == sqlite3.SQLITE_CONSTRAINT_UNIQUE || c == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY {
		return fmt.Errorf("%w: %w", ErrDuplicate, err)
	}
	switch e.Code() & 0xff { // the low byte is the class, the rest its variant
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w: %w", ErrFull, err)
	case sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("database file is damaged, restore it from the backup: %w", err)
	case sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("file is not a database: %w", err)
	}
	return err
}

// again says whether the database gave a transaction up in favour of another
// one, so that nothing of it happened and it may be run once more. SQLite waits
// by itself.
func again(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == serializationFailure || e.Code == deadlockDetected)
}
