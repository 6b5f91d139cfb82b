// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"strings"
	"testing"
)

// FuzzParseURL reads anything as the database's URL: no refusal repeats its
// password, and nothing on another machine is reached without TLS.
func FuzzParseURL(f *testing.F) {
	f.Add("office", "XYZZYSECRET", "db/fotobox?sslmode=verify-full")
	f.Add("office", "XYZZY#SECRET", "db/fotobox")
	f.Add("", "XYZZY%zzSECRET", "127.0.0.1:x/fotobox?connect_timeout=-1")
	f.Fuzz(func(t *testing.T, user, password, rest string) {
		if len(password) < 8 || strings.Contains("postgres://"+user+rest, password) {
			return
		}
		config, err := parseURL("postgres://" + user + ":" + password + "@" + rest)
		if err != nil {
			if strings.Contains(err.Error(), password) {
				t.Errorf("error repeats the password %q: %v", password, err)
			}
			return
		}
		if config.RuntimeParams["synchronous_commit"] != "on" || !private(config) {
			t.Errorf("%q is let through", rest)
		}
	})
}
