// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"crypto/sha256"
	"testing"
)

// TestEndorsed: a signature holds for one content, one purpose and one office.
func TestEndorsed(t *testing.T) {
	ours, other := loadTemp(t).CA, loadTemp(t).CA
	sum := sha256.Sum256([]byte("content"))
	signature, err := ours.Endorse("backup", sum)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		by        *Authority
		purpose   string
		content   string
		signature []byte
		want      bool
	}{
		"ours":            {ours, "backup", "content", signature, true},
		"another office":  {other, "backup", "content", signature, false},
		"another purpose": {ours, "receipt", "content", signature, false},
		"another content": {ours, "backup", "contents", signature, false},
		"cut":             {ours, "backup", "content", signature[:len(signature)-1], false},
		"none":            {ours, "backup", "content", nil, false},
	} {
		if got := tt.by.Endorsed(tt.purpose, sha256.Sum256([]byte(tt.content)), tt.signature); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}
