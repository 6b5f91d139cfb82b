// SPDX-License-Identifier: EUPL-1.2

package envelope

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
)

// Digest returns the value of a Content-Digest header (RFC 9530) for a SHA-256: "sha-256=:...:".
func Digest(sum [sha256.Size]byte) string {
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}

// ParseDigest reads the SHA-256 of a Content-Digest header, which may also list other algorithms.
func ParseDigest(header string) (sum [sha256.Size]byte, err error) {
	for member := range strings.SplitSeq(header, ",") {
		text, ok := strings.CutPrefix(strings.TrimSpace(member), "sha-256=:")
		if !ok {
			continue
		}
		b, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(text, ":"))
		if err != nil || len(b) != len(sum) || Digest([sha256.Size]byte(b)) != "sha-256=:"+text {
			return sum, errors.New("content-digest: damaged sha-256")
		}
		return [sha256.Size]byte(b), nil
	}
	return sum, errors.New("content-digest: no sha-256")
}
