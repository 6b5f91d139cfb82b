// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCardCheck(t *testing.T) {
	for _, tc := range []struct {
		card card
		want string
	}{
		{card{hostname: "rathaus-1", code: "FBE1:ABC", place: "Eingangshalle"}, ""},
		{card{hostname: "Rathaus"}, "hostname"},
		{card{hostname: "-x"}, "hostname"},
		{card{hostname: "x", code: "ABC"}, "FBE1"},
		{card{hostname: "x", place: "a\nb"}, "one line"},
	} {
		err := tc.card.check()
		if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
			t.Errorf("%+v: %v, want %q", tc.card, err, tc.want)
		}
	}
}

// TestImageHasNoSecrets: the common image's data partition holds settings and nothing else.
func TestImageHasNoSecrets(t *testing.T) {
	files := card{}.files()
	if len(files) != 1 || files[0].name != "fotobox/station.toml" {
		t.Errorf("the image has %v, want the settings alone", files)
	}
}

// TestFormatPerm reads a card's files back from the file system.
func TestFormatPerm(t *testing.T) {
	debugfs, err := exec.LookPath("/usr/sbin/debugfs")
	if err != nil {
		t.Skip("needs e2fsprogs")
	}
	r := repository(".")
	dir := t.TempDir()
	var images [2][]byte
	for i := range images {
		image := filepath.Join(dir, "card.img")
		if err := os.RemoveAll(image); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(image)
		if err != nil {
			t.Fatal(err)
		}
		const small = permStart + 64*mib
		if err := f.Truncate(small); err != nil {
			t.Fatal(err)
		}
		s := card{hostname: "rathaus-1", code: "FBE1:ABC", place: "Halle"}
		if err := r.formatPerm(t.Context(), image, small, fixed(release{date: time.Unix(1750000000, 0)}), s.files()); err != nil {
			t.Fatal(err)
		}
		if images[i], err = io.ReadAll(io.NewSectionReader(f, permStart, 64*mib)); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	if string(images[0]) != string(images[1]) {
		t.Error("two file systems of one stamp differ")
	}
	at := filepath.Join(dir, "card.img") + "?offset=1157627904"
	ask := func(command string) string {
		out, err := exec.Command(debugfs, "-R", command, at).Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	if got, want := ask("cat /fotobox/station/enrol.code"), "FBE1:ABC\nHalle\n"; got != want {
		t.Errorf("the card's code is %q, want %q", got, want)
	}
	if got := ask("stat /fotobox/station/enrol.code"); !strings.Contains(got, "Mode:  0600") || !strings.Contains(got, "User:     0   Group:     0") {
		t.Errorf("the code's file is not for root alone:\n%s", got)
	}
	if got := ask("stat /fotobox/station"); !strings.Contains(got, "Mode:  0700") {
		t.Errorf("the state directory is not for root alone:\n%s", got)
	}
	if got := ask("features"); !strings.Contains(got, "encrypt") || !strings.Contains(got, "has_journal") {
		t.Errorf("features %q, want encryption and a journal", got)
	}
}

func TestEditsNoticeAnotherVersion(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x.go"), []byte("a a b"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (edit{"x.go", "a", "c", 2}).apply(dir); err != nil {
		t.Error(err)
	}
	if text, _ := os.ReadFile(filepath.Join(dir, "x.go")); string(text) != "c c b" {
		t.Errorf("the edit made %q, want %q", text, "c c b")
	}
	if err := (edit{"x.go", "b", "d", 2}).apply(dir); err == nil {
		t.Error("a text that is there once and not twice is no error")
	}
}

func TestModulesOf(t *testing.T) {
	const bill = `{"sbom": {"go_packages": [{"BuildInfo": "go\tgo1.26.8\npath\tx\nmod\texample.org/x\tv1.0.0\t\ndep\texample.org/y\tv2.0.0\th1:abc\n"}]}}`
	got, err := modulesOf([]byte(bill))
	if err != nil || len(got) != 3 || !strings.Contains(strings.Join(got, ","), "example.org/y v2.0.0") {
		t.Errorf("modules %q, %v, want three with y", got, err)
	}
}
