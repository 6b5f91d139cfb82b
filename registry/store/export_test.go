// SPDX-License-Identifier: EUPL-1.2

package store

import "context"

// SweepSealed is what Scrub begins with, and may run within a transaction.
func (s *Store) SweepSealed(ctx context.Context) error { return s.sweepSealed(ctx) }
