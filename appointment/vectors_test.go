// SPDX-License-Identifier: EUPL-1.2

package appointment

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"time"
)

// vectors are the golden vectors of the format, made by an independent implementation.
type vectors struct {
	OfficeKey struct {
		Public, Seed hexBytes
		KeyID        hexBytes `json:"key_id"`
	} `json:"office_key"`
	Fields []fieldVector
	Codes  []struct {
		Name, Text string
		Now        time.Time
		Office     uint32 `json:"station_office"`
		Revoked    []Revocation
		Expect     Answer
	}
	Terminkennung struct {
		Good    []struct{ Code, Shown string }
		ReadsAs []struct{ Typed, Code string } `json:"reads_as"`
		Bad     []string
	}
}

type fieldVector struct {
	Text, Office, Appointment string
	SlotStart                 time.Time `json:"slot_start"`
	SlotMinutes               int       `json:"slot_minutes"`
	Service                   uint16
	Persons                   int
	PhotoWanted               bool `json:"photo_wanted"`
	WalkIn                    bool `json:"walk_in"`
	Test                      bool
	Revision                  int
	ValidUntil                time.Time `json:"valid_until"`
}

type hexBytes []byte

func (b *hexBytes) UnmarshalText(text []byte) (err error) {
	*b, err = hex.DecodeString(string(text))
	return err
}

func loadVectors(t testing.TB) vectors {
	t.Helper()
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Codes) < 20 || len(v.Terminkennung.Good) < 20 || len(v.Terminkennung.Bad) < 30 {
		t.Fatal("testdata/vectors.json has lost vectors")
	}
	return v
}

func (v vectors) key() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(v.OfficeKey.Seed) }
