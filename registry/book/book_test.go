// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"crypto/ed25519"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }

const duisburg = appointment.Office(5112000)

func open(t *testing.T) (*Book, ed25519.PublicKey) {
	t.Helper()
	s := storetest.Open(t)
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return New(s, duisburg, key), public
}

// at is a time on the office's clocks.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", text, Zone())
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func draft(start time.Time, name string) Appointment {
	return Appointment{Name: NameOf(name), Start: start, Length: 15 * time.Minute, Service: 102, Persons: 1, PhotoWanted: true}
}

func add(t *testing.T, b *Book, a Appointment) Appointment {
	t.Helper()
	added, err := b.Add(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

func TestAddAndFind(t *testing.T) {
	b, _ := open(t)
	d := draft(at(t, "2026-12-01 09:30"), "Käthe Groß")
	got := add(t, b, d)
	if got.ID == (appointment.ID{}) || got.State != Confirmed {
		t.Errorf("added without id or state: %+v", got)
	}
	if _, err := appointment.ParseTerminkennung(string(got.Terminkennung)); err != nil {
		t.Errorf("terminkennung: %v", err)
	}
	d.ID, d.Terminkennung, d.State, d.Start = got.ID, got.Terminkennung, got.State, d.Start.UTC()
	byID, err1 := b.Get(t.Context(), got.ID)
	byCode, err2 := b.ByTerminkennung(t.Context(), got.Terminkennung)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	for name, found := range map[string]Appointment{"Add": got, "Get": byID, "ByTerminkennung": byCode} {
		if diff := cmp.Diff(d, found); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if n, err := audit.Verify(t.Context(), b.store); n != 1 || err != nil {
		t.Errorf("audit has %d entries, %v; want 1", n, err)
	}
}

func TestNotFound(t *testing.T) {
	b, _ := open(t)
	if _, err := b.Get(t.Context(), appointment.ID{1}); !errors.Is(err, ErrNotFound) {
		t.Errorf("Get: %v", err)
	}
	if _, err := b.ByTerminkennung(t.Context(), "000000000"); !errors.Is(err, ErrNotFound) {
		t.Errorf("ByTerminkennung: %v", err)
	}
}

func TestAddRefuses(t *testing.T) {
	b, _ := open(t)
	for want, change := range map[string]func(*Appointment){
		"name needs":     func(a *Appointment) { a.Name = NameOf(" ") },
		"name has":       func(a *Appointment) { a.Name = NameOf("CANARY\x00") },
		"character that": func(a *Appointment) { a.Name = NameOf("CANARY\xff") },
		"start":          func(a *Appointment) { a.Start = a.Start.Add(time.Second) },
		"length":         func(a *Appointment) { a.Length = 256 * time.Minute },
		"persons":        func(a *Appointment) { a.Persons = 0 },
	} {
		d := draft(at(t, "2026-12-01 09:30"), "CANARY")
		change(&d)
		_, err := b.Add(t.Context(), d)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%s: got %v", want, err)
		}
	}
}

// TestListDay has appointments at both ends of days of 23, 24 and 25 hours.
func TestListDay(t *testing.T) {
	b, _ := open(t)
	for _, day := range []string{"2026-03-29", "2026-07-01", "2026-10-25"} {
		noon := at(t, day+" 12:00")
		from, to := Day(noon)
		add(t, b, draft(from.Add(-time.Minute), "before"))
		add(t, b, draft(to, "after"))
		add(t, b, draft(to.Add(-time.Minute), "last"))
		add(t, b, draft(from, "first"))
		list, err := b.List(t.Context(), noon)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range list {
			got = append(got, a.Name.Reveal())
		}
		if diff := cmp.Diff([]string{"first", "last"}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", day, diff)
		}
	}
}

func TestCode(t *testing.T) {
	b, public := open(t)
	a := add(t, b, draft(at(t, "2026-12-01 09:30"), "Käthe Groß"))
	code, err := b.Code(a)
	if err != nil {
		t.Fatal(err)
	}
	check := appointment.Checker{Office: duisburg, Keys: []ed25519.PublicKey{public}}
	for offset, want := range map[time.Duration]appointment.Answer{
		0: appointment.OK, 15*time.Minute + Grace: appointment.OK, 16*time.Minute + Grace: appointment.Expired,
	} {
		got, answer := check.Check(code.String(), a.Start.Add(offset))
		if answer != want {
			t.Errorf("%s after the slot's start: %s, want %s", offset, answer, want)
		}
		if answer == appointment.OK && (got.ID != a.ID || !got.PhotoWanted || got.Service != 102) {
			t.Errorf("code says %+v of %+v", got, a)
		}
	}
}

func TestLastCode(t *testing.T) {
	b, _ := open(t)
	if end, err := b.LastCode(t.Context()); !end.IsZero() || err != nil {
		t.Errorf("empty book: %s, %v", end, err)
	}
	var want time.Time
	for _, start := range []string{"2026-12-03 09:00", "2027-01-20 09:00", "2026-12-07 09:00"} {
		code, err := b.Code(add(t, b, draft(at(t, start), "Anna")))
		if err != nil {
			t.Fatal(err)
		}
		if code.ValidUntil.After(want) {
			want = code.ValidUntil
		}
	}
	if end, err := b.LastCode(t.Context()); !end.Equal(want) || err != nil {
		t.Errorf("LastCode = %s, %v, want %s", end, err, want)
	}
}
