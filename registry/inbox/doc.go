// SPDX-License-Identifier: EUPL-1.2

// Package inbox takes in the sealed captures that stations deliver and leads
// each to its end: taken over by a clerk, refused, or forgotten when its time
// is over.
//
// Whatever happens to a capture is decided by [Item.Decide], a pure function,
// and changes item, bytes and audit record in one transaction.
package inbox
