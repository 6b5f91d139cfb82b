// SPDX-License-Identifier: EUPL-1.2

package post

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/fotobox-project/fotobox/registry/store"
)

// A lane is a part of the outbox that is carried by itself.
type lane string

const (
	alerts  lane = "alerts"
	letters lane = "letters"
)

// atOnce is how many messages are read at once.
const atOnce = 50

// due are messages whose time has come, the longest waiting first. Letters that were
// tried before come after those that were not: what an address refuses delays no other.
func (b *Box) due(ctx context.Context, now time.Time) (list []Message, err error) {
	list, err = store.List(ctx, b.store, scan, `SELECT id, kind, about, facts, email, due_at, tries, refused FROM post
		WHERE lane = $1 AND next_at <= $2 ORDER BY CASE WHEN lane = 'letters' THEN tries ELSE 0 END, next_at, due_at, id LIMIT $3`, string(b.lane), now.UnixMilli(), atOnce)
	if err != nil {
		return nil, fmt.Errorf("mails that wait: %w", err)
	}
	return list, nil
}

func scan(row store.Row) (m Message, err error) {
	var facts string
	var due int64
	if err := row.Scan(&m.ID, &m.Kind, &m.About, &facts, &m.To, &due, &m.tries, &m.refused); err != nil {
		return m, err
	}
	m.Due = time.UnixMilli(due).UTC()
	return m, json.Unmarshal([]byte(facts), &m.Facts)
}

// later notes that a message was not taken.
func (b *Box) later(ctx context.Context, m Message, next time.Time) error {
	return b.note(ctx, "put mail back", `UPDATE post SET tries = $1, refused = $2, next_at = $3 WHERE id = $4`, m.tries, m.refused, next.UnixMilli(), m.ID)
}

// forget ends a message: it was taken, is given up, or has nothing to tell.
func (b *Box) forget(ctx context.Context, m Message) error {
	return b.note(ctx, "note that a mail is sent", `DELETE FROM post WHERE id = $1`, m.ID)
}

// note writes also when the time for sending is over.
func (b *Box) note(ctx context.Context, what, query string, args ...any) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := b.store.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// Waiting is how many messages should have been sent by now.
func (b *Box) Waiting(ctx context.Context, now time.Time) (n int, err error) {
	err = b.store.Read(ctx, func(tx *sql.Tx) error {
		// What is due is tried again within the longest wait; reminders are many, and none of it.
		return tx.QueryRowContext(ctx, `SELECT count(*) FROM post WHERE lane = $1 AND next_at <= $2 AND due_at <= $3`,
			string(b.lane), now.Add(b.wait.Max).UnixMilli(), now.UnixMilli()).Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("count mails: %w", err)
	}
	return n, nil
}
