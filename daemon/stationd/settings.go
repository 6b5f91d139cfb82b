// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera/v4l2"
	"github.com/fotobox-project/fotobox/capture/panel"
	"github.com/fotobox-project/fotobox/capture/reader"
	"github.com/fotobox-project/fotobox/internal/settings"
	"github.com/fotobox-project/fotobox/ui/text"
	"github.com/fotobox-project/fotobox/upload/enrolment"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// minimal is the smallest settings file; every other key has a default.
const minimal = `# Fotobox station
state = "/var/lib/fotobox-station"  # keys, certificate and sealed captures
camera = "sitter"                   # "usb": the first USB camera; "sitter" or "folder:PATH": none
`

// maxSecret bounds a file with a secret, in bytes.
const maxSecret = 4 << 10

// Settings are what stands in the station's settings file.
type Settings struct {
	file    string // that they were read from
	State   string `toml:"state"`   // directory
	Camera  string `toml:"camera"`  // "usb", "usb:NAME", "usb:VENDOR:PRODUCT/SERIAL", "/dev/videoN", "sitter" or "folder:PATH"
	Listen  string `toml:"listen"`  // address of the kiosk page
	Metrics string `toml:"metrics"` // address of the metrics; empty: none
	// Maintenance is the address of the maintenance page and the conformance
	// interface; empty: none. On another address than a loopback one it asks for
	// MaintenancePassword, of 12 characters or more, or "file:PATH" of a file with it.
	Maintenance         string `toml:"maintenance"`
	MaintenancePassword string `toml:"maintenance_password"`
	// Console is the framebuffer on which the first screen is drawn; empty: "/dev/fb0"
	// on the appliance, none elsewhere; "off": none.
	Console    string `toml:"console"`
	Mode       string `toml:"mode"`        // operating mode until the office has decided: counter, lobby, extended
	CapturedBy string `toml:"captured_by"` // authority number; empty: the device's id
	// Office is where the office is found, each host:port, the primary first; empty: where it says
	// itself, and where it was when the station was invited.
	Office []string `toml:"office"`
	// Proxy is the forward proxy through which the office is reached, "http://[NAME:PASSWORD@]HOST:PORT",
	// or "file:PATH" of a file with it; empty: none.
	Proxy    string `toml:"proxy"`
	Clock    string `toml:"clock"`    // who keeps it: "system" or "office"; empty: the office on the appliance
	Language string `toml:"language"` // what an idle station speaks
	Zone     string `toml:"zone"`     // IANA time zone of the dates shown
	Burst    int    `toml:"burst"`    // stills of one attempt
	// Sensor is how a USB camera is mounted and set.
	Sensor v4l2.Sensor `toml:"sensor"`
	// Panel says how lamps and keys are wired; without it there are none.
	Panel *panel.Settings `toml:"panel"`
	// Scanner says which keyboards are code scanners; without it no keyboard is touched.
	Scanner *reader.ScannerSettings `toml:"scanner"`
}

// inFile begins the name of a file that holds a secret, so that it does not stand in the settings.
const inFile = "file:"

// secret is what a key of the settings says, or the file that it names.
func secret(text string) (string, error) {
	name, ok := strings.CutPrefix(text, inFile)
	if !ok {
		return text, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSecret))
	return strings.TrimSpace(string(data)), err
}

// parseSettings reads settings and fills in the defaults. An unknown key is an
// error that names its line.
func parseSettings(r io.Reader) (Settings, error) {
	s := Settings{
		Listen: "127.0.0.1:8080", Mode: envelope.ModeLobby, Language: "de", Zone: "Europe/Berlin", Burst: 5,
	}
	if err := settings.Decode(r, &s); err != nil {
		return Settings{}, err
	}
	return s, s.check()
}

// check names the first value that cannot be.
func (s Settings) check() error {
	if s.State == "" {
		return errors.New(`key "state" is missing: the directory for keys and sealed captures`)
	}
	if _, err := s.device(); err != nil {
		return err
	}
	if err := s.Sensor.Check(); err != nil {
		return fmt.Errorf("sensor.%w", err)
	}
	if modes := []string{envelope.ModeCounter, envelope.ModeLobby, envelope.ModeExtended}; !slices.Contains(modes, s.Mode) {
		return fmt.Errorf("mode = %q: must be one of %q", s.Mode, modes)
	}
	if s.Clock != "" && s.Clock != clockSystem && s.Clock != clockOffice {
		return fmt.Errorf("clock = %q: must be %q or %q", s.Clock, clockSystem, clockOffice)
	}
	if _, ok := text.Parse(s.Language, text.Languages()); !ok {
		return fmt.Errorf("language = %q: must be one of %q", s.Language, text.Languages())
	}
	if _, err := time.LoadLocation(s.Zone); err != nil {
		return fmt.Errorf("zone: %w", err)
	}
	if err := s.checkMaintenance(); err != nil {
		return err
	}
	if err := enrolment.CheckAddresses(s.Office); err != nil {
		return fmt.Errorf("office: %w", err)
	}
	if _, err := s.proxyURL(); err != nil {
		return err
	}
	if s.Burst < 1 || s.Burst > 15 {
		return fmt.Errorf("burst = %d: must be 1 to 15", s.Burst)
	}
	return s.checkAttached()
}

func (s Settings) checkAttached() error {
	if s.Panel != nil {
		if err := s.Panel.Check(); err != nil {
			return err
		}
	}
	if s.Scanner != nil {
		return s.Scanner.Check()
	}
	return nil
}
