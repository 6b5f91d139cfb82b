// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// TestOneOfTwoGoesOn: a station was invited by one program, delivers to another on
// the same database, and goes on with that one when the first is gone; so does the clerk.
func TestOneOfTwoGoesOn(t *testing.T) {
	storetest.ServerOnly(t)
	one, _, stop := started(t)
	two, logged, _ := startedOn(t, one.settings)
	station, settings := enrolled(t, one)
	for n := range 4 {
		if n == 2 {
			stop()
		}
		id, put := delivery(t, two, settings.Recipients, appointment.ID{byte(n + 1)})
		var receipt envelope.Receipt
		if status := do(t, station, put, &receipt); status != 201 || receipt.Verify(settings.ReceiptKey) != nil {
			t.Fatalf("delivery %d answers %d %+v", n, status, receipt)
		}
		clerk := two
		if n < 2 {
			clerk = one
		}
		if _, err := clerk.inbox.Open(t.Context(), "anna", id); err != nil {
			t.Errorf("capture %d: %v", n, err)
		}
	}
	if n, err := audit.Verify(t.Context(), two.store); n != 2+4*2 || err != nil { // invited, enrolled; delivered, opened
		t.Errorf("record of %d entries, %v, want 10", n, err)
	}
	if strings.Contains(logged.String(), "level=ERROR") {
		t.Errorf("log:\n%s", logged)
	}
}
