// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/sqlite/*.sql
var migrations embed.FS

// migrate brings the schema up to the newest that this program knows and
// refuses a file that already has a newer one: an older program would write
// rows that the newer one no longer understands.
func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	has, known, err := versions(ctx, p)
	if err != nil {
		return err
	}
	if has > known {
		return fmt.Errorf("file has schema %d and this program knows up to %d: start the newer program", has, known)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

func versions(ctx context.Context, p *goose.Provider) (has, known int64, err error) {
	sources := p.ListSources()
	known = sources[len(sources)-1].Version
	if has, err = p.GetDBVersion(ctx); err != nil {
		return 0, 0, fmt.Errorf("read schema version: %w", err)
	}
	return has, known, nil
}
