// SPDX-License-Identifier: EUPL-1.2

//go:build race || emulated

package cameratest

// RaceEnabled lets tests of the picture alone rest: rendering is some ten times slower under the race
// detector, and TestDeterministic and TestConformance run all that runs at the same time.
const RaceEnabled = true
