// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// shortest passphrase of a key, in characters: it is all that a thief of the
// disk has to guess.
const shortest = 16

// workFactor is age's own: 2^18 rounds of scrypt, about a second and 256 MiB.
const workFactor = 18

// ErrPassphrase says that a passphrase does not open a key.
var ErrPassphrase = errors.New("passphrase is wrong")

// protected says whether a key's file is age's own, encrypted with a passphrase.
func protected(b []byte) bool {
	return bytes.HasPrefix(b, []byte(armor.Header)) || bytes.HasPrefix(b, []byte("age-encryption.org/"))
}

// cover encrypts a key as `age -p -a` does: stock age takes the result as an
// identity file. An empty passphrase leaves the key plain.
func cover(key, passphrase string) (string, error) {
	if passphrase == "" {
		return key, nil
	}
	if utf8.RuneCountInString(passphrase) < shortest {
		return "", fmt.Errorf("passphrase needs %d characters or more", shortest)
	}
	return coverWith(key, passphrase, workFactor)
}

func coverWith(key, passphrase string, workFactor int) (string, error) {
	to, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return "", err
	}
	to.SetWorkFactor(workFactor)
	var b bytes.Buffer
	text := armor.NewWriter(&b)
	w, err := age.Encrypt(text, to)
	if err != nil {
		return "", err
	}
	if _, err := io.WriteString(w, key); err != nil {
		return "", err
	}
	if err := errors.Join(w.Close(), text.Close()); err != nil { // in this order
		return "", err
	}
	return b.String(), nil
}

// uncover decrypts what cover, or age itself, has encrypted.
func uncover(b []byte, passphrase string) ([]byte, error) {
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, err
	}
	var r io.Reader = bytes.NewReader(b)
	if bytes.HasPrefix(b, []byte(armor.Header)) {
		r = armor.NewReader(r)
	}
	plain, err := age.Decrypt(r, identity)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, err
	}
	return io.ReadAll(plain)
}

// Protect puts the office's key below dir under a passphrase; the plain file is
// overwritten. A key that has one already is refused.
func Protect(dir, passphrase string) error {
	if passphrase == "" {
		return errors.New("protect key: passphrase is empty")
	}
	err := changeIn(dir, func(d *folderDir) error {
		data, err := d.Root.ReadFile(sealFile)
		if err != nil {
			return err
		}
		if protected(data) {
			return errors.New("it has a passphrase already")
		}
		text, err := cover(string(data), passphrase)
		if err != nil {
			return err
		}
		return d.replace(sealFile, text)
	})
	if err != nil {
		return fmt.Errorf("protect %s: %w", sealFile, err)
	}
	return nil
}
