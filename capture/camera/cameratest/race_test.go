// SPDX-License-Identifier: EUPL-1.2

//go:build race

package cameratest_test

// raceEnabled shortens the sweeps: the race detector makes rendering some ten times slower.
const raceEnabled = true
