// SPDX-License-Identifier: EUPL-1.2

package appointment

import (
	"crypto/ed25519"
	"testing"
	"time"
)

func TestVectorAnswers(t *testing.T) {
	v := loadVectors(t)
	for _, tt := range v.Codes {
		t.Run(tt.Name, func(t *testing.T) {
			c := Checker{Office: Office(tt.Office), Keys: []ed25519.PublicKey{v.OfficeKey.Public.public()}, Revoked: tt.Revoked}
			if _, got := c.Check(tt.Text, tt.Now); got != tt.Expect {
				t.Errorf("answer is %s, want %s", got, tt.Expect)
			}
		})
	}
}

func (b hexBytes) public() ed25519.PublicKey { return ed25519.PublicKey(b) }

// TestOrder gives a code several faults at once: the first of the list is the answer.
func TestOrder(t *testing.T) {
	v := loadVectors(t)
	text := v.Fields[0].Text
	code, _ := Parse(text)
	late := code.ValidUntil.Add(time.Minute)
	cancelled := []Revocation{{ID: code.ID, Reason: Cancelled}}
	keys := []ed25519.PublicKey{v.OfficeKey.Public.public()}
	forged := code
	forged.Signature[7] ^= 1
	other := code.Office + 1
	for _, tt := range []struct {
		name string
		c    Checker
		text string
		now  time.Time
		want Answer
	}{
		{"everything wrong", Checker{other, nil, cancelled}, text + "0", late, Malformed},
		{"unknown key", Checker{other, nil, cancelled}, forged.String(), late, UnknownKey},
		{"bad signature", Checker{other, keys, cancelled}, forged.String(), late, BadSignature},
		{"wrong office", Checker{other, keys, cancelled}, text, late, WrongOffice},
		{"cancelled", Checker{code.Office, keys, cancelled}, text, late, Cancelled},
		{"expired", Checker{code.Office, keys, nil}, text, late, Expired},
		{"the last moment", Checker{code.Office, keys, nil}, text, code.ValidUntil, OK},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, got := tt.c.Check(tt.text, tt.now); got != tt.want {
				t.Errorf("answer is %s, want %s", got, tt.want)
			}
		})
	}
}

func TestNextKey(t *testing.T) {
	v := loadVectors(t)
	next := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	code, err := Sign(v.Fields[0].code(t), next)
	if err != nil {
		t.Fatal(err)
	}
	c := Checker{Office: code.Office, Keys: []ed25519.PublicKey{v.OfficeKey.Public.public(), next.Public().(ed25519.PublicKey)}}
	if _, got := c.Check(code.String(), code.Start); got != OK {
		t.Errorf("signed with the next key: %s, want ok", got)
	}
	c.Keys = append(c.Keys, ed25519.PublicKey("too short"))
	if _, got := c.Check(code.String(), code.Start); got != OK {
		t.Errorf("with a damaged third key: %s, want ok", got)
	}
}

func TestRevocation(t *testing.T) {
	id, other := ID{1}, ID{2}
	for _, tt := range []struct {
		name     string
		revision int
		revoked  []Revocation
		want     Answer
	}{
		{"nothing revoked", 0, nil, OK},
		{"another appointment", 0, []Revocation{{other, 0, Cancelled}}, OK},
		{"an earlier revision", 2, []Revocation{{id, 0, Moved}, {id, 1, Moved}}, OK},
		{"this revision", 1, []Revocation{{id, 1, Moved}}, Moved},
		{"a later revision only", 0, []Revocation{{id, 1, Cancelled}}, Cancelled},
		{"moved, then cancelled", 0, []Revocation{{id, 0, Moved}, {id, 1, Cancelled}}, Cancelled},
		{"the same in another order", 0, []Revocation{{id, 1, Cancelled}, {id, 0, Moved}}, Cancelled},
		{"no reason given", 0, []Revocation{{id, 0, ""}}, Cancelled},
		{"a reason that is none", 0, []Revocation{{id, 0, OK}}, Cancelled},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := Checker{Revoked: tt.revoked}
			if got := c.revocation(Code{ID: id, Revision: tt.revision}); got != tt.want {
				t.Errorf("answer is %s, want %s", got, tt.want)
			}
		})
	}
}

// TestCheckIn: fifteen minutes before the slot somebody can check in, a second earlier not.
func TestCheckIn(t *testing.T) {
	start := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	end := start.Add(15*time.Minute + 4*time.Hour)
	for at, want := range map[time.Time]Answer{
		start.Add(-15*time.Minute - time.Second): TooEarly,
		start.Add(-15 * time.Minute):             OK,
		start:                                    OK,
		end:                                      OK,
		end.Add(time.Second):                     TooLate,
	} {
		if got := CheckIn(start, end, at); got != want {
			t.Errorf("%v after the start: %s, want %s", at.Sub(start), got, want)
		}
	}
}
