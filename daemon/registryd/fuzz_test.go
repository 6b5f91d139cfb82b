// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"net"
	"strings"
	"testing"
)

// FuzzSettings reads anything as the settings file: it is refused with a reason
// of one line, or has what the program needs.
func FuzzSettings(f *testing.F) {
	f.Add(minimal)
	f.Add(minimal + "database = 'postgres://office:SECRET@db/fotobox'\nproxied = true\n[keep]\nreports = '7 days'\n[handover]\nlisten = ':1'\nnames = ['a']\n[zms]\naddress = 'https://zms.example.org/api/2/'\nservice = 3\n")
	f.Add("state = \nx = [[")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseSettings(strings.NewReader(text))
		if err != nil {
			if err.Error() == "" {
				t.Error("refused without a reason")
			}
			return
		}
		if _, _, err := net.SplitHostPort(s.Device); err != nil || s.State == "" || s.Listen == "" || len(s.names()) == 0 {
			t.Errorf("%q gives %+v", text, s)
		}
	})
}

// FuzzTime reads anything as the time of an appointment.
func FuzzTime(f *testing.F) {
	for _, text := range []string{"2026-12-01T09:30", "2026-12-01", "2026-12-01T09:30:00+01:00", "9999-99-99"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if at, err := parseTime(text); err == nil && at.IsZero() && !strings.HasPrefix(text, "0001") && !strings.HasPrefix(text, "0000") {
			t.Errorf("%q is no time", text)
		}
	})
}
