// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"golang.org/x/crypto/argon2"

	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/internal/fscrypt"
	"github.com/fotobox-project/fotobox/internal/kmod"
)

// sealFile lies beside the state directory: half of the key with which the
// appliance encrypts that. The other half is the box, so that a card alone does
// not open without a search through all serial numbers.
const sealFile = "seal"

// sealBytes is its length.
const sealBytes = 32

// boxFiles say which box this is: a Raspberry Pi's serial number, a PC's id.
func boxFiles() []string {
	return []string{"/proc/device-tree/serial-number", "/sys/class/dmi/id/product_uuid"}
}

// sealState has the kernel encrypt the state directory, as far as kernel and file
// system can. A directory that is in use already stays as it is.
func (s Settings) sealState(log *slog.Logger) error {
	if !onAppliance() {
		return nil
	}
	key, err := boxKey(filepath.Dir(s.State), boxFiles())
	if err != nil {
		return err
	}
	if err := kmod.Load("sha512_generic"); err != nil { // the kernel derives keys with it
		log.Warn("the state directory stays unencrypted", "err", err)
		return nil
	}
	code, err := takeCode(s.State)
	if err != nil {
		return err
	}
	switch err := fscrypt.Open(s.State, key); {
	case errors.Is(err, fscrypt.ErrUnsupported), errors.Is(err, fscrypt.ErrPlain):
		log.Warn("the state directory stays unencrypted", "err", err)
	case errors.Is(err, fscrypt.ErrKey):
		return fmt.Errorf("%w: this card was used in another box; flash it again", err)
	case err != nil:
		return err
	}
	return putCode(s.State, code)
}

// boxKey makes the key of seal and box, and the seal where there is none yet.
// argon2id makes each guess of a serial number cost 16 MiB and some tenths of a second.
func boxKey(dir string, boxes []string) (key fscrypt.Key, err error) {
	d, err := durable.Open(dir)
	if err != nil {
		return key, err
	}
	defer d.Close()
	seal, err := d.Root.ReadFile(sealFile)
	if errors.Is(err, fs.ErrNotExist) {
		seal = make([]byte, sealBytes)
		rand.Read(seal) // never fails
		err = d.Write(sealFile, bytes.NewReader(seal))
	}
	if err != nil {
		return key, fmt.Errorf("read seal: %w", err)
	}
	if len(seal) != sealBytes {
		return key, fmt.Errorf("read seal: %s has %d bytes, want %d; flash the card again", sealFile, len(seal), sealBytes)
	}
	var box []byte
	for _, name := range boxes {
		if box, err = os.ReadFile(name); err == nil && len(box) > 0 {
			break
		}
	}
	return fscrypt.Key(argon2.IDKey(box, seal, 2, 16<<10, 1, uint32(len(key)))), nil
}

// takeCode takes the flashed code out of a directory that holds nothing else,
// which can be encrypted then. Should the power fail before putCode, the station
// is enrolled by hand.
func takeCode(state string) ([]byte, error) {
	names, err := os.ReadDir(state)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil || len(names) != 1 || names[0].Name() != inviteFile {
		return nil, err
	}
	name := filepath.Join(state, inviteFile)
	code, err := os.ReadFile(name)
	return code, errors.Join(err, os.Remove(name))
}

func putCode(state string, code []byte) error {
	if code == nil {
		return nil
	}
	dir, err := durable.Open(state)
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Write(inviteFile, bytes.NewReader(code))
}
