// SPDX-License-Identifier: EUPL-1.2

// Package envelope seals the photos of a capture for the office.
//
// An envelope is an age file (age-encryption.org/v1) for hybrid recipients, ML-KEM-768 and X25519,
// around a tar of manifest.json and the photos. The stock tools open it:
//
//	age -d -i office.key x.age | tar t
//
// A station only seals. It holds no identity that could open an envelope, not even its own.
package envelope

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"filippo.io/age"
)

const manifestName = "manifest.json"

// ParseRecipients reads the recipients of every envelope: the office's and the escrow key's, as
// "age1pq1..." texts. Classic recipients are refused: what is sealed today would be readable to
// the quantum computers of later.
func ParseRecipients(texts []string) ([]age.Recipient, error) {
	if len(texts) == 0 {
		return nil, errors.New("recipients: there is none")
	}
	recipients := make([]age.Recipient, len(texts))
	for i, text := range texts {
		r, err := age.ParseHybridRecipient(text)
		if err != nil {
			return nil, fmt.Errorf("recipient %d: %w", i+1, err)
		}
		recipients[i] = r
	}
	return recipients, nil
}

// Seal writes the envelope of the photos, JPEG files in the order of m.Photos. It fills in the
// names and hashes of m.Photos and m.ExpiresAt. After an error, what was written is no envelope.
func Seal(w io.Writer, m Manifest, photos [][]byte, recipients []age.Recipient) error {
	m, err := m.complete(photos)
	if err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	manifest, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("seal: manifest: %w", err)
	}
	if len(manifest) > MaxManifest {
		return fmt.Errorf("seal: the manifest has %d bytes, want at most %d", len(manifest), MaxManifest)
	}
	sealed, err := age.Encrypt(&limitWriter{w, MaxSize}, recipients...)
	if err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	if err := pack(sealed, m, manifest, photos); err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	if err := sealed.Close(); err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	return nil
}

// pack writes the tar. Its files carry the time of capture and belong to nobody, so that the
// envelope tells nothing that its manifest does not.
func pack(w io.Writer, m Manifest, manifest []byte, photos [][]byte) error {
	t := tar.NewWriter(w)
	if err := add(t, manifestName, m.CapturedAt, manifest); err != nil {
		return err
	}
	for i, photo := range photos {
		if err := add(t, photoName(i), m.CapturedAt, photo); err != nil {
			return err
		}
	}
	return t.Close()
}

func add(t *tar.Writer, name string, at time.Time, data []byte) error {
	h := &tar.Header{Name: name, Mode: 0o600, Size: int64(len(data)), ModTime: at.Truncate(time.Second), Format: tar.FormatUSTAR}
	if err := t.WriteHeader(h); err != nil {
		return err
	}
	_, err := t.Write(data)
	return err
}

// A limitWriter fails after n bytes.
type limitWriter struct {
	w io.Writer
	n int
}

func (l *limitWriter) Write(p []byte) (int, error) {
	if l.n -= len(p); l.n < 0 {
		return 0, fmt.Errorf("the envelope is larger than %d bytes", MaxSize)
	}
	return l.w.Write(p)
}
