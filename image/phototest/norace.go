// SPDX-License-Identifier: EUPL-1.2

//go:build !race && !emulated

package phototest

// UnderRace is false: every photo is taken.
const UnderRace = false
