// SPDX-License-Identifier: EUPL-1.2

// Command stationd is the station in the town hall: it guides a citizen to a
// passport photo, judges it, seals it for the registry office and delivers it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // the appliance has no zone files

	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/internal/settings"
)

const usage = `stationd: the photo station.

  stationd run       [-config FILE] [-camera CAMERA]   run the station
  stationd enrol     [-config FILE] CODE               enrol at the office, with the code from "registryd invite"
  stationd calibrate [-config FILE] [-grey]            store the empty scene, with -grey the white balance of a card
  stationd selftest  [-config FILE] [-json]            check every part and say what to do
  stationd selftest  -chart [-distance MM] [-height MM] [-travel MM] [-bar MM]
                                                       measure the camera by the printed chart
  stationd chart                                       write that chart, SVG, A4
  stationd check     [--json] [--relative] [--crop OUT.jpg] PHOTO...
                                                       judge photos, rule by rule
  stationd settings                                    print the smallest settings file
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) > 1 && os.Args[1] == "check" { // has exit statuses of its own
		os.Exit(check(os.Args[2:], os.Stdout, os.Stderr))
	}
	err := program().Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, command.ErrUsage) {
		fmt.Fprintln(os.Stderr, "stationd:", err)
	}
	os.Exit(status(err, ctx.Err() != nil))
}

// status is the exit status. The appliance's init never starts a service again
// that ends with 0, so that after a signal it gets 128 + SIGTERM.
func status(err error, stopped bool) int {
	switch {
	case errors.Is(err, command.ErrUsage):
		return 2
	case err != nil:
		return 1
	case stopped && onAppliance():
		return 128 + int(syscall.SIGTERM)
	}
	return 0
}

// onAppliance reports whether gokrazy's init started the program; it gives its
// services this search path and nothing else to know it by.
func onAppliance() bool { return strings.HasPrefix(os.Getenv("PATH"), "/user:/gokrazy") }

func program() command.Program {
	return command.Program{
		Name: "stationd", Usage: usage, Config: "/etc/fotobox/station.toml",
		Commands: map[string]func(context.Context, *command.Call) error{
			"run": runStation, "enrol": enrol, "calibrate": calibrate, "selftest": selftest, "chart": writeChart, "settings": printSettings,
		},
	}
}

// configured parses the flags, which the command has added, and reads the settings file.
func configured(c *command.Call) (Settings, error) {
	if err := c.Parse(); err != nil {
		return Settings{}, err
	}
	return settings.Read(c.Config, parseSettings)
}

func printSettings(_ context.Context, c *command.Call) error {
	_, err := io.WriteString(c.Stdout, minimal)
	return err
}
