// SPDX-License-Identifier: EUPL-1.2

// Package backup writes what the office's store holds into one sealed file, and brings it back.
//
// A backup is an age file around lines of JSON: the [Head], then for each table a
// line with its columns and one line a row, then the number of rows and the
// office's signature over all lines before. It is read from one snapshot of the
// store, from SQLite and PostgreSQL alike, and nothing of it is ever on a disk in
// clear. The office's keys are not in it.
package backup

import (
	"errors"
	"time"
)

// format is the version of what is described above.
const format = 1

// Lifetime is how long a backup is kept at most: a capture in it may have been
// made in the moment before, and lives 96 hours.
const Lifetime = 96 * time.Hour

// purpose is what the office's signature under a backup is for.
const purpose = "backup"

// Head is the first line of a backup.
type Head struct {
	Format   int       `json:"fotobox_backup"`
	Office   string    `json:"office"`   // Amtlicher Gemeindeschlüssel
	Schema   int64     `json:"schema"`   // of the store, as in its migrations
	Made     time.Time `json:"made"`     // the moment of the snapshot
	Until    time.Time `json:"until"`    // the file is to be deleted then
	Captures bool      `json:"captures"` // the sealed captures are in it
}

// A Notary signs for the office, and knows its own signature again.
type Notary interface {
	Endorse(purpose string, hash [32]byte) ([]byte, error)
	Endorsed(purpose string, hash [32]byte, signature []byte) bool
}

// Why a backup is not restored.
var (
	ErrDamaged = errors.New("backup is damaged, or not all of it is there")
	ErrForeign = errors.New("backup is not this office's, or not made with its keys")
	ErrSchema  = errors.New("backup was made by another version of the program: restore it with that one, and update then")
	ErrInUse   = errors.New("the office's database holds something already: a backup is restored into an empty one")
)

// captures is the table that is left out, where nobody asks for it.
const captures = "captures"

// kept lists the tables that are in a backup; a row never points to a table
// further below.
func kept() []string {
	return []string{
		"audit_start", "audit", "devices", "vendors", "reports", "operations", "clerk", "clerk_passkey", "appointment", "zms_process",
		"location", "service", "calendar", "slot", "seat", "wish", "wish_half", "wish_refused", "wish_run", "wish_tally",
		"arrival", "fact", "station_place",
		"items", captures, "handover_number", "visits", "post",
	}
}

// left lists the tables that are in none, and why.
func left() map[string]string {
	return map[string]string{
		"leases":           "of programs that run",
		"clerk_session":    "who was signed in signs in again",
		"clerk_attempt":    "of the last hour",
		"clerk_journey":    "who was on the way in begins again",
		"alerts":           "what is still wrong is told again",
		"invites":          "valid for 15 minutes, and not a second time",
		"goose_db_version": "the schema's own, in the head",
	}
}

// A tableLine begins a table.
type tableLine struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
}

// An endLine is the last one.
type endLine struct {
	Rows      *int64 `json:"rows"`
	Signature []byte `json:"signature"`
}

// blob is how bytes stand in a row, where texts are strings and numbers are
// whole numbers.
type blob struct {
	Bytes []byte `json:"b"`
}
