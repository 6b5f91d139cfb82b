// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package main

// raceFlags builds the programs as the tests are built.
func raceFlags() []string { return nil }
