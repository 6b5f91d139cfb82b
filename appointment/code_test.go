// SPDX-License-Identifier: EUPL-1.2

package appointment

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func (f fieldVector) code(t *testing.T) Code {
	t.Helper()
	office, err := ParseOffice(f.Office)
	if err != nil {
		t.Fatal(err)
	}
	id, err := ParseID(f.Appointment)
	if err != nil {
		t.Fatal(err)
	}
	return Code{
		Office: office, ID: id, Start: f.SlotStart, Length: time.Duration(f.SlotMinutes) * time.Minute,
		Service: f.Service, Persons: f.Persons, PhotoWanted: f.PhotoWanted, WalkIn: f.WalkIn, Test: f.Test,
		Revision: f.Revision, ValidUntil: f.ValidUntil,
	}
}

func TestVectorFields(t *testing.T) {
	v := loadVectors(t)
	for _, f := range v.Fields {
		// Ed25519 signs deterministically: our own signature must be the vector's.
		want, err := Sign(f.code(t), v.key())
		if err != nil {
			t.Fatal(err)
		}
		if want.String() != f.Text {
			t.Errorf("signed text is\n%s, want\n%s", want, f.Text)
		}
		got, err := Parse(f.Text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("fields (-want +got):\n%s", diff)
		}
	}
}

func TestKeyID(t *testing.T) {
	v := loadVectors(t)
	if got := KeyID([]byte(v.OfficeKey.Public)); !bytes.Equal(got[:], v.OfficeKey.KeyID) {
		t.Errorf("key id is %x, want %x", got, v.OfficeKey.KeyID)
	}
}

func TestSignRefuses(t *testing.T) {
	v := loadVectors(t)
	good := v.Fields[0].code(t)
	for _, tt := range []struct {
		name string
		bend func(*Code)
		want string
	}{
		{"office of 9 digits", func(c *Code) { c.Office = 100_000_000 }, "office"},
		{"half a minute", func(c *Code) { c.Start = c.Start.Add(30 * time.Second) }, "slot start"},
		{"a nanosecond", func(c *Code) { c.Start = c.Start.Add(1) }, "slot start"},
		{"before 1970", func(c *Code) { c.Start = time.Unix(-60, 0) }, "slot start"},
		{"zero time", func(c *Code) { c.Start = time.Time{} }, "slot start"},
		{"after the year 10000", func(c *Code) { c.Start = time.Unix(1<<38, 0) }, "slot start"},
		{"a day long", func(c *Code) { c.Length = 24 * time.Hour }, "slot length"},
		{"negative length", func(c *Code) { c.Length = -time.Minute }, "slot length"},
		{"256 persons", func(c *Code) { c.Persons = 256 }, "persons"},
		{"negative persons", func(c *Code) { c.Persons = -1 }, "persons"},
		{"17th revision", func(c *Code) { c.Revision = 16 }, "revision"},
		{"valid until before the start", func(c *Code) { c.ValidUntil = c.Start.Add(-time.Minute) }, "valid until"},
		{"valid for two months", func(c *Code) { c.ValidUntil = c.Start.AddDate(0, 2, 0) }, "valid until"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := good
			tt.bend(&c)
			_, err := Sign(c, v.key())
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Sign's error is %v, want one about %s", err, tt.want)
			}
			if tt.name != "office of 9 digits" && c.String() != "" {
				t.Errorf("String() = %q, want none", c)
			}
		})
	}
	if _, err := Sign(good, v.key()); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

func TestSignTakesAnyZone(t *testing.T) {
	v := loadVectors(t)
	c := v.Fields[0].code(t)
	c.Start = c.Start.In(time.FixedZone("CET", 3600))
	signed, err := Sign(c, v.key())
	if err != nil || signed.String() != v.Fields[0].Text {
		t.Errorf("Sign in another zone = %v, %v, want the same text", signed, err)
	}
}

func TestReservedFlag(t *testing.T) {
	text := loadVectors(t).Fields[0].Text
	b, _ := decode45(text[len(prefix):])
	b[23] |= flagReserved
	if _, err := Parse(prefix + encode45(b)); err == nil {
		t.Error("a reserved flag was accepted")
	}
}

func TestCodeHidesInLogs(t *testing.T) {
	text := loadVectors(t).Fields[0].Text
	c, _ := Parse(text)
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("code accepted", "code", c)
	if strings.Contains(out.String(), text[4:20]) || !strings.Contains(out.String(), c.ID.String()) {
		t.Errorf("log line is %q, want the appointment's id only", out.String())
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range loadVectors(f).Codes {
		f.Add(c.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse(text)
		if err != nil {
			if c != (Code{}) {
				t.Errorf("Parse(%q) failed and returned %+v", text, c)
			}
			return
		}
		if c.String() != text {
			t.Errorf("Parse(%q).String() = %q", text, c.String())
		}
	})
}

func TestParseIDAndOffice(t *testing.T) {
	if id, err := ParseID("0123456789abcdef"); err != nil || id.String() != "0123456789abcdef" {
		t.Errorf("ParseID = %v, %v", id, err)
	}
	for _, s := range []string{"", "0123456789ABCDEF", "0123456789abcde", "0123456789abcdef0", "0123456789abcdeg"} {
		if _, err := ParseID(s); err == nil {
			t.Errorf("ParseID(%q) succeeded", s)
		}
	}
	if o, err := ParseOffice("05911000"); err != nil || o != 5911000 || fmt.Sprint(o) != "05911000" {
		t.Errorf("ParseOffice = %v, %v", o, err)
	}
	for _, s := range []string{"", "5911000", "059110000", "-5911000", "+5911000", "0591100x", "0_911000"} {
		if _, err := ParseOffice(s); err == nil {
			t.Errorf("ParseOffice(%q) succeeded", s)
		}
	}
}
