// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Each set has the same files, so that the same number means the same schema.
//
//go:embed migrations/sqlite/*.sql migrations/postgres/*.sql
var migrations embed.FS

// migrate brings the schema up to the newest that this program knows and
// refuses a database that already has a newer one: an older program would write
// rows that the newer one no longer understands.
func migrate(ctx context.Context, s *Store) error {
	p, err := provider(s)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	has, known, err := versions(ctx, p)
	if err != nil {
		return err
	}
	if has > known {
		return fmt.Errorf("database has schema %d and this program knows up to %d: start the newer program", has, known)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// provider has PostgreSQL's programs wait for each other: two of them may start
// at once on a new database.
func provider(s *Store) (*goose.Provider, error) {
	dialect, folder := goose.DialectSQLite3, "migrations/sqlite"
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger())}
	if !s.file {
		dialect, folder = goose.DialectPostgres, "migrations/postgres"
		l, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120)) // asks every second, 120 times
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(l))
	}
	files, err := fs.Sub(migrations, folder)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, s.write, files, options...)
}

func versions(ctx context.Context, p *goose.Provider) (has, known int64, err error) {
	sources := p.ListSources()
	known = sources[len(sources)-1].Version
	if has, err = p.GetDBVersion(ctx); err != nil {
		return 0, 0, fmt.Errorf("read schema version: %w", err)
	}
	return has, known, nil
}

// Schema is the number of the newest migration that the database has.
func (s *Store) Schema(ctx context.Context) (int64, error) {
	p, err := provider(s)
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	has, _, err := versions(ctx, p)
	return has, err
}
