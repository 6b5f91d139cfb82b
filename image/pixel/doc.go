// SPDX-License-Identifier: EUPL-1.2

// Package pixel reads pictures and gives their pixels in the forms that the
// finder of faces and the rules measure on.
package pixel
