// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/internal/durable"
)

// TestCodesOutliveARotation: what was printed before holds at a station that
// knows the keys of now, and what is printed now at one that has not asked since.
func TestCodesOutliveARotation(t *testing.T) {
	dir := initTemp(t)
	start := time.Now().Truncate(time.Minute)
	code := appointment.Code{Office: musterstadt, Start: start, Length: 15 * time.Minute, Persons: 1, ValidUntil: start.Add(time.Hour)}
	check := func(signer, station *Keys) appointment.Answer {
		signed := must(appointment.Sign(code, signer.Appointment))
		settings := must(New(nil, station, nil).Settings(t.Context(), start))
		_, answer := appointment.Checker{Office: musterstadt, Keys: settings.AppointmentKeys}.Check(signed.String(), start)
		return answer
	}
	before := must(Load(dir))
	old := must(keyPEM(before.Appointment))
	if err := RotateAppointment(dir, start.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	after := must(Load(dir))
	if a, b := check(before, after), check(after, before); a != appointment.OK || b != appointment.OK {
		t.Errorf("old code at a new station %s, new code at an old station %s; want ok", a, b)
	}
	if onDisk(t, dir, old) || after.Next.Equal(before.Next) {
		t.Error("the old private key is on the disk, or there is no new next key")
	}
	if removed := must(after.Ring.Tend(start.Add(time.Hour))); len(removed) != 1 {
		t.Errorf("at its end: removed %v", removed)
	}
	if got := check(before, must(Load(dir))); got != appointment.UnknownKey {
		t.Errorf("after its end: %s, want unknown_key", got)
	}
}

func TestRotateReceipt(t *testing.T) {
	dir := initTemp(t)
	before := must(Load(dir))
	if err := RotateReceipt(dir); err != nil {
		t.Fatal(err)
	}
	if after := must(Load(dir)); after.Receipt.Equal(before.Receipt) || onDisk(t, dir, must(keyPEM(before.Receipt))) {
		t.Error("receipt key is the same, or the old one is on the disk")
	}
}

func TestNewEscrowIsKeptNowhere(t *testing.T) {
	dir := initTemp(t)
	before := must(Load(dir)).Ring
	identity, err := NewEscrow(dir)
	if err != nil {
		t.Fatal(err)
	}
	tend(t, before, time.Now())
	list := before.Recipients()
	if len(list) != 2 || list[1] != must(age.ParseHybridIdentity(identity)).Recipient().String() {
		t.Errorf("recipients %v do not end with the new escrow key", list)
	}
	if opens(must(age.ParseHybridIdentity(identity)), sealTo(t, list)) != nil {
		t.Error("escrow key does not open what is sealed now")
	}
	if _, err := os.Stat(filepath.Join(dir, folder, escrowFile)); !errors.Is(err, os.ErrNotExist) || onDisk(t, dir, identity) {
		t.Errorf("an escrow identity is on the disk: %v", err)
	}
}

func TestTwoChangesDoNotMeet(t *testing.T) {
	dir := initTemp(t)
	err := changeIn(dir, func(*folderDir) error {
		_, err := RotateSeal(dir, "", time.Now())
		return err
	})
	if !errors.Is(err, durable.ErrLocked) {
		t.Errorf("RotateSeal during another change = %v, want ErrLocked", err)
	}
}

func TestRetiredNamesAreReadBack(t *testing.T) {
	until := time.Date(2026, 11, 6, 12, 0, 0, 0, time.UTC)
	if kind, got, ok := parseRetired(retiredName(sealRetired, until, ".key")); kind != sealRetired || !got.Equal(until) || !ok {
		t.Errorf("got %s, %s, %t", kind, got, ok)
	}
	for _, name := range []string{"office.key", "office-until-.key", "office-until-20261106.key", "office-until-20261106T120000Z"} {
		if _, _, ok := parseRetired(name); ok {
			t.Errorf("%q is taken for a retired key", name)
		}
	}
}

func TestListOfKeys(t *testing.T) {
	dir := initTemp(t)
	now := time.Now().Truncate(time.Second)
	if err := Protect(dir, secret); err != nil {
		t.Fatal(err)
	}
	must(RotateSeal(dir, secret, now))
	list := must(ListKeys(dir))
	var names []string
	for _, k := range list {
		names = append(names, k.Name)
		if k.Since.IsZero() || k.Until.IsZero() == strings.Contains(k.Name, "until") {
			t.Errorf("%+v", k)
		}
		if k.Protected != strings.HasPrefix(k.Name, "office") {
			t.Errorf("%s: protected %t", k.Name, k.Protected)
		}
	}
	if last := list[len(list)-1]; len(list) != 7 || !last.Until.Equal(now.Add(96*time.Hour)) {
		t.Errorf("list %v, last %+v", names, last)
	}
}
