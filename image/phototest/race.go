// SPDX-License-Identifier: EUPL-1.2

//go:build race || emulated

package phototest

// UnderRace lets tests thin out photos and rest where they are about pictures alone: the
// detector makes them ten times slower, and races show on few as well.
const UnderRace = true
