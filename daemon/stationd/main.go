// SPDX-License-Identifier: EUPL-1.2

// Command stationd is the station in the town hall: it guides a citizen to a
// passport photo, judges it, seals it for the registry office and delivers it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // the appliance has no zone files
)

const usage = `stationd: the photo station.

  stationd run       [-config FILE] [-camera CAMERA]   run the station
  stationd enrol     [-config FILE] CODE               enrol at the office, with the code from "registryd invite"
  stationd selftest  [-config FILE] [-json]            check every part and say what to do
  stationd check     [--json] [--relative] [--crop OUT.jpg] PHOTO...
                                                       judge photos, rule by rule
  stationd settings                                    print the smallest settings file
`

// errUsage ends the program with status 2 after the usage has been shown.
var errUsage = errors.New("wrong usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) > 1 && os.Args[1] == "check" { // has exit statuses of its own
		os.Exit(check(os.Args[2:], os.Stdout, os.Stderr))
	}
	err := command(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, errUsage) {
		fmt.Fprintln(os.Stderr, "stationd:", err)
	}
	os.Exit(status(err, ctx.Err() != nil))
}

// status is the exit status. The appliance's init never starts a service again
// that ends with 0, so that after a signal it gets 128 + SIGTERM.
func status(err error, stopped bool) int {
	switch {
	case errors.Is(err, errUsage):
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

func command(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	commands := map[string]func(context.Context, *arguments) error{
		"run": runStation, "enrol": enrol, "selftest": selftest, "settings": printSettings,
	}
	name := ""
	if len(args) > 0 {
		name = args[0]
	}
	f, ok := commands[name]
	if !ok {
		fmt.Fprint(stderr, usage)
		return errUsage
	}
	a := &arguments{flags: flag.NewFlagSet("stationd "+name, flag.ContinueOnError), stdout: stdout, stderr: stderr, rest: args[1:]}
	a.flags.SetOutput(stderr)
	a.flags.StringVar(&a.config, "config", "/etc/fotobox/station.toml", "settings file")
	return f(ctx, a)
}

// arguments are what a command was called with.
type arguments struct {
	flags          *flag.FlagSet
	rest           []string
	config         string
	stdout, stderr io.Writer
}

// settings parses the flags, which the command has added, and reads the settings file.
func (a *arguments) settings() (Settings, error) {
	if err := a.flags.Parse(a.rest); err != nil {
		return Settings{}, errUsage // the flag set has said why
	}
	return readSettings(a.config)
}

func printSettings(_ context.Context, a *arguments) error {
	_, err := io.WriteString(a.stdout, minimal)
	return err
}
