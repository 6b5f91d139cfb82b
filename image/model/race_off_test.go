// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package model_test

// underRace is false: everything is tested.
const underRace = false
