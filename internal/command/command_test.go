// SPDX-License-Identifier: EUPL-1.2

package command

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// lamp is a program with one command that says what it was called with.
func lamp() Program {
	return Program{Name: "lamp", Usage: "lamp on [-watts N] NAME\n", Config: "/etc/lamp.toml", Commands: map[string]func(context.Context, *Call) error{
		"on": func(_ context.Context, c *Call) error {
			watts := c.Flags.Int("watts", 5, "power")
			if err := c.Parse(); err != nil {
				return err
			}
			words, err := c.Words(1, 1)
			if err == nil {
				fmt.Fprintf(c.Stdout, "%s %d %s", c.Config, *watts, words[0])
			}
			return err
		},
	}}
}

func TestRun(t *testing.T) {
	for _, tc := range []struct {
		args, out, said string
		wrong           bool
	}{
		{"on left", "/etc/lamp.toml 5 left", "", false},
		{"on -config x -watts 7 left", "x 7 left", "", false},
		{"on left -watts 7", "/etc/lamp.toml 7 left", "", false},
		{"", "", "lamp on", true},
		{"off", "", "lamp on", true},
		{"on", "", "lamp on", true},
		{"on left right", "", "lamp on", true},
		{"on -colour red left", "", "-colour", true},
	} {
		var out, said strings.Builder
		err := lamp().Run(t.Context(), strings.Fields(tc.args), &out, &said)
		if errors.Is(err, ErrUsage) != tc.wrong || out.String() != tc.out || !strings.Contains(said.String(), tc.said) {
			t.Errorf("lamp %s: printed %q, said %q, error %v; want %q, %q, wrong usage %v",
				tc.args, out.String(), said.String(), err, tc.out, tc.said, tc.wrong)
		}
	}
}
