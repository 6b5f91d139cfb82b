// SPDX-License-Identifier: EUPL-1.2

//go:build race

package face

// underRace thins out the photos: the detector makes the searches ten times
// slower, and races show on few photos as well.
const underRace = true
