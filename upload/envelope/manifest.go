// SPDX-License-Identifier: EUPL-1.2

package envelope

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// Lifetime is how long a capture may exist anywhere, from the moment it was taken
// (PassDEUEV 1f(2), PAuswV 6a(2)). It is never restarted.
const Lifetime = 96 * time.Hour

// The bounds of an envelope. Seal refuses what Open would.
const (
	// MaxPhotos is the largest number of photos of one capture.
	MaxPhotos = 8
	// MaxPhoto is the largest photo in bytes.
	MaxPhoto = 8 << 20
	// MaxManifest is the largest manifest in bytes.
	MaxManifest = 1 << 20
	// MaxSize is the largest envelope in bytes; the office takes no larger one.
	MaxSize = 32 << 20
)

// The operating modes of a station (office.md), stamped into every capture.
const (
	ModeCounter  = enrolment.Counter
	ModeLobby    = enrolment.Lobby
	ModeExtended = enrolment.Extended
)

// A Manifest says what an envelope holds.
type Manifest struct {
	// Capture is a UUIDv7, whose time starts the capture's [Lifetime].
	Capture     uuid.UUID      `json:"capture"`
	Appointment appointment.ID `json:"appointment"`
	CapturedAt  time.Time      `json:"captured_at"`
	// ExpiresAt is CapturedAt + Lifetime; Seal sets it.
	ExpiresAt time.Time `json:"expires_at"`
	// CapturedBy is the authority's number (Behördenkennziffer), or the provider's name and the device's id.
	CapturedBy string `json:"captured_by"`
	// Mode is ModeCounter, ModeLobby or ModeExtended.
	Mode string `json:"mode"`
	// Subject is "child" (below ten years), "infant" (below six) or empty, as the citizen said;
	// the photos are judged by that group's limits.
	Subject string `json:"subject,omitempty"`
	// HeadCovered is true when the citizen said that the head is covered for religious reasons.
	HeadCovered bool    `json:"head_covered,omitempty"`
	Photos      []Photo `json:"photos"`
	// AttackScore is that of the presentation attack detection, nil when none ran.
	AttackScore  *float64 `json:"attack_score"`
	Software     string   `json:"software"`
	SoftwareHash string   `json:"software_hash"`
}

// A Photo describes one photo of the capture.
type Photo struct {
	// Name is the file's name in the envelope, "photo-1.jpg" and so on; Seal sets it.
	Name string `json:"name"`
	// Chosen marks the one photo that the citizen chose.
	Chosen bool `json:"chosen"`
	// SHA256 is the lower-case hexadecimal hash of the JPEG; Seal sets it.
	SHA256 string `json:"sha256"`
	// Report is the rule engine's report on this photo.
	Report json.RawMessage `json:"report"`
}

// ExpiryOf returns the end of a capture's lifetime by the time in its id (UUIDv7, milliseconds).
func ExpiryOf(capture uuid.UUID) time.Time {
	var ms int64
	for _, b := range capture[:6] {
		ms = ms<<8 | int64(b)
	}
	return time.UnixMilli(ms).UTC().Add(Lifetime)
}

// Validate returns the first thing that is wrong with the manifest.
func (m Manifest) Validate() error {
	switch {
	case m.Capture.Version() != 7 || m.Capture.Variant() != uuid.RFC4122:
		return errors.New("manifest: the capture id is not a UUIDv7")
	case m.Appointment == appointment.ID{}:
		return errors.New("manifest: no appointment")
	case m.CapturedAt.IsZero():
		return errors.New("manifest: no time of capture")
	case !m.ExpiresAt.Equal(m.CapturedAt.Add(Lifetime)):
		return fmt.Errorf("manifest: expires_at is not captured_at + %v", Lifetime)
	case m.CapturedBy == "":
		return errors.New("manifest: captured_by is empty")
	case m.Mode != ModeCounter && m.Mode != ModeLobby && m.Mode != ModeExtended:
		return fmt.Errorf("manifest: unknown mode %q", m.Mode)
	case m.Software == "":
		return errors.New("manifest: software is empty")
	}
	return m.validatePhotos()
}

func (m Manifest) validatePhotos() error {
	if len(m.Photos) == 0 || len(m.Photos) > MaxPhotos {
		return fmt.Errorf("manifest: %d photos, want 1 to %d", len(m.Photos), MaxPhotos)
	}
	chosen := 0
	for i, p := range m.Photos {
		if p.Name != photoName(i) {
			return fmt.Errorf("manifest: photo %d is named %q, want %q", i+1, p.Name, photoName(i))
		}
		if sum, err := hex.DecodeString(p.SHA256); err != nil || len(sum) != sha256.Size {
			return fmt.Errorf("manifest: %s has no SHA-256", p.Name)
		}
		if p.Chosen {
			chosen++
		}
	}
	if chosen != 1 {
		return fmt.Errorf("manifest: %d photos are chosen, want 1", chosen)
	}
	return nil
}

// complete returns the manifest with what follows from the photos and the time of capture.
func (m Manifest) complete(photos [][]byte) (Manifest, error) {
	if len(photos) != len(m.Photos) {
		return Manifest{}, fmt.Errorf("%d photos, but the manifest describes %d", len(photos), len(m.Photos))
	}
	m.CapturedAt = m.CapturedAt.UTC()
	m.ExpiresAt = m.CapturedAt.Add(Lifetime)
	m.Photos = slices.Clone(m.Photos)
	for i, photo := range photos {
		if len(photo) == 0 || len(photo) > MaxPhoto {
			return Manifest{}, fmt.Errorf("photo %d has %d bytes, want 1 to %d", i+1, len(photo), MaxPhoto)
		}
		m.Photos[i].Name, m.Photos[i].SHA256 = photoName(i), hash(photo)
	}
	return m, m.Validate()
}

// parseManifest ignores fields that it does not know: a newer station's capture must still open.
func parseManifest(data []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return Manifest{}, fmt.Errorf("manifest: %w", err)
	}
	return m, m.Validate()
}

func photoName(i int) string { return fmt.Sprintf("photo-%d.jpg", i+1) }

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
