// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// FuzzAddress sends anything in the path and the headers of a delivery: what is
// let through names one capture and one appointment, each written in one way.
func FuzzAddress(f *testing.F) {
	f.Add("019ad948-b3c0-7000-8000-000000000001", "application/age", "*", "ca5e030405060708", int64(2_000_000))
	f.Add("{019AD948-B3C0-7000-8000-000000000001}", "application/age; x=y", "\"*\"", "CA5E", int64(-1))
	f.Add("../x", "multipart/form-data; boundary=", "", "", int64(envelope.MaxSize+1))
	f.Fuzz(func(t *testing.T, id, media, match, appt string, length int64) {
		r := httptest.NewRequest("PUT", "/", nil)
		r.SetPathValue("id", id)
		r.ContentLength = length
		r.Header.Set("Content-Type", media)
		r.Header.Set("If-None-Match", match)
		r.Header.Set("Fotobox-Appointment", appt)
		gotID, gotAppt, err := address(r)
		if p, ok := err.(*problem.Problem); err != nil && (!ok || p.Status < 400 || p.Status > 499) {
			t.Fatalf("answer %v", err)
		}
		if err != nil {
			return
		}
		if gotID.String() != id || gotID.Version() != 7 || gotAppt.String() != appt || match != "*" || length > envelope.MaxSize {
			t.Errorf("%q %q %q %d is let through as %s %s", id, match, appt, length, gotID, gotAppt)
		}
		if gotID == uuid.Nil {
			t.Error("no id is let through")
		}
	})
}
