// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMailbox: a mail lies in the folder, and its link is said, also where it is folded.
func TestMailbox(t *testing.T) {
	var said bytes.Buffer
	dir := filepath.Join(t.TempDir(), "mail")
	address, err := openMailbox(t.Context(), dir, &said)
	if err != nil {
		t.Fatal(err)
	}
	link := "http://127.0.0.1:8092/confirm/" + strings.Repeat("a", 44)
	text := "Subject: =?UTF-8?q?Bitte_best=C3=A4tigen?=\r\n\r\nhttp://127.0.0.1:8092/confirm/" + strings.Repeat("a", 20) + "=\r\n" + strings.Repeat("a", 24) + "\r\n"
	if err := smtp.SendMail(address, nil, "amt@example.org", []string{"anna@example.org"}, []byte(text)); err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(filepath.Join(dir, "001.eml"))
	if err != nil || !strings.Contains(string(kept), "Subject: =?UTF-8?q?Bitte") {
		t.Errorf("%v: %s", err, kept)
	}
	for _, want := range []string{"Mail to anna@example.org: Bitte bestätigen", "001.eml", link} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, &said)
		}
	}
}
