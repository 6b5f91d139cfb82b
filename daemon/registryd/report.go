// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/registry/retention"
)

// report prints what the data-protection officer asks for: what there is by
// class and age, what was erased when, and whether the record is whole.
func report(ctx context.Context, c *command.Call) error {
	asJSON := c.Flags.Bool("json", false, "print JSON")
	return with(ctx, c, func(o *office) error {
		if _, err := c.Words(0, 0); err != nil {
			return err
		}
		r, err := o.keeper.Report(ctx, time.Now())
		if err != nil {
			return err
		}
		if *asJSON {
			e := json.NewEncoder(c.Stdout)
			e.SetIndent("", "  ")
			return e.Encode(r)
		}
		return writeReport(c.Stdout, o.keys.Name, r)
	})
}

func writeReport(w io.Writer, name string, r retention.Report) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s, %s\n\nCLASS\tLIMIT\tBASIS\tTHERE\tOLDEST\tOVERDUE\tWHAT\n", name, r.At.Format("2006-01-02 15:04 UTC"))
	for _, l := range r.Classes {
		count, oldest, overdue := "at the station", "-", "-"
		if l.AtOffice {
			count, overdue = fmt.Sprint(l.Count), fmt.Sprint(l.Overdue)
		}
		if l.Oldest != nil {
			oldest = l.Oldest.Format("2006-01-02 15:04 UTC")
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.Name, l.Keep, l.Basis, count, oldest, overdue, l.What)
	}
	fmt.Fprintf(t, "\nERASED\tCLASS\tCOUNT\tWHY\n")
	for _, e := range r.Erased {
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\n", e.At.Format("2006-01-02"), e.Class, e.Count, e.Why)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	return writeChain(w, r.Audit)
}

func writeChain(w io.Writer, c retention.Chain) error {
	if !c.Whole {
		_, err := fmt.Fprintf(w, "\nThe record is NOT whole: %s\n", c.Fault)
		return err
	}
	_, err := fmt.Fprintf(w, "\nThe record is whole: %d entries, the last one is %s\n", c.Entries, c.Last)
	return err
}
