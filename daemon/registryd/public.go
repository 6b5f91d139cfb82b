// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/registry/link"
	"github.com/fotobox-project/fotobox/ui/public"
)

// PublicSettings say where citizens book; without an address to listen on they do not.
type PublicSettings struct {
	Listen  string `toml:"listen"`  // address of the citizens' pages
	Site    string `toml:"site"`    // under which citizens reach them: "https://termine.example.org"
	Proxied bool   `toml:"proxied"` // they stand behind a proxy that ends TLS
	// Addresses of the town's own pages, which each page links to; empty: no link.
	Imprint       string `toml:"imprint"`
	Privacy       string `toml:"privacy"`
	Accessibility string `toml:"accessibility"`
	// Stations are where a photo can be taken before the appointment.
	Stations []PublicStation `toml:"station"`
}

// PublicStation is one of them.
type PublicStation struct {
	Office string `toml:"office"` // the code of the office that it stands in
	Place  string `toml:"place"`  // where, in words for citizens
}

func (p *PublicSettings) check() error {
	if p.Listen == "" {
		if p.Site != "" || p.Proxied || p.Imprint != "" || p.Privacy != "" || p.Accessibility != "" || len(p.Stations) > 0 {
			return errors.New("public.listen is missing")
		}
		return nil
	}
	if _, _, err := net.SplitHostPort(p.Listen); err != nil {
		return fmt.Errorf("public.listen = %q: must be host:port or :port", p.Listen)
	}
	if p.Site = strings.TrimSuffix(p.Site, "/"); p.Site == "" {
		return errors.New(`key "public.site" is missing: the address under which citizens reach their pages, to which mails lead back`)
	}
	if err := checkSite(p.Site); err != nil {
		return fmt.Errorf("public.site %w", err)
	}
	for name, address := range map[string]string{"imprint": p.Imprint, "privacy": p.Privacy, "accessibility": p.Accessibility} {
		u, err := url.Parse(address)
		if address != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
			return fmt.Errorf("public.%s = %q: must be https://HOST/PAGE", name, address)
		}
	}
	for i, s := range p.Stations {
		if s.Office == "" || s.Place == "" {
			return fmt.Errorf("public.station %d: office and place are needed", i+1)
		}
	}
	return nil
}

// links makes and opens the addresses that citizens get.
func (o *office) links() (*link.Signer, error) {
	secret, err := o.keys.LinkKey()
	if err != nil {
		return nil, err
	}
	return link.New(secret)
}

// publicDoor is the listener of the citizens' pages. No route to a photo is part of them, and the hall's display is.
func (o *office) publicDoor() (door, error) {
	links, err := o.links()
	if err != nil {
		return door{}, err
	}
	s := o.settings.Public
	t := public.Town{
		Name: o.keys.Name, Book: o.book, Wishes: o.wishes, Links: links, Imprint: s.Imprint, Privacy: s.Privacy, Accessibility: s.Accessibility, Secure: s.Proxied, Recent: time.Second, Log: o.log,
	}
	for _, at := range s.Stations {
		t.Stations = append(t.Stations, public.Station{Office: at.Office, Place: at.Place})
	}
	return door{"public", s.Listen, o.withDisplay(public.New(t)), nil}, nil
}
