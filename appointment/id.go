// SPDX-License-Identifier: EUPL-1.2

package appointment

import (
	"encoding/hex"
	"fmt"
	"strconv"
)

// An ID is the 64 random bits that name an appointment.
type ID [8]byte

// ParseID reads 16 lower-case hexadecimal digits.
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != 2*len(id) {
		return ID{}, fmt.Errorf("appointment id: %d characters, want %d", len(s), 2*len(id))
	}
	if _, err := hex.Decode(id[:], []byte(s)); err != nil || id.String() != s {
		return ID{}, fmt.Errorf("appointment id: want lower-case hexadecimal digits")
	}
	return id, nil
}

// String returns the 16 hexadecimal digits that ParseID reads.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// MarshalText is String.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText is ParseID.
func (id *ID) UnmarshalText(text []byte) (err error) {
	*id, err = ParseID(string(text))
	return err
}

// An Office is an Amtlicher Gemeindeschluessel (AGS), 8 decimal digits.
type Office uint32

// maxOffice is the largest number of 8 digits.
const maxOffice Office = 99_999_999

// ParseOffice reads exactly 8 decimal digits.
func ParseOffice(s string) (Office, error) {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil || len(s) != 8 {
		return 0, fmt.Errorf("office %q: want the 8 digits of its AGS", s)
	}
	return Office(n), nil
}

// String returns the 8 digits that ParseOffice reads.
func (o Office) String() string { return fmt.Sprintf("%08d", uint32(o)) }

// MarshalText is String.
func (o Office) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText is ParseOffice.
func (o *Office) UnmarshalText(text []byte) (err error) {
	*o, err = ParseOffice(string(text))
	return err
}
