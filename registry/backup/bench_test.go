// SPDX-License-Identifier: EUPL-1.2

package backup

import (
	"bytes"
	"crypto/rand"
	"database/sql"
	"fmt"
	"io"
	"testing"

	"filippo.io/age"

	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// sample is a store with 20 captures of 2 MB.
func sample(b *testing.B) *store.Store {
	b.Helper()
	s, raw := storetest.Open(b), make([]byte, 2<<20)
	rand.Read(raw)
	err := s.Write(b.Context(), func(tx *sql.Tx) error {
		for i := range 20 {
			if _, err := tx.Exec(`INSERT INTO items (id, appointment, device, digest, size, received_at, expires_at, state, changed_at, changed_by, photo, veto, erased_at) VALUES ($1, '', '', '', 0, 0, 0, '', 0, '', -1, '', 0)`, fmt.Sprint(i)); err != nil {
				return err
			}
			if _, err := tx.Exec(`INSERT INTO captures (id, bytes) VALUES ($1, $2)`, fmt.Sprint(i), raw); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// unchecked signs nothing.
type unchecked struct{}

func (unchecked) Endorse(string, [32]byte) ([]byte, error) { return []byte{1}, nil }
func (unchecked) Endorsed(string, [32]byte, []byte) bool   { return true }

func identity(b *testing.B) *age.HybridIdentity {
	b.Helper()
	id, err := age.GenerateHybridIdentity()
	if err != nil {
		b.Fatal(err)
	}
	return id
}

// BenchmarkBackUp writes 40 MB of captures, sealed, to nowhere.
func BenchmarkBackUp(b *testing.B) {
	s, id := sample(b), identity(b)
	b.SetBytes(20 * 2 << 20)
	for b.Loop() {
		if err := Write(b.Context(), io.Discard, s, head(true), unchecked{}, []age.Recipient{id.Recipient()}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRestore brings them back into an empty store.
func BenchmarkRestore(b *testing.B) {
	s, id := sample(b), identity(b)
	var file bytes.Buffer
	if err := Write(b.Context(), &file, s, head(true), unchecked{}, []age.Recipient{id.Recipient()}); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(20 * 2 << 20)
	for b.Loop() {
		b.StopTimer()
		into := storetest.Open(b)
		b.StartTimer()
		o := Office{Number: number, Notary: unchecked{}, Identities: []age.Identity{id}}
		if _, err := Restore(b.Context(), bytes.NewReader(file.Bytes()), into, o, nothing); err != nil {
			b.Fatal(err)
		}
	}
}
