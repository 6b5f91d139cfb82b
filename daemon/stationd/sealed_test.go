// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestBoxKeyIsOfSealAndBox(t *testing.T) {
	dir, card := t.TempDir(), t.TempDir()
	box := filepath.Join(dir, "serial-number")
	if err := os.WriteFile(box, []byte("10000000abcdef01\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	boxes := []string{filepath.Join(dir, "none"), box}
	key, err := boxKey(card, boxes)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := boxKey(card, boxes); again != key || err != nil {
		t.Errorf("the second start has another key (%v)", err)
	}
	if other, err := boxKey(t.TempDir(), boxes); other == key || err != nil {
		t.Errorf("another card has the same key (%v)", err)
	}
	if other, err := boxKey(card, nil); other == key || err != nil {
		t.Errorf("another box has the same key (%v)", err)
	}
	if err := os.WriteFile(filepath.Join(card, sealFile), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := boxKey(card, boxes); err == nil {
		t.Error("a damaged seal is no error")
	}
}

func TestCodeIsCarriedIntoTheEncryptedDirectory(t *testing.T) {
	state, file := invited(t, "FBE1:x")
	code, err := takeCode(state)
	if err != nil || string(code) != "FBE1:x\nHall\n" {
		t.Fatalf("took %q, %v", code, err)
	}
	if left, err := os.ReadDir(state); len(left) != 0 || err != nil {
		t.Errorf("%v is left (%v), want an empty directory", left, err)
	}
	if err := putCode(state, code); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(state, officeFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, err := takeCode(state); code != nil || err != nil {
		t.Errorf("from a directory in use it took %q, %v, want nothing", code, err)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
	if code, err := takeCode(filepath.Join(state, "none")); code != nil || err != nil {
		t.Errorf("from no directory it took %q, %v, want nothing", code, err)
	}
}
