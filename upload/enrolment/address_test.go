// SPDX-License-Identifier: EUPL-1.2

package enrolment

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestCheckAddresses(t *testing.T) {
	good := []string{"office.example:8443", "10.0.0.1:1", "[fe80::1]:65535", "office:80"}
	if err := CheckAddresses(good); err != nil {
		t.Error(err)
	}
	if err := CheckAddresses(slices.Repeat(good, 3)); err == nil {
		t.Error("twelve addresses are taken")
	}
	for _, bad := range []string{
		"", "office", ":8443", "office:", "office:0", "office:65536", "office:http", "a/b:1", "user@host:1", "a b:1", "a?b:1", "[fe80::1%25eth0]:1", strings.Repeat("a", 254) + ":1",
	} {
		if err := CheckAddresses([]string{bad}); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// FuzzAddress: what is taken for an address is the host of the URL that is made of it, and nothing else of it.
func FuzzAddress(f *testing.F) {
	f.Add("office.example:8443")
	f.Add("[fe80::1]:1")
	f.Fuzz(func(t *testing.T, address string) {
		if CheckAddresses([]string{address}) != nil {
			return
		}
		if u, err := url.Parse("https://" + address + "/v1/station"); err == nil && (u.Host != address || u.Path != "/v1/station" || u.User != nil) {
			t.Errorf("%q gives %#v", address, u)
		}
	})
}
