// SPDX-License-Identifier: EUPL-1.2

// Command registryd is the office's server: it knows the appointments, takes sealed captures in and shows them to clerks.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the office's time zone, also where the machine has no zone files

	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/internal/settings"
)

const usage = `registryd: the office's server.

  registryd init        [-config FILE] -office AGS -name NAME [-protect]   make the keys of a new office
  registryd run         [-config FILE] [-passphrase-fd N]       serve stations and clerks
  registryd keys        [-config FILE] [-passphrase-fd N] list | protect | rotate [office|appointment|receipt]
                                       escrow | [-key FILE] escrow-open CAPTURE
  registryd invite      [-config FILE]                          print a one-time code for a station
  registryd station     [-config FILE] list | revoke ID         stations and their certificates
  registryd vendor      [-config FILE] add NAME -csr FILE | list | revoke ID   registry software that retrieves photos
  registryd clerk       [-config FILE] add NAME [-role ROLE] | password NAME | role NAME ROLE | sign-out NAME | remove NAME | list
                                       ROLE: clerk, supervisor, technician, officer (data protection)
  registryd appointment [-config FILE] add -start TIME [-minutes N] [-service N] [-persons N]   name on standard input
                                       list [-start DAY] | import FILE.csv or FILE.ics | show TERMINKENNUNG
                                       zms ID                 from the city's ZMS; its key on standard input
  registryd town        [-config FILE] import [-try] FILE | export | example   offices, services, rules and closures as one file
  registryd figures     [-config FILE]                          print first-try rate, times and hints of 30 days and 12 months
  registryd report      [-config FILE] [-json]                  for the data-protection officer: what there is, what was erased
  registryd backup      [-config FILE] [-captures] FOLDER or FILE   a sealed copy of the database, while the office is open
  registryd restore     [-config FILE] [-key FILE] [-passphrase-fd N] FILE   into an empty database
  registryd audit       [-config FILE]                          verify the record of what was done
  registryd simulate    [-scale N] [-days N] [-people N] [-seed N] [-first DAY] [-counters N] [-closures N] [-database WHERE] [-report FILE.html] year | agent | rush
                                       play a large town on this program, in a database of its own
  registryd settings                                            print the smallest settings file
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := program().Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case errors.Is(err, command.ErrUsage):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "registryd:", err)
		os.Exit(1)
	}
}

func program() command.Program {
	return command.Program{
		Name: "registryd", Usage: usage, Config: "/etc/fotobox/office.toml",
		Commands: map[string]func(context.Context, *command.Call) error{
			"init": initOffice, "run": runOffice, "keys": keys, "invite": invite, "station": stations, "vendor": vendors, "clerk": clerkList,
			"appointment": appointments, "town": towns, "figures": printFigures, "audit": verify, "report": report, "backup": backUp, "restore": restore, "settings": printSettings, "simulate": simulated,
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
