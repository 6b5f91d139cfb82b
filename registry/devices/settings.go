// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"time"

	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// Settings is what every station of the office works with now.
func (d *Devices) Settings(ctx context.Context, now time.Time) (enrolment.Settings, error) {
	k := d.keys
	s := enrolment.Settings{
		Office:          k.Office.String(),
		OfficeName:      k.Name,
		Addresses:       d.Addresses,
		AppointmentKeys: append([]ed25519.PublicKey{public(k.Appointment), public(k.Next)}, k.Retired...),
		ReceiptKey:      public(k.Receipt),
		Recipients:      k.Ring.Recipients(),
		Day:             enrolment.Day{Revoked: []enrolment.Revocation{}, Typed: []enrolment.Typed{}},
	}
	if d.Day == nil {
		return s, nil
	}
	var err error
	if s.Day, err = d.Day(ctx, now); err != nil {
		return enrolment.Settings{}, fmt.Errorf("settings of the stations: %w", err)
	}
	return s, nil
}

func public(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }
