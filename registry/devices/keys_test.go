// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/internal/durable"
)

const musterstadt = 9_162_000

func initTemp(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := Init(dir, musterstadt, "Musterstadt"); err != nil {
		t.Fatal(err)
	}
	return dir
}

func loadTemp(t *testing.T) *Keys {
	t.Helper()
	k, err := Load(initTemp(t))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestInitMakesKeysForTheOwnerAlone(t *testing.T) {
	dir := initTemp(t)
	n := 0
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if e.IsDir() {
			want = 0o700
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
		n++
		return nil
	})
	if err != nil || n != 10 {
		t.Errorf("%d names below the folder (%v), want keys and 9 files in it", n, err)
	}
}

func TestLoadReadsWhatInitMade(t *testing.T) {
	k := loadTemp(t)
	if k.Office != musterstadt || k.Name != "Musterstadt" || len(k.Ring.Recipients()) != 2 || len(k.Ring.identities) != 1 {
		t.Errorf("keys of %s %q, %d recipients, %d identities", k.Office, k.Name, len(k.Ring.Recipients()), len(k.Ring.identities))
	}
	if k.Appointment.Equal(k.Next) || k.Appointment.Equal(k.Receipt) {
		t.Error("two keys are the same")
	}
	other := loadTemp(t)
	if k.CA.Hash() == other.CA.Hash() || k.Receipt.Equal(other.Receipt) || k.Ring.Recipients()[0] == other.Ring.Recipients()[0] {
		t.Error("two offices have the same key")
	}
}

func TestLoadNeedsNoEscrowIdentity(t *testing.T) {
	dir := initTemp(t)
	if err := os.Remove(filepath.Join(dir, folder, escrowFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir); err != nil {
		t.Error(err)
	}
}

func TestInitNeverTouchesKeys(t *testing.T) {
	dir := initTemp(t)
	before, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := Init(t.TempDir(), 1, " "); err == nil || !strings.Contains(err.Error(), "name is missing") {
		t.Errorf("Init without a name = %v", err)
	}
	if err := Init(dir, 1, "Other"); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("second Init = %v", err)
	}
	after, err := Load(dir)
	if err != nil || !after.Receipt.Equal(before.Receipt) || after.Office != before.Office {
		t.Errorf("keys changed (%v)", err)
	}
}

// TestInitSurvivesAPowerCut stops Init at each of its changes of the disk: then
// there is no key yet and the next Init works, or all of them are there.
func TestInitSurvivesAPowerCut(t *testing.T) {
	cut := errors.New("power cut")
	for stop := 0; ; stop++ {
		dir := t.TempDir()
		d, err := durable.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		steps := 0
		d.Step = func(string) error {
			if steps++; steps > stop {
				return cut
			}
			return nil
		}
		err = initIn(d, office{musterstadt, "Musterstadt"}, "")
		d.Close()
		if err == nil {
			if stop < 20 {
				t.Errorf("Init took only %d steps", stop)
			}
			return
		}
		if _, err := Load(dir); err == nil {
			continue // the last step was done and only its sync was cut
		}
		if err := Init(dir, musterstadt, "Musterstadt"); err != nil {
			t.Fatalf("Init after a cut at step %d: %v", stop, err)
		}
		if _, err := Load(dir); err != nil {
			t.Fatalf("Load after a cut at step %d: %v", stop, err)
		}
	}
}

func TestLoadNamesWhatIsWrong(t *testing.T) {
	if _, err := Load(t.TempDir()); err == nil || !strings.Contains(err.Error(), "make them with init") {
		t.Errorf("Load of an empty directory = %v", err)
	}
	other := initTemp(t)
	for name, content := range map[string]string{
		officeFile: "{", caKeyFile: "no key", caFile: "no certificate", receiptFile: "", appointmentFile: "-----BEGIN X-----",
		nextFile: "x", sealFile: "AGE-SECRET-KEY-1", recipientsFile: "\n",
	} {
		dir := initTemp(t)
		path := filepath.Join(dir, folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("damaged %s: Load = %v", name, err)
		}
		os.Remove(path)
		if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("missing %s: Load = %v", name, err)
		}
	}
	for _, name := range []string{caFile, sealFile, receiptFile} {
		dir := initTemp(t)
		data, err := os.ReadFile(filepath.Join(other, folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if name == receiptFile {
			name, data = receiptFile, must(os.ReadFile(filepath.Join(other, folder, caKeyFile)))
		}
		if err := os.WriteFile(filepath.Join(dir, folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s of another kind or office: Load = %v", name, err)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic("devices test: " + err.Error())
	}
	return v
}

func TestDayKeyDiffersByDayAndOffice(t *testing.T) {
	k := loadTemp(t)
	day := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	a, b := string(must(k.DayKey(day))), string(must(k.DayKey(day.AddDate(0, 0, 1))))
	if a == b || len(a) != 32 {
		t.Error("day keys of two days are the same or short")
	}
	if a != string(must(k.DayKey(day.Add(23*time.Hour)))) {
		t.Error("day key changes within the day")
	}
	if a == string(must(loadTemp(t).DayKey(day))) {
		t.Error("day keys of two offices are the same")
	}
}

// TestLinkKey: the secret of links is the office's own, and outlasts a change of
// the keys of appointment codes.
func TestLinkKey(t *testing.T) {
	dir := initTemp(t)
	key := func(dir string) string {
		k, err := Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		secret, err := k.LinkKey()
		if err != nil || len(secret) != 32 {
			t.Fatalf("%d bytes (%v), want 32", len(secret), err)
		}
		return string(secret)
	}
	before := key(dir)
	if err := RotateAppointment(dir, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if key(dir) != before {
		t.Error("another secret after the appointment key was changed")
	}
	if key(initTemp(t)) == before {
		t.Error("two offices have the same secret")
	}
}
