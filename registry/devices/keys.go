// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/internal/durable"
)

// folder holds the keys below the office's directory.
const folder = "keys"

// Names below the folder keys. docs/disk.md says what losing each one costs.
const (
	officeFile      = "office.json"          // number and name, public
	caKeyFile       = "ca.key"               // PEM, PKCS #8
	caFile          = "ca.crt"               // PEM, public
	receiptFile     = "receipt.key"          // PEM, PKCS #8, signs receipts
	appointmentFile = "appointment.key"      // PEM, PKCS #8, signs appointment codes
	nextFile        = "appointment-next.key" // PEM, PKCS #8, stations know it before it is used
	sealFile        = "office.key"           // age identity, opens envelopes
	escrowFile      = "escrow.key"           // age identity, belongs off this machine
	recipientsFile  = "recipients.txt"       // age recipients of every envelope, public
)

// Keys is what the office signs, opens and is known by.
type Keys struct {
	Office      appointment.Office
	Name        string              // of the office, for people
	Receipt     ed25519.PrivateKey  // signs receipts
	Appointment ed25519.PrivateKey  // signs appointment codes
	Next        ed25519.PrivateKey  // will sign them after the next change of keys
	Retired     []ed25519.PublicKey // signed codes that still hold
	Ring        *Ring               // opens envelopes, and knows for whom they are sealed
	CA          *Authority
}

// String names the office, and no key.
func (k *Keys) String() string { return k.Office.String() }

// DayKey is the key of the HMAC over the typed codes of the day that begins at
// this date. It is derived from the appointment key, so that nothing is kept.
func (k *Keys) DayKey(day time.Time) ([]byte, error) {
	info := "fotobox day key v1 " + k.Office.String() + " " + day.Format(time.DateOnly)
	return hkdf.Key(sha256.New, k.Appointment.Seed(), nil, info, sha256.Size)
}

// LinkKey is the secret of the links in mails to citizens. It is derived from
// the CA's key, which lasts: links live for months, and the keys of appointment
// codes may change meanwhile.
func (k *Keys) LinkKey() ([]byte, error) {
	key, ok := k.CA.key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("the CA's key is of another kind")
	}
	secret, err := key.Bytes()
	if err != nil {
		return nil, err
	}
	return hkdf.Key(sha256.New, secret, nil, "fotobox links v1 "+k.Office.String(), sha256.Size)
}

// Load reads the keys that Init made in the office's directory dir. The escrow
// identity is not read and need not be there.
func Load(dir string) (*Keys, error) {
	root, err := os.OpenRoot(filepath.Join(dir, folder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("load keys: %s has none, make them with init", dir)
	}
	if err != nil {
		return nil, fmt.Errorf("load keys: %w", err)
	}
	defer root.Close()
	if err := settle(dir, root); err != nil {
		return nil, fmt.Errorf("load keys: %w", err)
	}
	k := &Keys{}
	for name, parse := range k.files() {
		data, err := root.ReadFile(name)
		if err == nil {
			err = parse(data)
		}
		if err != nil {
			return nil, fmt.Errorf("load keys: %s: %w", name, err)
		}
	}
	return k, k.check(root)
}

// files says how each file that must be there is read.
func (k *Keys) files() map[string]func([]byte) error {
	return map[string]func([]byte) error{
		officeFile:      k.parseOffice,
		receiptFile:     func(b []byte) (err error) { k.Receipt, err = parseEd25519(b); return err },
		appointmentFile: func(b []byte) (err error) { k.Appointment, err = parseEd25519(b); return err },
		nextFile:        func(b []byte) (err error) { k.Next, err = parseEd25519(b); return err },
	}
}

// check reads what is made of two files and compares what must fit together.
func (k *Keys) check(root *os.Root) error {
	key, keyErr := root.ReadFile(caKeyFile)
	crt, crtErr := root.ReadFile(caFile)
	if err := errors.Join(keyErr, crtErr); err != nil {
		return fmt.Errorf("load keys: %w", err)
	}
	var err error
	if k.CA, err = parseAuthority(key, crt); err != nil {
		return fmt.Errorf("load keys: %s and %s: %w", caKeyFile, caFile, err)
	}
	if k.Ring, err = openRing(root.Name()); err != nil {
		return err
	}
	for name := range retiredNames(root.Name(), appointmentRetired) {
		data, err := root.ReadFile(name)
		if err != nil {
			return fmt.Errorf("load keys: %w", err)
		}
		old, err := parsePublic(data)
		if err != nil {
			return fmt.Errorf("load keys: %s: %w", name, err)
		}
		k.Retired = append(k.Retired, old)
	}
	return nil
}

// settle finishes a rotation that was interrupted. One that is under way in
// another process goes on there.
func settle(dir string, root *os.Root) error {
	for _, name := range []string{sealComing, nextComing} {
		if _, err := root.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		err := changeIn(dir, func(*folderDir) error { return nil })
		if errors.Is(err, durable.ErrLocked) {
			return nil
		}
		return err
	}
	return nil
}

// office is the content of office.json.
type office struct {
	Office appointment.Office `json:"office"`
	Name   string             `json:"name"`
}

func (k *Keys) parseOffice(b []byte) error {
	var o office
	err := json.Unmarshal(b, &o)
	k.Office, k.Name = o.Office, o.Name
	return err
}
