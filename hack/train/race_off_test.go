// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package main

// underRace is false: everything is tested.
const underRace = false
