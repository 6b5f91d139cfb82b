// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package main

// underRace is false: every fault is made.
const underRace = false
