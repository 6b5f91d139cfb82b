// SPDX-License-Identifier: EUPL-1.2

// Command registryd is the office's server: it knows the appointments, takes sealed captures in and shows them to clerks.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the office's time zone, also where the machine has no zone files
)

const usage = `registryd: the office's server.

  registryd init        [-config FILE] -office AGS -name NAME   make the keys of a new office
  registryd run         [-config FILE]                          serve stations and clerks
  registryd invite      [-config FILE]                          print a one-time code for a station
  registryd station     [-config FILE] list | revoke ID         stations and their certificates
  registryd clerk       [-config FILE] add NAME | remove NAME | list
  registryd appointment [-config FILE] add | list | import FILE.csv | show TERMINKENNUNG
  registryd audit       [-config FILE]                          verify the record of what was done
  registryd settings                                            print the smallest settings file
`

// errUsage ends the program with status 2 after the usage has been shown.
var errUsage = errors.New("wrong usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := command(ctx, os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case errors.Is(err, errUsage):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "registryd:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	commands := map[string]func(context.Context, *arguments) error{
		"init": initOffice, "run": runOffice, "invite": invite, "station": stations, "clerk": clerkList,
		"appointment": appointments, "audit": verify, "settings": printSettings,
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
	a := &arguments{flags: flag.NewFlagSet("registryd "+name, flag.ContinueOnError), stdout: stdout, stderr: stderr, rest: args[1:]}
	a.flags.SetOutput(stderr)
	a.flags.StringVar(&a.config, "config", "/etc/fotobox/office.toml", "settings file")
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

// words are the arguments behind the flags; wrong ones show the usage.
func (a *arguments) words(least, most int) ([]string, error) {
	if n := a.flags.NArg(); n < least || n > most {
		fmt.Fprint(a.stderr, usage)
		return nil, errUsage
	}
	return a.flags.Args(), nil
}

func printSettings(_ context.Context, a *arguments) error {
	_, err := io.WriteString(a.stdout, minimal)
	return err
}
