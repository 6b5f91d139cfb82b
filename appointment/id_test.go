// SPDX-License-Identifier: EUPL-1.2

package appointment

import "testing"

func FuzzParseID(f *testing.F) {
	f.Add("ca5e030405060708", "09162000")
	f.Add("CA5E030405060708", "+9162000")
	f.Fuzz(func(t *testing.T, id, office string) {
		if got, err := ParseID(id); err == nil && got.String() != id {
			t.Errorf("%q is read as %s", id, got)
		}
		if got, err := ParseOffice(office); err == nil && got.String() != office {
			t.Errorf("%q is read as %s", office, got)
		}
	})
}
