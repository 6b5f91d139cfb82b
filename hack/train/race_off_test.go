// SPDX-License-Identifier: EUPL-1.2

//go:build !race && !emulated

package main

// underRace is false: everything is tested.
const underRace = false
