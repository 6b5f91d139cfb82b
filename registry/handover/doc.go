// SPDX-License-Identifier: EUPL-1.2

// Package handover gives the photos that clerks took over to the registry
// software, in a watched folder or by an interface that it asks.
//
// What leaves is the JPEG byte for byte as the station made it and an XML record
// about it. Both are gone when the software has retrieved them, and at the end of
// the capture's 96 hours in any case.
package handover
