// SPDX-License-Identifier: EUPL-1.2

//go:build race

package rule

// every says how many of the photos are judged: under the race detector one of so many.
const every = 12
