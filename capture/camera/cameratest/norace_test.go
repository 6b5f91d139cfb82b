// SPDX-License-Identifier: EUPL-1.2

//go:build !race && !emulated

package cameratest

// RaceEnabled is for the tests of both packages of this folder.
const RaceEnabled = false
