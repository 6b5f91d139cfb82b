// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql/driver"
	"errors"

	"modernc.org/sqlite"
)

// compiled is how many statements a SQLite connection keeps compiled: the office
// has fewer, apart from those that a search builds.
const compiled = 512

// A compiler opens connections to a SQLite file which keep the statements that
// they have compiled, as those to PostgreSQL do: compiling takes longer than most
// of them run.
type compiler struct{ driver.Connector }

func newCompiler(dsn string) (driver.Connector, error) {
	c, err := sqlite.NewConnector(dsn)
	return compiler{c}, err
}

func (c compiler) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &keeper{connection: conn.(connection), kept: map[string]statement{}}, nil
}

// A connection is what the driver's can do. It can run a query at once too,
// which compiles it each time; database/sql prepares where that is missing.
type connection interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// A statement is what the driver compiles.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// A keeper is a connection with the statements that are not in use. As every
// connection, it is used by one goroutine at a time.
type keeper struct {
	connection
	kept map[string]statement
}

// PrepareContext gives a statement that is kept, or compiles it. One that is in use,
// because its rows are still read, is compiled a second time.
func (k *keeper) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if s, found := k.kept[query]; found {
		delete(k.kept, query)
		return &lent{s, query, k}, nil
	}
	s, err := k.connection.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return &lent{s.(statement), query, k}, nil
}

// Close gives the memory of all statements back.
func (k *keeper) Close() (err error) {
	for _, s := range k.kept {
		err = errors.Join(err, s.Close())
	}
	clear(k.kept)
	return errors.Join(err, k.connection.Close())
}

// A lent statement goes back to its keeper when it is closed.
type lent struct {
	statement
	query string
	from  *keeper
}

func (l *lent) Close() error {
	k := l.from
	if _, twice := k.kept[l.query]; twice {
		return l.statement.Close()
	}
	var err error
	if len(k.kept) == compiled {
		for query, old := range k.kept { // any of them
			delete(k.kept, query)
			err = old.Close()
			break
		}
	}
	k.kept[l.query] = l.statement
	return err
}
