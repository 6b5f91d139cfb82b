// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package rule

// every says how many of the photos are judged: all of them.
const every = 1
