// SPDX-License-Identifier: EUPL-1.2

// Package appointment holds the two codes by which a citizen names an appointment: the signed
// [Code] that a station verifies offline from its QR, and the [Terminkennung] that is typed.
//
// Neither contains personal data. The wire format is described at [Parse].
package appointment
