// SPDX-License-Identifier: EUPL-1.2

//go:build race || emulated

package main

// underRace leaves the renders out: they take too long under the detector.
const underRace = true
