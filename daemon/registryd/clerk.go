// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/registry/clerks"
)

// clerkList adds, removes and lists clerks and gives them roles. A fresh password
// is shown once.
func clerkList(ctx context.Context, c *command.Call) error {
	role := c.Flags.String("role", string(clerks.RoleClerk), "clerk, supervisor, technician or officer (data protection)")
	return with(ctx, c, func(o *office) error {
		words, err := c.Words(1, 3)
		if err != nil {
			return err
		}
		switch {
		case words[0] == "add" && len(words) == 2:
			return o.addClerk(ctx, c, words[1], clerks.Role(*role))
		case words[0] == "password" && len(words) == 2:
			password := clerks.NewPassword()
			if err := o.clerks.SetPassword(ctx, words[1], password); err != nil {
				return err
			}
			fmt.Fprintln(c.Stdout, password)
			return nil
		case words[0] == "role" && len(words) == 3:
			return o.clerks.SetRole(ctx, words[1], clerks.Role(words[2]))
		case words[0] == "remove" && len(words) == 2:
			return o.clerks.Remove(ctx, words[1])
		case words[0] == "sign-out" && len(words) == 2:
			return o.clerks.SignOutEverywhere(ctx, account(), words[1])
		case words[0] == "list" && len(words) == 1:
			return o.listClerks(ctx, c)
		}
		return c.Wrong()
	})
}

func (o *office) addClerk(ctx context.Context, c *command.Call, name string, role clerks.Role) error {
	password := clerks.NewPassword()
	if err := o.clerks.Add(ctx, name, password, role); err != nil {
		return err
	}
	fmt.Fprintln(c.Stdout, password)
	return nil
}

func (o *office) listClerks(ctx context.Context, c *command.Call) error {
	list, err := o.clerks.List(ctx)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "NAME\tROLE\tSESSIONS")
	for _, clerk := range list {
		fmt.Fprintf(t, "%s\t%s\t%d\n", clerk.Name, clerk.Role, clerk.Sessions)
	}
	return t.Flush()
}

// stations lists the stations, and shuts one out.
func stations(ctx context.Context, c *command.Call) error {
	return with(ctx, c, func(o *office) error {
		words, err := c.Words(1, 2)
		if err != nil {
			return err
		}
		switch {
		case words[0] == "list" && len(words) == 1:
			return o.listStations(ctx, c)
		case words[0] == "revoke" && len(words) == 2:
			return o.devices.Revoke(ctx, account(), words[1], time.Now())
		}
		return c.Wrong()
	})
}

func (o *office) listStations(ctx context.Context, c *command.Call) error {
	list, err := o.devices.List(ctx)
	if err != nil {
		return err
	}
	now, t := time.Now(), tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tNAME\tCERTIFICATE UNTIL\tCERTIFICATE\tLAST SEEN\tREVOKED")
	for _, d := range list {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", d.ID, d.Name, stamp(d.ValidUntil), d.Standing(now), stamp(d.SeenAt), stamp(d.RevokedAt))
	}
	return t.Flush()
}

// stamp is a time for a table, and nothing for the zero time.
func stamp(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format(time.DateTime)
}
