// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"golang.org/x/sync/semaphore"
)

// connections is how many a program has for writing, and as many again for
// reading: who has its turn to write and reads beside it must never wait for
// those who wait for their turn. The inbox holds as many deliveries at once.
const connections = 8

// turn makes writers of all programs on a database take turns, as they do on a
// file. The server gives it back at the end of the transaction, or of the
// program, however that comes. The number is this lock's name: "fotobox".
const turn = `SELECT pg_advisory_xact_lock(28832993500098424)`

func openPostgres(ctx context.Context, where string) (*Store, error) {
	config, err := parseURL(where)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{
		name:     "postgres://" + config.Host + "/" + config.Database,
		snapshot: &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
		write:    pool(config), read: pool(config), queue: semaphore.NewWeighted(connections),
	}
	if err := s.trust(ctx); err != nil {
		return nil, fmt.Errorf("open store %s: %w", s.name, errors.Join(explain(err), s.Close()))
	}
	return s, nil
}

// parseURL adds what the office relies on, whatever the server's own settings are.
func parseURL(where string) (*pgx.ConnConfig, error) {
	// What net/url and pgx say of a URL that they cannot read may quote the password.
	if _, err := url.Parse(where); err != nil {
		return nil, errors.New("database's URL cannot be read: characters such as # / ? @ and spaces in a password are written %23 %2F %3F %40 %20")
	}
	config, err := pgx.ParseConfig(where)
	if err != nil {
		return nil, errors.New("database's URL cannot be used: something is wrong with its host, port or sslmode, a file that it names, or a character that must be written as %20")
	}
	if !private(config) {
		return nil, errors.New("database is on another machine: its URL needs sslmode=verify-full")
	}
	config.ConnectTimeout = min(config.ConnectTimeout, 10*time.Second)
	config.DialFunc = dial
	// Receipts are given for what is on the disk. A program whose machine lost its
	// power must give its turn back.
	maps.Copy(config.RuntimeParams, map[string]string{
		"application_name":                    "registryd",
		"synchronous_commit":                  "on",
		"idle_in_transaction_session_timeout": "30s",
		"tcp_keepalives_idle":                 "10",
		"tcp_keepalives_interval":             "5",
		"tcp_keepalives_count":                "4",
	})
	return config, nil
}

// private says whether nobody between here and any of the servers can read or
// change what is sent, such as the password.
func private(config *pgx.ConnConfig) bool {
	tries := append([]*pgconn.FallbackConfig{{Host: config.Host, TLSConfig: config.TLSConfig}}, config.Fallbacks...)
	return !slices.ContainsFunc(tries, func(f *pgconn.FallbackConfig) bool {
		ip := net.ParseIP(f.Host)
		here := strings.HasPrefix(f.Host, "/") || f.Host == "localhost" || ip != nil && ip.IsLoopback()
		known := f.TLSConfig != nil && (!f.TLSConfig.InsecureSkipVerify || f.TLSConfig.VerifyPeerCertificate != nil)
		return !here && !known
	})
}

func pool(config *pgx.ConnConfig) *sql.DB {
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db
}

// trust refuses a server on which a power cut takes what was receipted.
func (s *Store) trust(ctx context.Context) error {
	for name, want := range map[string]string{"fsync": "on", "server_encoding": "UTF8"} {
		var got string
		if err := s.read.QueryRowContext(ctx, "SHOW "+name).Scan(&got); err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("server has %s = %s, the office needs %s", name, got, want)
		}
	}
	return nil
}
