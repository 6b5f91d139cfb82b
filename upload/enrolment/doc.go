// SPDX-License-Identifier: EUPL-1.2

// Package enrolment is what a station and its office say to each other when the
// station joins, renews its certificate and asks for its settings.
package enrolment
