// SPDX-License-Identifier: EUPL-1.2

//go:build race || emulated

package chart

// underRace leaves out what has one goroutine and many pixels.
const underRace = true
