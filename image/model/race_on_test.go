// SPDX-License-Identifier: EUPL-1.2

//go:build race

package model_test

// underRace leaves out what is about pictures and numbers: few renders show races as well.
const underRace = true
