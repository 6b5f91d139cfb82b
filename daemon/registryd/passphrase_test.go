// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"os"
	"testing"
	"time"
)

// TestFirstLine comes from a terminal, which stays open.
func TestFirstLine(t *testing.T) {
	for text, want := range map[string]string{"CANARY\n": "CANARY", "CANARY\r\nmore": "CANARY", "\n": ""} {
		in, out, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		hangUp := time.AfterFunc(5*time.Second, func() { out.Close() })
		if _, err := out.WriteString(text); err != nil {
			t.Fatal(err)
		}
		got, err := firstLine(in)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q, %v, want %q", text, got, err, want)
		}
		if !hangUp.Stop() {
			t.Errorf("%q: it waits for more", text)
		}
		out.Close()
		in.Close()
	}
}
