// SPDX-License-Identifier: EUPL-1.2

package courier

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/upload/envelope"
	"github.com/fotobox-project/fotobox/upload/outbox"
)

// FuzzAnswer plays an office, or who stands in its place, that answers anything: an item is settled
// by a receipt of the office for this very envelope, or by one of the three refusals, and by nothing
// else.
func FuzzAnswer(f *testing.F) {
	key := officeKey()
	item := outbox.Item{Appointment: appointment.ID{1}}
	item.Capture[6], item.Capture[8] = 0x70, 0x80
	digest := envelope.Digest(sha256.Sum256([]byte("sealed")))
	good := envelope.Receipt{ID: item.Capture, Digest: digest, ReceivedAt: time.Unix(1e9, 0), ExpiresAt: time.Unix(1e9, 0).Add(envelope.Lifetime)}.Sign(key)
	receipt, err := json.Marshal(good)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(201, "", string(receipt))
	f.Add(200, "", strings.Replace(string(receipt), "sha-256", "sha-512", 1))
	f.Add(409, "", `{"type":"urn:fotobox:problem:conflict","title":"conflict","detail":"\u0000","status":409}`)
	f.Add(422, "", `{"type":"urn:fotobox:problem:capture-in-future"}`)
	f.Add(503, "120", `{"title":"busy"}`)
	f.Add(429, "Sat, 01 Jan 2000 00:02:00 GMT", `[]`)
	f.Add(302, "-9223372036854775808", "<html>")
	c := &Courier{ReceiptKey: func() ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }}
	f.Fuzz(func(t *testing.T, status int, after, body string) {
		a, err := c.read(&http.Response{StatusCode: status, Header: http.Header{"Retry-After": {after}}, Body: io.NopCloser(strings.NewReader(body))}, item, digest)
		if a.receipt != nil {
			var r envelope.Receipt
			if json.Unmarshal(a.receipt, &r) != nil || r.Verify(c.ReceiptKey()) != nil || r.ID != item.Capture || r.Digest != digest || status/100 != 2 {
				t.Errorf("%d settles the item with %q", status, a.receipt)
			}
		}
		if a.refusal != "" && (status != 409 && status != 413 && status != 422 || len(a.refusal) > maxReason || !utf8.ValidString(a.refusal)) {
			t.Errorf("%d refuses the item with %q", status, a.refusal)
		}
		if (err == nil) == (a.receipt == nil && a.refusal == "") {
			t.Errorf("%d gives %+v and %v", status, a, err)
		}
		if busy, ok := errors.AsType[*busyError](err); ok && (busy.retryAfter < 0 || busy.retryAfter > longestRetryAfter) {
			t.Errorf("Retry-After %q is %v", after, busy.retryAfter)
		}
	})
}
