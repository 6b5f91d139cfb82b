// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A card is what tells one station from another.
type card struct {
	hostname string
	settings string // station.toml; empty: the appliance's own
	code     string // one-time enrolment code, which names the office's address; empty: enrol by hand
	place    string // where the station stands, for the office's list
	password string // of the appliance's maintenance page and of updates; empty: neither is reachable
}

// defaultSettings are those of a station with a USB camera.
const defaultSettings = `# Fotobox station, on the appliance
state = "/perm/fotobox/station"  # keys, certificate and sealed captures
camera = "usb"
listen = ":80"                   # the kiosk page, for the display in the private network
`

// maintained lets a technician in with the card's password.
const maintained = `maintenance = ":8081"            # the technician's page
maintenance_password = "file:/perm/gokr-pw.txt"
`

// hostnames are what a network can resolve.
var hostnames = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

func (c card) check() error {
	switch {
	case !hostnames.MatchString(c.hostname):
		return fmt.Errorf("hostname %q: use letters, digits and hyphens, 63 at most", c.hostname)
	case c.code != "" && !strings.HasPrefix(c.code, "FBE1:"):
		return errors.New(`the code does not begin with FBE1: copy the whole code that "registryd invite" printed`)
	case strings.ContainsAny(c.code+c.place+c.password, "\r\n"):
		return errors.New("code, place and password are one line each")
	}
	return nil
}

// files are the card's files on the data partition. All of them are for root
// alone, and nothing of them is in the image.
func (c card) files() []file {
	settings := c.settings
	if settings == "" {
		settings = defaultSettings
		if c.password != "" {
			settings += maintained
		}
	}
	list := []file{{"fotobox/station.toml", 0o600, []byte(settings)}}
	if c.hostname != "" {
		list = append(list, file{"fotobox/hostname", 0o600, []byte(c.hostname + "\n")})
	}
	if c.code != "" {
		list = append(list, file{"fotobox/station/enrol.code", 0o600, []byte(c.code + "\n" + c.place + "\n")})
	}
	if c.password != "" {
		// Init reads the password, and randomd the seed, without which the first start would
		// take the time of day for randomness.
		seed := make([]byte, 512)
		rand.Read(seed) // never fails
		list = append(list, file{"gokr-pw.txt", 0o600, []byte(c.password + "\n")}, file{"random.seed", 0o600, seed})
	}
	return list
}
