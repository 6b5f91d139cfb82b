// SPDX-License-Identifier: EUPL-1.2

package origin

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestOf(t *testing.T) {
	for _, tc := range []struct {
		remote, want string
		forwarded    []string
		proxied      bool
	}{
		{"192.0.2.1:5", "192.0.2.1", nil, false},
		{"192.0.2.1:5", "192.0.2.1", []string{"198.51.100.1"}, false}, // anybody can write that
		{"192.0.2.1:5", "198.51.100.1", []string{"198.51.100.1"}, true},
		{"192.0.2.1:5", "198.51.100.1", []string{"203.0.113.1", "203.0.113.2, 198.51.100.1"}, true},
		{"192.0.2.1:5", "192.0.2.1", nil, true},
		{"[2001:db8::1:2]:5", "2001:db8::/64", nil, false},
		{"[fe80::1%eth0]:5", "fe80::/64", nil, false},
		{"[::ffff:192.0.2.1]:5", "192.0.2.1", nil, false},
		{"192.0.2.1:5", "", []string{"unknown"}, true},
		{"@", "", nil, false},
	} {
		r := httptest.NewRequest(http.MethodPost, "/sign-in", nil)
		r.RemoteAddr, r.Header["X-Forwarded-For"] = tc.remote, tc.forwarded
		if got := Of(r, tc.proxied); got != tc.want {
			t.Errorf("%+v: got %q", tc, got)
		}
	}
}
