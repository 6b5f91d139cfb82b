// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/registry/book"
)

// draft is what `appointment add` was told.
type draft struct {
	start                    string
	minutes, service, person int
}

// appointments adds, lists and imports appointments. Names are taken from
// standard input or a file, never from the command line, which others can read.
func appointments(ctx context.Context, c *command.Call) error {
	var d draft
	c.Flags.StringVar(&d.start, "start", "", "start of the slot, 2026-12-01T09:30 in the office's zone; for list: the day")
	c.Flags.IntVar(&d.minutes, "minutes", 15, "length of the slot")
	c.Flags.IntVar(&d.service, "service", 1, "service code")
	c.Flags.IntVar(&d.person, "persons", 1, "how many persons come")
	return with(ctx, c, func(o *office) error {
		words, err := c.Words(1, 2)
		if err != nil {
			return err
		}
		switch {
		case words[0] == "add" && len(words) == 1:
			return o.add(ctx, c, d)
		case words[0] == "list" && len(words) == 1:
			return o.list(ctx, c, d.start)
		case words[0] == "import" && len(words) == 2:
			return o.importFile(ctx, c, words[1])
		case words[0] == "zms" && len(words) == 2:
			return o.fromZMS(ctx, c, words[1])
		case words[0] == "show" && len(words) == 2:
			return o.show(ctx, c, words[1])
		}
		return c.Wrong()
	})
}

func (o *office) add(ctx context.Context, c *command.Call, d draft) error {
	start, err := parseTime(d.start)
	if err != nil {
		return err
	}
	fmt.Fprintln(c.Stderr, "The citizen's name, in one line:")
	name, err := firstLine(os.Stdin)
	if err != nil {
		return fmt.Errorf("read name: %w", err)
	}
	made, err := o.book.Add(ctx, book.Appointment{
		Name: book.NameOf(name), Start: start, Length: time.Duration(d.minutes) * time.Minute,
		Service: uint16(d.service), Persons: d.person, PhotoWanted: true,
	})
	if err != nil {
		return err
	}
	return o.ticket(c.Stdout, made)
}

// parseTime reads a time with its zone, or one in the office's zone.
func parseTime(s string) (time.Time, error) {
	for _, layout := range []string{"2006-01-02T15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, s, book.Zone()); err == nil {
			return t, nil
		}
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("-start %q: want a time such as 2026-12-01T09:30", s)
	}
	return t, nil
}

// ticket prints what the citizen gets: QR code, its text and the Terminkennung.
func (o *office) ticket(w io.Writer, m book.Appointment) error {
	code, err := o.book.Code(m)
	if err != nil {
		return err
	}
	qr, err := appointment.QRText(code.String())
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s\n%s\n\nTerminkennung %s, %s\n", qr, code, m.Terminkennung, m.Start.In(book.Zone()).Format("2006-01-02 15:04"))
	return nil
}

func (o *office) show(ctx context.Context, c *command.Call, typed string) error {
	kennung, err := appointment.ParseTerminkennung(typed)
	if err != nil {
		return err
	}
	m, err := o.book.ByTerminkennung(ctx, kennung)
	if err != nil {
		return err
	}
	return o.ticket(c.Stdout, m)
}

func (o *office) list(ctx context.Context, c *command.Call, day string) error {
	at := time.Now()
	if day != "" {
		var err error
		if at, err = parseTime(day); err != nil {
			return err
		}
	}
	list, err := o.book.List(ctx, at)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "START\tMINUTES\tSERVICE\tPERSONS\tTERMINKENNUNG\tNAME")
	for _, m := range list {
		fmt.Fprintf(t, "%s\t%.0f\t%d\t%d\t%s\t%s\n", m.Start.In(book.Zone()).Format("2006-01-02 15:04"), m.Length.Minutes(), m.Service, m.Persons, m.Terminkennung, m.Name.Reveal())
	}
	return t.Flush()
}

// importFile takes a file that is called .ics as iCalendar and any other as CSV.
func (o *office) importFile(ctx context.Context, c *command.Call, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	defer f.Close()
	read := o.book.Import
	if strings.EqualFold(filepath.Ext(name), ".ics") {
		read = o.book.ImportCalendar
	}
	n, err := read(ctx, f)
	if err != nil {
		return errors.Join(err, errors.New("nothing was imported"))
	}
	fmt.Fprintf(c.Stdout, "%d appointments imported.\n", n)
	return nil
}
