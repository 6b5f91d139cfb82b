// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"

	"github.com/fotobox-project/fotobox/internal/settings"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// minimal is the smallest settings file; every other key has a default.
const minimal = `# Fotobox office
state = "/var/lib/fotobox-office"  # keys, appointments, captures and the record
device = "fotobox.example.org:8443"  # where stations reach this server
`

// Settings are what stands in the office's settings file.
type Settings struct {
	State    string   `toml:"state"`    // directory
	Database string   `toml:"database"` // URL of a PostgreSQL database, or "file:" and the file that holds it; empty: SQLite in state
	Device   string   `toml:"device"`   // host:port under which stations reach the device listener
	Listen   string   `toml:"listen"`   // address of the device listener; empty: every address, the port of device
	Names    []string `toml:"names"`    // more host names and addresses of the device listener
	// Stations are told that these are the office's addresses, each host:port, the primary first;
	// empty: they stay with the one by which they were invited.
	Stations []string `toml:"stations"`
	Desk     string   `toml:"desk"`    // address of the desk's pages
	Proxied  bool     `toml:"proxied"` // the desk stands behind a proxy that ends TLS
	Site     string   `toml:"site"`    // under which clerks reach the desk: "https://desk.example.org"
	// Calendars is a word in the secret addresses of the offices' calendars: another one makes them anew; empty: there are none.
	Calendars string `toml:"calendars"`
	Metrics   string `toml:"metrics"` // address of the metrics; empty: none

	// Keep has the office's own limits by class, "7 days" or "12 months"; those of the law are not among them.
	Keep map[string]string `toml:"keep"`

	Handover HandoverSettings `toml:"handover"`
	Public   PublicSettings   `toml:"public"`
	ZMS      ZMSSettings      `toml:"zms"`
	Mail     MailSettings     `toml:"mail"`
	OIDC     OpenIDSettings   `toml:"oidc"`
}

// parseSettings reads settings and fills in the defaults. An unknown key is an
// error that names its line.
func parseSettings(r io.Reader) (Settings, error) {
	s := Settings{Desk: "127.0.0.1:8090"}
	if err := settings.Decode(r, &s); err != nil {
		return Settings{}, err
	}
	return s, s.check()
}

func (s *Settings) check() error {
	if s.State == "" {
		return errors.New(`key "state" is missing: the directory for keys, appointments and captures`)
	}
	if s.Database != "" && !store.IsURL(s.Database) && !strings.HasPrefix(s.Database, inFile) {
		return errors.New("database: must be postgres://... or file:NAME") // and not what stands there: it may be a password
	}
	_, port, err := net.SplitHostPort(s.Device)
	if err != nil {
		return fmt.Errorf("device = %q: must be host:port, the address under which stations reach this server", s.Device)
	}
	if s.Listen == "" {
		s.Listen = ":" + port
	}
	if err := enrolment.CheckAddresses(s.Stations); err != nil {
		return fmt.Errorf("stations: %w", err)
	}
	if s.Site = strings.TrimSuffix(s.Site, "/"); s.Site != "" {
		if err := checkSite(s.Site); err != nil {
			return fmt.Errorf("site %w", err)
		}
	}
	return errors.Join(s.Handover.check(), s.Public.check(), s.ZMS.check(), s.Mail.check(), s.OIDC.check(s.Site))
}

// names are all host names and addresses of the device listener.
func (s Settings) names() []string {
	host, _, _ := net.SplitHostPort(s.Device) // check has seen it
	return append([]string{host}, s.Names...)
}

// inFile begins the name of a file that holds the database's URL, so that no
// password stands in the settings.
const inFile = "file:"

// where is what store.Open takes.
func (s Settings) where() (string, error) {
	name, ok := strings.CutPrefix(s.Database, inFile)
	switch {
	case s.Database == "":
		return filepath.Join(s.State, "office.db"), nil
	case !ok:
		return s.Database, nil
	}
	where, err := secret(name)
	if err != nil {
		return "", fmt.Errorf("database = %q: %w", s.Database, err)
	}
	if !store.IsURL(where) {
		return "", fmt.Errorf("database = %q: the file holds no URL of a PostgreSQL database", s.Database)
	}
	return where, nil
}
