// SPDX-License-Identifier: EUPL-1.2

//go:build race

package main

// underRace thins out the faults: the detector makes drawing ten times slower,
// and races show on few faults as well.
const underRace = true
