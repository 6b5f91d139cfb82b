// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// boot is this process's key. With it a page that was left from before a
// restart, or from another person, can press nothing.
type boot [32]byte

// nonce names a visit to its page; nobody without the key can guess it.
func (b boot) nonce(visit uint64) string {
	mac := hmac.New(sha256.New, b[:])
	mac.Write(binary.BigEndian.AppendUint64([]byte("fotobox visit "), visit))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

func (b boot) holds(nonce string, visit uint64) bool {
	return hmac.Equal([]byte(nonce), []byte(b.nonce(visit)))
}
