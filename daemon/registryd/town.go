// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/book/town"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// towns puts the town's offices, services, rules and closures from a file, or
// writes them as one.
func towns(ctx context.Context, c *command.Call) error {
	try := c.Flags.Bool("try", false, "import: only say what it would do")
	return with(ctx, c, func(o *office) error {
		words, err := c.Words(1, 2)
		if err != nil {
			return err
		}
		switch {
		case words[0] == "import" && len(words) == 2:
			return o.importTown(ctx, c.Stdout, words[1], *try)
		case words[0] == "export" && len(words) == 1:
			return o.exportTown(ctx, c.Stdout)
		case words[0] == "example" && len(words) == 1:
			_, err := c.Stdout.Write(town.File())
			return err
		}
		return c.Wrong()
	})
}

func (o *office) importTown(ctx context.Context, w io.Writer, name string, try bool) error {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	defer f.Close()
	t, err := town.Read(f)
	if err != nil {
		return fmt.Errorf("%s: %w; nothing was changed", name, err)
	}
	put := func() (book.Change, error) { return o.book.SetTown(ctx, account(), t, time.Now()) }
	if try {
		put = func() (book.Change, error) { return o.book.TryTown(ctx, t, time.Now()) }
	}
	c, err := put()
	if err != nil {
		return fmt.Errorf("%s: %w; nothing was changed", name, err)
	}
	if try {
		fmt.Fprintln(w, "Only tried, nothing was changed:")
	}
	fmt.Fprintf(w, "%d offices, %d services, %d rules, %d closures\n", len(t.Locations), len(t.Services), len(t.Rules), len(t.Closures))
	fmt.Fprintf(w, "slots of %d days: %d made, %d changed, %d withdrawn\n", book.Horizon, c.Made, c.Changed, c.Withdrawn)
	for _, s := range t.Services {
		if !slices.ContainsFunc(t.Rules, func(r calendar.Rule) bool { return r.Group == s.Group }) {
			fmt.Fprintf(w, "note: no office has a rule for group %q of service %d\n", s.Group, s.Code)
		}
	}
	return printAffected(w, c.Affected)
}

// printAffected names those who have to be moved or cancelled, by their typed codes.
func printAffected(w io.Writer, all []book.Appointment) error {
	fmt.Fprintf(w, "%d appointments have no seat by the rules; they stand until they are moved or cancelled\n", len(all))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, a := range all {
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\n", a.Start.In(book.Zone()).Format("2006-01-02 15:04"), a.Location, a.Service, a.Terminkennung)
	}
	return t.Flush()
}

func (o *office) exportTown(ctx context.Context, w io.Writer) error {
	t, err := o.book.Town(ctx)
	if err != nil {
		return err
	}
	return town.Write(w, t)
}
