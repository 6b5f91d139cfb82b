// SPDX-License-Identifier: EUPL-1.2

// Package settings reads the TOML file of a program so that no slip goes unnoticed.
package settings

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Decode reads settings into a struct that holds their defaults. An unknown key
// and a value of the wrong kind are errors that name their line.
func Decode(r io.Reader, into any) error {
	err := toml.NewDecoder(r).DisallowUnknownFields().Decode(into)
	if unknown, ok := errors.AsType[*toml.StrictMissingError](err); ok {
		row, _ := unknown.Errors[0].Position()
		return fmt.Errorf("line %d: unknown key %q", row, strings.Join(unknown.Errors[0].Key(), "."))
	}
	if fault, ok := errors.AsType[*toml.DecodeError](err); ok {
		row, _ := fault.Position()
		return fmt.Errorf("line %d: %w", row, fault)
	}
	return err
}

// Read parses the named file; its errors name it.
func Read[S any](name string, parse func(io.Reader) (S, error)) (S, error) {
	var none S
	f, err := os.Open(name)
	if err != nil {
		return none, fmt.Errorf("settings: %w", err)
	}
	defer f.Close()
	s, err := parse(f)
	if err != nil {
		return none, fmt.Errorf("settings %s: %w", name, err)
	}
	return s, nil
}
