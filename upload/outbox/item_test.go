// SPDX-License-Identifier: EUPL-1.2

package outbox

import (
	"strings"
	"testing"
	"time"
)

const itemName = "0193812f-1e40-7000-8000-000000000001.0123456789abcdef.age"

func TestParseItem(t *testing.T) {
	i, err := ParseItem(itemName)
	if err != nil || i.String() != itemName || i.Appointment.String() != "0123456789abcdef" {
		t.Errorf("ParseItem = %v, %v", i, err)
	}
	for _, name := range []string{
		"", ".age", itemName + ".age", strings.ToUpper(itemName), strings.TrimSuffix(itemName, ".age"),
		strings.Replace(itemName, "7000", "4000", 1), strings.Replace(itemName, "-8000-", "-0000-", 1),
		"{" + itemName[:36] + "}" + itemName[36:], "urn:uuid:" + itemName, strings.ReplaceAll(itemName, "-", ""),
		strings.Replace(itemName, ".0", ".", 1), "../" + itemName,
	} {
		if i, err := ParseItem(name); err == nil {
			t.Errorf("ParseItem(%q) = %v", name, i)
		}
	}
}

func TestExpires(t *testing.T) {
	i := item(1, morning)
	if got, want := i.Expires(), time.Date(2026, 12, 5, 9, 30, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("expires %v, want %v", got, want)
	}
}

func FuzzParseItem(f *testing.F) {
	f.Add(itemName)
	f.Add(item(3, morning).String())
	f.Add("0193812f-1e40-7000-8000-000000000001..age")
	f.Fuzz(func(t *testing.T, name string) {
		i, err := ParseItem(name)
		if err == nil && i.String() != name {
			t.Errorf("ParseItem(%q).String() = %q", name, i)
		}
		if err == nil && strings.ContainsAny(name, "/\\\x00") {
			t.Errorf("ParseItem(%q) took a path", name)
		}
	})
}
