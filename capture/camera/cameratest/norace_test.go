// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package cameratest_test

const raceEnabled = false
