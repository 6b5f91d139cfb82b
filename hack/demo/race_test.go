// SPDX-License-Identifier: EUPL-1.2

//go:build race

package main

// raceFlags builds the programs with the race detector when the tests have it.
func raceFlags() []string { return []string{"-race"} }
