// SPDX-License-Identifier: EUPL-1.2

package enrolment

import (
	"crypto/x509"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestValidity(t *testing.T) {
	begin := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	c := &x509.Certificate{NotBefore: begin, NotAfter: begin.Add(time.Hour)}
	for after, want := range map[time.Duration]string{
		-20 * 365 * 24 * time.Hour: "is not yet valid: it begins 2026-12-01T09:00:00Z, and here it is 2006-12-06T09:00:00Z",
		-time.Second:               "is not yet valid",
		0:                          "<nil>",
		time.Hour:                  "<nil>",
		time.Hour + time.Second:    "has expired: it ended 2026-12-01T10:00:00Z, and here it is 2026-12-01T10:00:01Z",
	} {
		if got := fmt.Sprint(Validity(c, begin.Add(after))); !strings.HasPrefix(got, want) {
			t.Errorf("%v after its begin: %s, want %s", after, got, want)
		}
	}
}
