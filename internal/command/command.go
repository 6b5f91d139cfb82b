// SPDX-License-Identifier: EUPL-1.2

// Package command runs the commands of a program that reads one settings file.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
)

// ErrUsage says that a program was called wrongly. The person has been told how
// it is called; the exit status is 2.
var ErrUsage = errors.New("wrong usage")

// A Program is what can be called.
type Program struct {
	Name     string
	Usage    string // what is said to whoever calls it wrongly
	Config   string // the settings file, where no other is named
	Commands map[string]func(context.Context, *Call) error
}

// Run runs the command that the arguments name.
func (p Program) Run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	name := ""
	if len(args) > 0 {
		name = args[0]
	}
	f, ok := p.Commands[name]
	if !ok {
		fmt.Fprint(stderr, p.Usage)
		return ErrUsage
	}
	c := &Call{
		Flags: flag.NewFlagSet(p.Name+" "+name, flag.ContinueOnError), Stdout: stdout, Stderr: stderr,
		usage: p.Usage, rest: args[1:],
	}
	c.Flags.SetOutput(stderr)
	c.Flags.StringVar(&c.Config, "config", p.Config, "settings file")
	return f(ctx, c)
}

// A Call is one call of a command. The command adds its flags, then parses.
type Call struct {
	Flags          *flag.FlagSet
	Config         string // the settings file, after Parse
	Stdout, Stderr io.Writer

	usage string
	rest  []string
	words []string
}

// Parse reads the flags, which may stand before, between and behind the words.
func (c *Call) Parse() error {
	for rest := c.rest; len(rest) > 0; {
		if err := c.Flags.Parse(rest); err != nil {
			return ErrUsage // the flag set has said why
		}
		rest = c.Flags.Args()
		if len(rest) > 0 {
			c.words, rest = append(c.words, rest[0]), rest[1:]
		}
	}
	return nil
}

// Words gives the arguments that are no flags; too few or too many show the usage.
func (c *Call) Words(least, most int) ([]string, error) {
	if n := len(c.words); n < least || n > most {
		return nil, c.Wrong()
	}
	return c.words, nil
}

// Wrong shows the usage and returns ErrUsage.
func (c *Call) Wrong() error {
	fmt.Fprint(c.Stderr, c.usage)
	return ErrUsage
}
