// SPDX-License-Identifier: EUPL-1.2

package fleet

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// Why a decision is not taken.
var (
	// ErrReason says that the mode extended lacks the town's decision (office.md).
	ErrReason = errors.New("the mode extended needs the reason of the town's decision, in up to 1000 characters")
	// ErrOperation says that mode or hours cannot be.
	ErrOperation = errors.New("a mode, and hours in which the station is open, are needed")
)

// longestReason is in characters.
const longestReason = 1000

// Decision is what the office decided about one station.
type Decision struct {
	At    time.Time // the zero time: there is none
	Clerk string
	enrolment.Operation
	Reason string
}

// Decide sets how and when a station works from its next question on. What it
// replaces is kept, and both are in the record.
func (f *Fleet) Decide(ctx context.Context, device string, d Decision) error {
	d.Reason = strings.TrimSpace(d.Reason)
	if err := d.check(); err != nil {
		return err
	}
	if _, err := f.stations.Get(ctx, device); err != nil {
		return err
	}
	err := f.store.Write(ctx, func(tx *sql.Tx) error { return decide(ctx, tx, device, d) })
	if err != nil {
		return fmt.Errorf("set operation of station %s: %w", device, err)
	}
	f.log.Info("station's operation set", "device", device, "operation", d.Operation.String())
	return nil
}

func (d Decision) check() error {
	switch {
	case d.Operation.Check() != nil:
		return ErrOperation
	case d.Reason == "" && d.Mode == enrolment.Extended,
		!utf8.ValidString(d.Reason), utf8.RuneCountInString(d.Reason) > longestReason,
		strings.ContainsFunc(d.Reason, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' }):
		return ErrReason
	}
	return nil
}

func decide(ctx context.Context, tx *sql.Tx, device string, d Decision) error {
	was, err := newest(ctx, tx, device)
	if err != nil {
		return err
	}
	if was.Operation == d.Operation && was.Reason == d.Reason { // a form that was sent twice
		return nil
	}
	data, err := json.Marshal(d.Operation)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE operations SET until_at = $1 WHERE device = $2 AND until_at = 0`, d.At.UnixMilli(), device); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO operations (device, n, at, clerk, operation, reason, until_at)
		VALUES ($1, (SELECT COALESCE(MAX(n), 0) + 1 FROM operations WHERE device = $1), $2, $3, $4, $5, 0)`,
		device, d.At.UnixMilli(), d.Clerk, string(data), d.Reason)
	if err != nil {
		return err
	}
	return audit.Append(ctx, tx, audit.Entry{
		At: d.At, Actor: "clerk:" + d.Clerk, Action: "operation-set", Subject: "device:" + device, Detail: change(was, d),
	})
}

// change is a decision for the record: from what, to what, and why.
func change(was, is Decision) string {
	from := "the station's settings"
	if !was.At.IsZero() {
		from = was.String()
	}
	text := "from " + from + " to " + is.String()
	if is.Reason != "" {
		text += "; reason: " + is.Reason
	}
	return text
}

const decisionColumns = `at, clerk, operation, reason`

// newest is the decision that holds; the zero Decision for none.
func newest(ctx context.Context, tx *sql.Tx, device string) (Decision, error) {
	d, err := scanDecision(tx.QueryRowContext(ctx, `SELECT `+decisionColumns+` FROM operations WHERE device = $1 AND until_at = 0`, device))
	if errors.Is(err, sql.ErrNoRows) {
		return Decision{}, nil
	}
	return d, err
}

// Decisions are all about the station that are still kept, the newest first.
func (f *Fleet) Decisions(ctx context.Context, device string) (list []Decision, err error) {
	list, err = store.List(ctx, f.store, scanDecision, `SELECT `+decisionColumns+` FROM operations WHERE device = $1 ORDER BY n DESC`, device)
	if err != nil {
		return nil, fmt.Errorf("decisions about station %s: %w", device, err)
	}
	return list, nil
}

func scanDecision(row store.Row) (d Decision, err error) {
	var at int64
	var operation string
	if err := row.Scan(&at, &d.Clerk, &operation, &d.Reason); err != nil {
		return Decision{}, err
	}
	d.At = time.UnixMilli(at).UTC()
	return d, json.Unmarshal([]byte(operation), &d.Operation)
}

// Operation is what the station is told with its settings, nil while the office
// has decided nothing.
func (f *Fleet) Operation(ctx context.Context, device string) (*enrolment.Operation, error) {
	var d Decision
	err := f.store.Read(ctx, func(tx *sql.Tx) (err error) {
		d, err = newest(ctx, tx, device)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("operation of station %s: %w", device, err)
	}
	if d.At.IsZero() {
		return nil, nil
	}
	return &d.Operation, nil
}
