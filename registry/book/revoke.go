// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"context"
	"fmt"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
)

// Revocations are the codes that hold no more and could still be shown at now:
// those of cancelled appointments, and the old ones of moved appointments.
func (b *Book) Revocations(ctx context.Context, now time.Time) ([]appointment.Revocation, error) {
	all, err := b.query(ctx, `revoked_until > $1 AND revoked_until > 0 ORDER BY id`, now.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("list revocations: %w", err)
	}
	revoked := make([]appointment.Revocation, len(all))
	for i, a := range all {
		revoked[i] = appointment.Revocation{ID: a.ID, Revision: a.Revision - 1, Reason: appointment.Moved}
		if a.State == Cancelled {
			revoked[i] = appointment.Revocation{ID: a.ID, Revision: a.Revision, Reason: appointment.Cancelled}
		}
	}
	return revoked, nil
}
