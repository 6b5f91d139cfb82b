// SPDX-License-Identifier: EUPL-1.2

// Package devices keeps the office's keys and knows its stations: it invites,
// admits, renews and revokes them.
//
// A station shows its certificate, valid for a week, on every connection, and
// every request is checked against the list of revoked stations. Registry
// software that retrieves photos has a second kind of certificate, which opens
// no door of the stations, and theirs none of its own.
package devices
