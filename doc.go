// SPDX-License-Identifier: EUPL-1.2

// Package fotobox is the map of an open photo station for town halls and of the office that receives its photos.
//
// The station's daemon is daemon/stationd, the office's server is
// daemon/registryd. docs/architecture.md shows the floors between them;
// repo_test.go keeps them.
package fotobox
