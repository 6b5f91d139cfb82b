// SPDX-License-Identifier: EUPL-1.2

package appointment

import "strings"

// alphabet45 is the alphabet of RFC 9285, which is the one of a QR's alphanumeric mode.
const alphabet45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// encode45 returns the Base45 text (RFC 9285) of an even number of bytes: 3 characters for 2.
func encode45(data []byte) string {
	var b strings.Builder
	for i := 0; i+1 < len(data); i += 2 {
		n := int(data[i])<<8 | int(data[i+1])
		b.WriteByte(alphabet45[n%45])
		b.WriteByte(alphabet45[n/45%45])
		b.WriteByte(alphabet45[n/2025])
	}
	return b.String()
}

// decode45 is the inverse of encode45; it reports false for a text that encode45 does not make.
func decode45(text string) ([]byte, bool) {
	if len(text)%3 != 0 {
		return nil, false
	}
	data := make([]byte, 0, len(text)/3*2)
	for i := 0; i < len(text); i += 3 {
		n := 0
		for k := 2; k >= 0; k-- { // the last of the three weighs most
			v := strings.IndexByte(alphabet45, text[i+k])
			if v < 0 {
				return nil, false
			}
			n = n*45 + v
		}
		if n > 0xffff {
			return nil, false
		}
		data = append(data, byte(n>>8), byte(n))
	}
	return data, true
}
