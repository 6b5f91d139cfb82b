// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/fotobox-project/fotobox/internal/durable"
)

const secret = "correct horse battery staple"

// sealTo encrypts a word for the recipients.
func sealTo(t *testing.T, recipients []string) []byte {
	t.Helper()
	var to []age.Recipient
	for _, text := range recipients {
		to = append(to, must(age.ParseHybridRecipient(text)))
	}
	var b bytes.Buffer
	w := must(age.Encrypt(&b, to...))
	if _, err := io.WriteString(w, "word"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func opens(r age.Identity, sealed []byte) error {
	plain, err := age.Decrypt(bytes.NewReader(sealed), r)
	if err == nil {
		_, err = io.ReadAll(plain)
	}
	return err
}

// onDisk says whether the text lies in any file of the folder.
func onDisk(t *testing.T, dir, text string) bool {
	t.Helper()
	for _, e := range must(os.ReadDir(filepath.Join(dir, folder))) {
		if strings.Contains(string(must(os.ReadFile(filepath.Join(dir, folder, e.Name())))), text) {
			return true
		}
	}
	return false
}

func tend(t *testing.T, r *Ring, now time.Time) []string {
	t.Helper()
	removed, err := r.Tend(now)
	if err != nil {
		t.Fatal(err)
	}
	return removed
}

func TestRotatedKeyOpensFor96Hours(t *testing.T) {
	dir := initTemp(t)
	k, now := must(Load(dir)), time.Now().Truncate(time.Second)
	before := k.Ring.Recipients()
	old, sealed := k.Ring.identities[0].String(), sealTo(t, before)
	must(RotateSeal(dir, "", now))
	if removed := tend(t, k.Ring, now); len(removed) != 0 {
		t.Errorf("removed %v at once", removed)
	}
	after := k.Ring.Recipients()
	if after[0] == before[0] || after[1] != before[1] {
		t.Errorf("recipients %v became %v; want another first one", before, after)
	}
	fresh := sealTo(t, after)
	if removed := tend(t, k.Ring, now.Add(96*time.Hour-time.Second)); len(removed) != 0 || opens(k.Ring, sealed) != nil || opens(k.Ring, fresh) != nil {
		t.Errorf("a second before its end: removed %v, old %v, new %v", removed, opens(k.Ring, sealed), opens(k.Ring, fresh))
	}
	if !onDisk(t, dir, old) {
		t.Fatal("the old identity is not found before: the search proves nothing")
	}
	if removed := tend(t, k.Ring, now.Add(96*time.Hour)); len(removed) != 1 {
		t.Errorf("at its end: removed %v, want one key", removed)
	}
	if opens(k.Ring, sealed) == nil || opens(k.Ring, fresh) != nil || onDisk(t, dir, old) {
		t.Errorf("old opens, new does not, or the old identity is on the disk")
	}
	if _, err := Load(dir); err != nil {
		t.Error(err)
	}
}

// TestRotationSurvivesAPowerCut stops it at each change of the disk: then the
// keys load, what was sealed before opens, and so does what is sealed now.
func TestRotationSurvivesAPowerCut(t *testing.T) {
	cut := errors.New("power cut")
	for name, rotate := range map[string]func(*folderDir) error{
		"office":      func(d *folderDir) error { _, err := d.rotateSeal("", time.Now()); return err },
		"appointment": func(d *folderDir) error { return d.rotateAppointment(time.Now().Add(time.Hour)) },
		"receipt":     func(d *folderDir) error { return d.replace(receiptFile, must(newSigner())) },
	} {
		for stop := 0; ; stop++ {
			dir := initTemp(t)
			before := must(Load(dir))
			sealed := sealTo(t, before.Ring.Recipients())
			d := must(durable.Open(filepath.Join(dir, folder)))
			steps := 0
			d.Step = func(string) error {
				if steps++; steps > stop {
					return cut
				}
				return nil
			}
			err := rotate(&folderDir{d})
			d.Close()
			after, loadErr := Load(dir)
			if loadErr != nil {
				t.Fatalf("%s, cut at %d: %v", name, stop, loadErr)
			}
			tend(t, after.Ring, time.Now())
			if opens(after.Ring, sealed) != nil || opens(after.Ring, sealTo(t, after.Ring.Recipients())) != nil {
				t.Errorf("%s, cut at %d: a capture does not open", name, stop)
			}
			if first := public(after.Appointment); !first.Equal(public(before.Appointment)) && !first.Equal(public(before.Next)) {
				t.Errorf("%s, cut at %d: stations do not know the current key", name, stop)
			}
			if again := must(Load(dir)); again.Ring.stale {
				t.Errorf("%s, cut at %d: recipients.txt is stale still", name, stop)
			}
			if err == nil {
				if stop < 4 {
					t.Errorf("%s took only %d steps", name, stop)
				}
				break
			}
		}
	}
}

func TestProtectedKeyNeedsItsPassphrase(t *testing.T) {
	dir := t.TempDir()
	if err := InitProtected(dir, musterstadt, "Musterstadt", "too short"); err == nil {
		t.Error("a short passphrase was taken")
	}
	if err := InitProtected(dir, musterstadt, "Musterstadt", secret); err != nil {
		t.Fatal(err)
	}
	k := must(Load(dir))
	sealed := sealTo(t, k.Ring.Recipients())
	if !k.Ring.Locked() || !k.Ring.Protected() || !errors.Is(opens(k.Ring, sealed), ErrLocked) || onDisk(t, dir, k.Ring.String()) {
		t.Errorf("locked %t, opens %v", k.Ring.Locked(), opens(k.Ring, sealed))
	}
	if err := k.Ring.Unlock("wrong horse battery staple"); !errors.Is(err, ErrPassphrase) || !k.Ring.Locked() {
		t.Errorf("Unlock = %v, want ErrPassphrase", err)
	}
	if err := k.Ring.Unlock(secret); err != nil || k.Ring.Locked() || !k.Ring.Protected() || opens(k.Ring, sealed) != nil {
		t.Errorf("Unlock = %v, opens %v", err, opens(k.Ring, sealed))
	}
	if _, err := RotateSeal(dir, "", time.Now()); !errors.Is(err, ErrLocked) {
		t.Errorf("RotateSeal without the passphrase = %v, want ErrLocked", err)
	}
	must(RotateSeal(dir, secret, time.Now()))
	tend(t, k.Ring, time.Now())
	if opens(k.Ring, sealed) != nil || opens(k.Ring, sealTo(t, k.Ring.Recipients())) != nil || !k.Ring.Protected() {
		t.Error("after a rotation the ring does not open both, or lost its passphrase")
	}
}

func TestProtectLeavesNoPlainKey(t *testing.T) {
	dir := initTemp(t)
	key := must(Load(dir)).Ring.identities[0].String()
	if !onDisk(t, dir, key) {
		t.Fatal("key is not found before: the search proves nothing")
	}
	if err := Protect(dir, secret); err != nil {
		t.Fatal(err)
	}
	if onDisk(t, dir, key) || onDisk(t, dir, "AGE-SECRET-KEY-PQ-1"+key[25:30]) {
		t.Error("plain key is on the disk")
	}
	if err := Protect(dir, secret); err == nil {
		t.Error("a protected key was protected again")
	}
	if k := must(Load(dir)); k.Ring.Unlock(secret) != nil {
		t.Error("passphrase does not open it")
	}
}

func TestLostKeyIsReplaced(t *testing.T) {
	dir := initTemp(t)
	escrow := must(os.ReadFile(filepath.Join(dir, folder, escrowFile)))
	sealed := sealTo(t, must(Load(dir)).Ring.Recipients())
	now := time.Now()
	// As docs/operations.md says: the escrow key opens for the days that old captures live.
	if err := os.WriteFile(filepath.Join(dir, folder, retiredName(sealRetired, now.Add(96*time.Hour), ".key")), escrow, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, folder, sealFile)); err != nil {
		t.Fatal(err)
	}
	must(RotateSeal(dir, "", now))
	k := must(Load(dir))
	if opens(k.Ring, sealed) != nil || opens(k.Ring, sealTo(t, k.Ring.Recipients()[:1])) != nil {
		t.Error("what was sealed for the lost key, or is for the new one, does not open")
	}
}

func TestRingNamesItsFaults(t *testing.T) {
	for name, content := range map[string]string{
		"not hybrid":   must(age.GenerateX25519Identity()).String(),
		"two":          must(age.GenerateHybridIdentity()).String() + "\n" + must(age.GenerateHybridIdentity()).String(),
		"another's":    must(age.GenerateHybridIdentity()).String(),
		"damaged":      "AGE-SECRET-KEY-PQ-1",
		"cut":          must(coverWith("x", secret, 10))[:100],
		"armored text": must(coverWith("x", secret, 10)),
	} {
		dir := initTemp(t)
		if err := os.WriteFile(filepath.Join(dir, folder, sealFile), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		k, err := Load(dir)
		if err == nil {
			err = k.Ring.Unlock(secret)
		}
		if err == nil || !strings.Contains(err.Error(), sealFile) || strings.Contains(err.Error(), content) {
			t.Errorf("%s: %v, want an error that names the file and no key", name, err)
		}
	}
}
