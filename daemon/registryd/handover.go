// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/registry/handover"
)

// HandoverSettings say how the registry software gets what is taken over; with
// none of them a clerk downloads it.
type HandoverSettings struct {
	Folder string   `toml:"folder"` // a folder that it watches; must be there
	Listen string   `toml:"listen"` // address of the interface that it asks; empty: none
	Names  []string `toml:"names"`  // host names and addresses of that interface; empty: those of the device listener
}

func (h HandoverSettings) check() error {
	if h.Folder != "" && !filepath.IsAbs(h.Folder) {
		return fmt.Errorf("handover.folder = %q: must be an absolute path", h.Folder)
	}
	if _, _, err := net.SplitHostPort(h.Listen); h.Listen != "" && err != nil {
		return fmt.Errorf("handover.listen = %q: must be host:port or :port", h.Listen)
	}
	if h.Listen == "" && len(h.Names) > 0 {
		return errors.New("handover.names: there is no handover.listen")
	}
	return nil
}

// on says whether photos wait for the registry software.
func (h HandoverSettings) on() bool { return h.Folder != "" || h.Listen != "" }

// handoverDoor is the listener of the interface.
func (o *office) handoverDoor() door {
	names := o.settings.Handover.Names
	if len(names) == 0 {
		names = o.settings.names()
	}
	api := &handover.API{Inbox: o.inbox, Book: o.book, Identify: o.devices.IdentifyVendor, Log: o.log}
	return door{"handover", o.settings.Handover.Listen, api.Handler(), o.keys.TLS(names)}
}

// keepFolder offers what is taken over in the folder, where there is one.
func (o *office) keepFolder(ctx context.Context) error {
	if o.settings.Handover.Folder == "" {
		return nil
	}
	return handover.NewFolder(o.settings.Handover.Folder, o.inbox, o.log).Run(ctx)
}

// vendors adds, lists and revokes registry software. The certificate of a new
// one is printed, with the office's own, by which it knows this server.
func vendors(ctx context.Context, c *command.Call) error {
	request := c.Flags.String("csr", "", "file with the certificate request (PEM) of the registry software")
	return with(ctx, c, func(o *office) error {
		words, err := c.Words(1, 2)
		if err != nil {
			return err
		}
		switch {
		case words[0] == "add" && len(words) == 2:
			return o.addVendor(ctx, c, words[1], *request)
		case words[0] == "list" && len(words) == 1:
			return o.listVendors(ctx, c)
		case words[0] == "revoke" && len(words) == 2:
			return o.devices.RevokeVendor(ctx, account(), words[1], time.Now())
		}
		return c.Wrong()
	})
}

func (o *office) addVendor(ctx context.Context, c *command.Call, name, request string) error {
	if request == "" {
		return errors.New("-csr is missing: the file with the registry software's certificate request")
	}
	csr, err := os.ReadFile(request)
	if err != nil {
		return fmt.Errorf("-csr: %w", err)
	}
	v, cert, err := o.devices.AddVendor(ctx, account(), name, string(csr), time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(c.Stderr, "Registry software %s, its certificate and the office's follow. It holds until %s.\n", v.ID, stamp(v.ValidUntil))
	fmt.Fprint(c.Stdout, cert, o.keys.CA.PEM())
	return nil
}

func (o *office) listVendors(ctx context.Context, c *command.Call) error {
	list, err := o.devices.Vendors(ctx)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tNAME\tCERTIFICATE UNTIL\tLAST SEEN\tREVOKED")
	for _, v := range list {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", v.ID, v.Name, stamp(v.ValidUntil), stamp(v.SeenAt), stamp(v.RevokedAt))
	}
	return t.Flush()
}
