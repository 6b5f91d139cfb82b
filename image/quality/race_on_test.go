// SPDX-License-Identifier: EUPL-1.2

//go:build race

package quality

// underRace thins out the pictures: the detector makes the searches ten times
// slower, and races show on few as well.
const underRace = true
