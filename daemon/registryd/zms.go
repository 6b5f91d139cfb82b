// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/zms"
)

// ZMSSettings say which ZMS the office's appointments come from; without an
// address there is none.
type ZMSSettings struct {
	Address string `toml:"address"` // of its API: "https://zms.example.org/terminvereinbarung/api/2/"
	Token   string `toml:"token"`   // file with the X-AuthKey of an account that is signed in; a relative name is a credential's; read anew for each question
	CA      string `toml:"ca"`      // file with whom its certificate must be of (PEM); empty: the machine's list
	Service uint16 `toml:"service"` // the office's code of what its citizens come for; 0 means 1
}

func (z ZMSSettings) check() error {
	if z.Address == "" && z != (ZMSSettings{}) {
		return errors.New("zms.address is missing")
	}
	if z.Address == "" {
		return nil
	}
	if _, err := zms.New(z.Address, nil, nil); err != nil {
		return fmt.Errorf("zms.address: %w", err)
	}
	return nil
}

// client reads the files that the settings name.
func (z ZMSSettings) client() (*zms.Client, error) {
	pool, err := roots(z.CA)
	if err != nil {
		return nil, fmt.Errorf("zms.ca: %w", err)
	}
	return zms.New(z.Address, func() string {
		token, _ := secret(z.Token) // without one nothing can be marked, and ErrRights says so
		return token
	}, pool)
}

func (o *office) arrivals() (*zms.Arrivals, *zms.Client, error) {
	c, err := o.settings.ZMS.client()
	if err != nil {
		return nil, nil, err
	}
	return zms.NewArrivals(o.store, c, o.inbox, o.log), c, nil
}

// tellZMS tells ZMS who has come, where there is one.
func (o *office) tellZMS(ctx context.Context) error {
	if o.settings.ZMS.Address == "" {
		return nil
	}
	a, _, err := o.arrivals()
	if err != nil {
		return err
	}
	return a.Run(ctx)
}

// fromZMS puts an appointment of ZMS into the book and prints its ticket. Its
// key is taken from standard input: others can read the command line.
func (o *office) fromZMS(ctx context.Context, c *command.Call, id string) error {
	if o.settings.ZMS.Address == "" {
		return errors.New("the settings have no zms.address")
	}
	fmt.Fprintln(c.Stderr, "The appointment's key, in one line:")
	key, err := firstLine(os.Stdin)
	if err != nil {
		return fmt.Errorf("read key: %w", err)
	}
	key = strings.TrimSpace(key)
	a, client, err := o.arrivals()
	if err != nil {
		return err
	}
	switch is, err := a.Linked(ctx, id); {
	case err != nil:
		return err
	case is:
		return zms.ErrLinked
	}
	p, err := client.Lookup(ctx, id, key)
	if err != nil {
		return err
	}
	if p.Status != "confirmed" && p.Status != "queued" {
		return zms.ErrState
	}
	return o.bookZMS(ctx, c, a, p, key)
}

// bookZMS puts the appointment into the book as ZMS's, or neither is done.
func (o *office) bookZMS(ctx context.Context, c *command.Call, a *zms.Arrivals, p zms.Process, key string) error {
	_, over := book.Day(p.Start)
	if over.Before(time.Now()) {
		return errors.New("the appointment is over")
	}
	var m book.Appointment
	err := o.store.Write(ctx, func(tx *sql.Tx) (err error) {
		if m, err = o.book.AddIn(ctx, tx, p.Draft(max(o.settings.ZMS.Service, 1))); err != nil {
			return err
		}
		return a.Link(ctx, tx, m.ID, p.ID, key, over)
	})
	if err != nil {
		return err
	}
	return o.ticket(c.Stdout, m)
}
