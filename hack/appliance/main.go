// SPDX-License-Identifier: EUPL-1.2

// Command appliance builds the station's disk image, puts it on a card, updates
// a running station and boots an image in an emulator.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"github.com/fotobox-project/fotobox/internal/command"
)

const usage = `appliance: the station as a disk image.

  appliance build  [-kind pi|pc]                       build an image, say its size and what is in it
  appliance flash  -hostname NAME [-code CODE] [-place TEXT] [-settings FILE] DEVICE
                                                       put an image and a station's values on a card
  appliance update HOST                                bring an image's system onto a running station
  appliance boot                                       run an image in an emulator
  appliance compare                                    build twice in two folders and compare

Images lie in bin/appliance; -image FILE names another one.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := program().Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case err == nil:
	case errors.Is(err, command.ErrUsage):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "appliance:", err)
		os.Exit(1)
	}
}

func program() command.Program {
	return command.Program{Name: "appliance", Usage: usage, Commands: map[string]func(context.Context, *command.Call) error{
		"build": build, "flash": flash, "update": update, "boot": boot, "compare": compare,
	}}
}

// An errand is what every command begins with.
type errand struct {
	repository
	kind, image string
}

// begin parses a command's flags and finds the repository and the image.
func begin(ctx context.Context, c *command.Call) (errand, error) {
	kind := c.Flags.String("kind", "pi", `machine: "pi" (Raspberry Pi 4 and 5) or "pc"`)
	image := c.Flags.String("image", "", "the image's file")
	if err := c.Parse(); err != nil {
		return errand{}, err
	}
	if *kind != "pi" && *kind != "pc" {
		return errand{}, c.Wrong()
	}
	r, err := openRepository(ctx)
	if *image == "" {
		*image = r.out("fotobox-" + *kind + ".img")
	}
	return errand{r, *kind, *image}, err
}

// build makes an image that boots on any machine of its kind, with a formatted
// data partition and no station's secrets.
func build(ctx context.Context, c *command.Call) error {
	e, err := begin(ctx, c)
	if err != nil {
		return err
	}
	v, err := e.head(ctx)
	if err != nil {
		return err
	}
	gok, err := e.buildGok(ctx)
	if err != nil {
		return err
	}
	o := order{kind: e.kind, name: e.kind, image: e.image, release: v, files: card{}.files()}
	if err := e.make(ctx, gok, o); err != nil {
		return err
	}
	return e.describe(ctx, gok, o, c.Stdout)
}

// boot runs an image until the program is interrupted; the image stays as it is.
func boot(ctx context.Context, c *command.Call) error {
	e, err := begin(ctx, c)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "fotobox-vm")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	m := &vm{kind: e.kind, image: e.image, dir: dir, network: []string{forward("8080", "80"), forward(updatePort, updatePort)}, more: []string{"-snapshot"}}
	if err := m.start(ctx); err != nil {
		return err
	}
	defer m.cut()
	fmt.Fprintf(c.Stdout, "kiosk page http://127.0.0.1:8080, console %s\n", m.path("console.txt"))
	<-ctx.Done()
	return nil
}
