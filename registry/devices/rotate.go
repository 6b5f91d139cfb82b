// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/fotobox-project/fotobox/upload/envelope"
)

// What a rotation writes before it gives it its name.
const (
	sealComing = "office-coming.key"
	nextComing = "appointment-coming.key"
)

// RotateSeal makes a new key that opens envelopes and retires the current one:
// it opens for 96 hours more, as long as a capture lives. A key that is
// protected stays so, and needs its passphrase. Where office.key is missing,
// because it was lost, a new one takes its place.
//
//	write office-coming.key, rename office.key office-until-T.key,
//	rename office-coming.key office.key, write recipients.txt
func RotateSeal(dir, passphrase string, now time.Time) (recipient string, err error) {
	err = changeIn(dir, func(d *folderDir) error {
		recipient, err = d.rotateSeal(passphrase, now)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("rotate %s: %w", sealFile, err)
	}
	return recipient, nil
}

func (d *folderDir) rotateSeal(passphrase string, now time.Time) (string, error) {
	recipients, found, err := d.sealed(passphrase)
	if err != nil {
		return "", err
	}
	identity, err := age.GenerateHybridIdentity()
	if err != nil {
		return "", err
	}
	text, err := cover(identity.String()+"\n", passphrase)
	if err != nil {
		return "", err
	}
	if err := d.Write(sealComing, strings.NewReader(text)); err != nil {
		return "", err
	}
	if found {
		if err := d.Rename(sealFile, retiredName(sealRetired, now.Add(envelope.Lifetime), ".key")); err != nil {
			return "", err
		}
	}
	if err := d.Rename(sealComing, sealFile); err != nil {
		return "", err
	}
	recipients[0] = identity.Recipient().String()
	return recipients[0], d.writeRecipients(recipients)
}

// sealed gives the recipients, and whether there is a current key. The
// passphrase must be the current key's.
func (d *folderDir) sealed(passphrase string) (recipients []string, found bool, err error) {
	data, err := d.Root.ReadFile(sealFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		data, err = d.Root.ReadFile(recipientsFile)
		if err != nil {
			return nil, false, err
		}
		recipients, err = parseRecipients(data)
		return recipients, false, err
	case err != nil:
		return nil, false, err
	case protected(data) && passphrase == "":
		return nil, false, ErrLocked
	case !protected(data) && passphrase != "":
		return nil, false, errors.New("it has no passphrase: give it one first")
	}
	c, err := look(d.Root.Name(), passphrase)
	return c.recipients, true, err
}

// RotateAppointment makes the next key of appointment codes current. The old
// one's public half is told to stations until the given time, so that codes
// that were given out hold; the private half is overwritten.
//
//	write appointment-coming.key, write appointment-until-T.pub, overwrite appointment.key,
//	rename appointment-next.key appointment.key, rename appointment-coming.key appointment-next.key
func RotateAppointment(dir string, until time.Time) error {
	err := changeIn(dir, func(d *folderDir) error { return d.rotateAppointment(until) })
	if err != nil {
		return fmt.Errorf("rotate %s: %w", appointmentFile, err)
	}
	return nil
}

func (d *folderDir) rotateAppointment(until time.Time) error {
	data, err := d.Root.ReadFile(appointmentFile)
	if err != nil {
		return err
	}
	old, err := parseEd25519(data)
	if err != nil {
		return err
	}
	text, err := newSigner()
	if err != nil {
		return err
	}
	if err := d.Write(nextComing, strings.NewReader(text)); err != nil {
		return err
	}
	if err := d.Write(retiredName(appointmentRetired, until, ".pub"), strings.NewReader(publicPEM(public(old)))); err != nil {
		return err
	}
	if err := d.blank(appointmentFile); err != nil { // from here on finish goes on
		return err
	}
	if err := d.Rename(nextFile, appointmentFile); err != nil {
		return err
	}
	return d.Rename(nextComing, nextFile)
}

// RotateReceipt makes a new key that signs receipts. Stations learn it with
// their next question and verify no receipt of the old one any more.
func RotateReceipt(dir string) error {
	text, err := newSigner()
	if err == nil {
		err = changeIn(dir, func(d *folderDir) error { return d.replace(receiptFile, text) })
	}
	if err != nil {
		return fmt.Errorf("rotate %s: %w", receiptFile, err)
	}
	return nil
}

// NewEscrow makes a new escrow key and gives its identity, which is kept
// nowhere. What was sealed before opens with the old one only. A file that
// still has the old identity is overwritten.
func NewEscrow(dir string) (identity string, err error) {
	escrow, err := age.GenerateHybridIdentity()
	if err != nil {
		return "", err
	}
	err = changeIn(dir, func(d *folderDir) error {
		data, err := d.Root.ReadFile(recipientsFile)
		if err != nil {
			return err
		}
		list, err := parseRecipients(data)
		if err != nil {
			return err
		}
		if err := d.writeRecipients([]string{list[0], escrow.Recipient().String()}); err != nil {
			return err
		}
		if _, err := d.Root.Lstat(escrowFile); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return d.shred(escrowFile)
	})
	if err != nil {
		return "", fmt.Errorf("new escrow key: %w", err)
	}
	return escrow.String(), nil
}

// finish goes on with a rotation that was interrupted, or takes it back.
func (d *folderDir) finish() error {
	if d.has(replaced) {
		if err := d.finishReplacing(); err != nil {
			return err
		}
	}
	for _, r := range []struct{ coming, name string }{{sealComing, sealFile}, {nextComing, nextFile}} {
		if !d.has(r.coming) {
			continue
		}
		if r.coming == nextComing && d.has(nextFile) && d.blanked(appointmentFile) {
			if err := d.Rename(nextFile, appointmentFile); err != nil {
				return err
			}
		}
		if !d.has(r.name) {
			if err := d.Rename(r.coming, r.name); err != nil {
				return err
			}
			continue
		}
		if err := d.shred(r.coming); err != nil {
			return err
		}
	}
	return d.Sweep(".")
}

// finishReplacing overwrites an old content, unless it still has its name: then
// the two are one file.
func (d *folderDir) finishReplacing() error {
	old, err := d.Root.Stat(replaced)
	if err != nil {
		return err
	}
	for _, name := range []string{sealFile, receiptFile} {
		if now, err := d.Root.Stat(name); err == nil && os.SameFile(old, now) {
			return d.Remove(replaced)
		}
	}
	return d.shred(replaced)
}

func (d *folderDir) has(name string) bool {
	_, err := d.Root.Lstat(name)
	return err == nil
}

// blanked says whether a file was overwritten and not yet replaced.
func (d *folderDir) blanked(name string) bool {
	data, err := d.Root.ReadFile(name)
	return err == nil && !strings.Contains(string(data), "PRIVATE KEY")
}
