// SPDX-License-Identifier: EUPL-1.2

package enrolment

import (
	"crypto/x509"
	"fmt"
	"time"
)

// Validity tells a certificate that does not hold yet from one that holds no more, which x509 does
// not; nil while it holds. Its words follow those that say whose certificate it is.
func Validity(c *x509.Certificate, at time.Time) error {
	here := at.UTC().Format(time.RFC3339)
	switch {
	case at.Before(c.NotBefore):
		return fmt.Errorf("is not yet valid: it begins %s, and here it is %s; set the clock that is wrong, here or at the office", c.NotBefore.UTC().Format(time.RFC3339), here)
	case at.After(c.NotAfter):
		return fmt.Errorf("has expired: it ended %s, and here it is %s", c.NotAfter.UTC().Format(time.RFC3339), here)
	}
	return nil
}
