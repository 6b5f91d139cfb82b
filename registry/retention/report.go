// SPDX-License-Identifier: EUPL-1.2

package retention

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/registry/audit"
)

// stock is how much there is of a class, and since when.
type stock struct {
	Count  int
	Oldest time.Time // the zero time for none
}

// stock counts the rows of the class that are older than before; the zero time
// counts all.
func (c Class) stock(ctx context.Context, tx *sql.Tx, before time.Time) (s stock, err error) {
	query, args := `SELECT count(*), min(`+c.since+`) FROM `+c.table+` WHERE `+c.where, []any{}
	if !before.IsZero() {
		query, args = query+` AND `+c.since+` < $1`, []any{c.value(before)}
	}
	row := tx.QueryRowContext(ctx, query, args...)
	if c.dated {
		var day sql.NullString
		if err := row.Scan(&s.Count, &day); err != nil || !day.Valid {
			return s, err
		}
		s.Oldest, err = time.Parse(time.DateOnly, day.String)
		return s, err
	}
	var ms sql.NullInt64
	if err := row.Scan(&s.Count, &ms); err != nil || !ms.Valid {
		return s, err
	}
	s.Oldest = time.UnixMilli(ms.Int64).UTC()
	return s, nil
}

// Report is what the data-protection officer reads.
type Report struct {
	At      time.Time `json:"at"`
	Classes []Line    `json:"classes"`
	Erased  []Receipt `json:"erased"` // photos summed up by day and reason; the newest first
	Audit   Chain     `json:"audit"`
}

// Line is one class in the report.
type Line struct {
	Name     string     `json:"class"`
	What     string     `json:"what"`
	Keep     string     `json:"keep"`
	Basis    string     `json:"basis"`
	AtOffice bool       `json:"at_office"`
	Count    int        `json:"count"`
	Oldest   *time.Time `json:"oldest"`  // nil for none
	Overdue  int        `json:"overdue"` // older than the limit, by more than a minute: 0 where all is well
}

// Chain is what the verification of the record came to.
type Chain struct {
	Whole   bool   `json:"whole"`
	Entries int    `json:"entries"`
	Last    string `json:"last_hash"`
	Fault   string `json:"fault,omitempty"`
}

// Report counts what there is at now and reads the receipts of what was erased.
func (k *Keeper) Report(ctx context.Context, now time.Time) (Report, error) {
	r := Report{At: now.UTC().Truncate(time.Second)}
	err := k.store.Read(ctx, func(tx *sql.Tx) error {
		for _, c := range k.classes {
			line, err := c.line(ctx, tx, now)
			if err != nil {
				return fmt.Errorf("class %s: %w", c.Name, err)
			}
			r.Classes = append(r.Classes, line)
		}
		return nil
	})
	if err != nil {
		return Report{}, fmt.Errorf("report: %w", err)
	}
	if r.Erased, err = k.receipts(ctx); err != nil {
		return Report{}, fmt.Errorf("report: %w", err)
	}
	if r.Audit, err = k.chain(ctx); err != nil {
		return Report{}, fmt.Errorf("report: %w", err)
	}
	return r, nil
}

func (c Class) line(ctx context.Context, tx *sql.Tx, now time.Time) (Line, error) {
	l := Line{Name: c.Name, What: c.What, Keep: c.limit(), Basis: c.Basis, AtOffice: c.AtOffice()}
	if !l.AtOffice {
		return l, nil
	}
	all, err := c.stock(ctx, tx, time.Time{})
	if err != nil {
		return Line{}, err
	}
	if l.Count = all.Count; l.Count > 0 {
		l.Oldest = &all.Oldest
	}
	l.Overdue, err = c.overdue(ctx, tx, now)
	return l, err
}

// overdue counts what is older than the limit by more than a pass may be late.
func (c Class) overdue(ctx context.Context, tx *sql.Tx, now time.Time) (int, error) {
	late, err := c.stock(ctx, tx, c.Keep.Ago(now.Add(-pause)))
	return late.Count, err
}

// limit is the period in words.
func (c Class) limit() string {
	if c.Keep == (Period{}) {
		return "not kept"
	}
	return c.Keep.String()
}

// receipts reads the record. Photos have a line each: they are summed up.
func (k *Keeper) receipts(ctx context.Context) ([]Receipt, error) {
	list, at := []Receipt{}, map[Receipt]int{}
	for e, err := range audit.All(ctx, k.store) {
		if err != nil {
			return nil, err
		}
		r, ok := parseReceipt(e)
		if !ok {
			continue
		}
		day := Receipt{Class: r.Class, At: r.At.Truncate(24 * time.Hour), Why: r.Why}
		if i, seen := at[day]; seen && r.Class == "photo" {
			list[i].Count++
			continue
		}
		at[day] = len(list)
		list = append(list, r)
	}
	slices.SortStableFunc(list, func(a, b Receipt) int { return cmp.Compare(b.At.UnixMilli(), a.At.UnixMilli()) })
	return list, nil
}

func (k *Keeper) chain(ctx context.Context) (c Chain, err error) {
	n, fault := audit.Verify(ctx, k.store)
	_, last, err := audit.Head(ctx, k.store)
	c = Chain{Whole: fault == nil, Entries: n, Last: last.String()}
	if fault != nil {
		c.Fault = fault.Error()
	}
	return c, err
}

// Record gives at most n entries of the record below the number before, the
// newest first; from 0 it begins with the newest of all.
func (k *Keeper) Record(ctx context.Context, before, n int) ([]audit.Numbered, error) {
	return audit.Page(ctx, k.store, before, n)
}
