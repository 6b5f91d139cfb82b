// SPDX-License-Identifier: EUPL-1.2

package envelope

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
)

func TestValidate(t *testing.T) {
	m, photos := capture(2)
	good, err := m.complete(photos)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		bend func(*Manifest)
		want string
	}{
		{"UUIDv4", func(m *Manifest) { m.Capture = uuid.New() }, "UUIDv7"},
		{"no capture", func(m *Manifest) { m.Capture = uuid.Nil }, "UUIDv7"},
		{"no appointment", func(m *Manifest) { m.Appointment = appointment.ID{} }, "appointment"},
		{"no time", func(m *Manifest) { m.CapturedAt = time.Time{} }, "time of capture"},
		{"a restarted clock", func(m *Manifest) { m.ExpiresAt = m.ExpiresAt.Add(time.Second) }, "expires_at"},
		{"nobody", func(m *Manifest) { m.CapturedBy = "" }, "captured_by"},
		{"unknown mode", func(m *Manifest) { m.Mode = "night" }, "mode"},
		{"no software", func(m *Manifest) { m.Software = "" }, "software"},
		{"no photo", func(m *Manifest) { m.Photos = nil }, "0 photos"},
		{"nine photos", func(m *Manifest) { m.Photos = make([]Photo, 9) }, "9 photos"},
		{"another name", func(m *Manifest) { m.Photos[1].Name = "photo-1.jpg" }, "photo 2"},
		{"no hash", func(m *Manifest) { m.Photos[1].SHA256 = "" }, "SHA-256"},
		{"half a hash", func(m *Manifest) { m.Photos[1].SHA256 = m.Photos[1].SHA256[:32] }, "SHA-256"},
		{"none chosen", func(m *Manifest) { m.Photos[0].Chosen = false }, "0 photos are chosen"},
		{"both chosen", func(m *Manifest) { m.Photos[1].Chosen = true }, "2 photos are chosen"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := good
			m.Photos = slices.Clone(good.Photos)
			tt.bend(&m)
			if err := m.Validate(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v, want one about %s", err, tt.want)
			}
		})
	}
	if err := good.Validate(); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

func TestExpiryOf(t *testing.T) {
	id := uuid.MustParse("019ad948-b3c0-7000-8000-000000000001")
	sec, nsec := id.Time().UnixTime()
	if got, want := ExpiryOf(id), time.Unix(sec, nsec).Add(96*time.Hour); !got.Equal(want) {
		t.Errorf("expiry is %v, want %v", got, want)
	}
}

// TestManifestJSON pins the names that the office, and whoever audits it, reads.
func TestManifestJSON(t *testing.T) {
	m, _ := capture(1)
	m.ExpiresAt = m.CapturedAt.Add(Lifetime)
	m.Photos[0].Name, m.Photos[0].SHA256 = "photo-1.jpg", "00ff"
	got, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want := `{
  "capture": "019ad948-b3c0-7000-8000-000000000001",
  "appointment": "0102030000000000",
  "captured_at": "2026-12-01T09:30:00.123Z",
  "expires_at": "2026-12-05T09:30:00.123Z",
  "captured_by": "05911000",
  "mode": "lobby",
  "photos": [
    {
      "name": "photo-1.jpg",
      "chosen": true,
      "sha256": "00ff",
      "report": {
        "verdict": "accept",
        "n": 0
      }
    }
  ],
  "attack_score": 0.25,
  "software": "stationd test",
  "software_hash": "` + strings.Repeat("ab", 32) + `"
}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
}
