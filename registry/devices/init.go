// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/internal/durable"
)

// fresh is the folder in which Init makes the keys before they get their name.
const fresh = folder + ".new"

// Init makes the keys of a new office below dir/keys, each readable by its owner
// alone. Keys that are there already are never touched: without them no
// capture opens and no station is let in.
func Init(dir string, number appointment.Office, name string) error {
	return InitProtected(dir, number, name, "")
}

// InitProtected is Init with a passphrase for the key that opens captures. An
// empty one leaves it plain.
func InitProtected(dir string, number appointment.Office, name, passphrase string) error {
	if strings.TrimSpace(name) == "" {
		return errors.New("init keys: the office's name is missing")
	}
	d, err := durable.Open(dir)
	if err != nil {
		return fmt.Errorf("init keys: %w", err)
	}
	defer d.Close()
	if err := initIn(d, office{number, name}, passphrase); err != nil {
		return fmt.Errorf("init keys in %s: %w", dir, err)
	}
	return nil
}

// initIn makes all keys in one folder and names it keys at the end, so that a
// power cut leaves either all of them or none.
func initIn(d *durable.Dir, o office, passphrase string) error {
	if _, err := d.Root.Lstat(folder); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(errors.New("folder keys is there already"), err)
	}
	if err := d.Root.RemoveAll(fresh); err != nil { // of an Init that was cut short
		return err
	}
	if err := d.Mkdir(fresh); err != nil {
		return err
	}
	files, err := generate(o, passphrase)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := d.Write(path.Join(fresh, f.name), strings.NewReader(f.content)); err != nil {
			return err
		}
	}
	return d.Rename(fresh, folder)
}

// file is one file below the folder keys.
type file struct{ name, content string }

func generate(o office, passphrase string) ([]file, error) {
	number, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	seals, err := generateSeals(passphrase)
	if err != nil {
		return nil, err
	}
	ca, err := generateCA(o.Office.String(), time.Now())
	if err != nil {
		return nil, err
	}
	files := slices.Concat([]file{{officeFile, string(number) + "\n"}}, seals, ca)
	for _, name := range []string{receiptFile, appointmentFile, nextFile} {
		text, err := newSigner()
		if err != nil {
			return nil, err
		}
		files = append(files, file{name, text})
	}
	return files, nil
}

// generateSeals makes the identities of the office and of the escrow.
func generateSeals(passphrase string) ([]file, error) {
	seal, err := age.GenerateHybridIdentity()
	if err != nil {
		return nil, err
	}
	text, err := cover(seal.String()+"\n", passphrase)
	if err != nil {
		return nil, err
	}
	escrow, err := age.GenerateHybridIdentity()
	if err != nil {
		return nil, err
	}
	return []file{
		{sealFile, text},
		{escrowFile, "# keep this key in a safe and not on this machine\n" + escrow.String() + "\n"},
		{recipientsFile, seal.Recipient().String() + "\n" + escrow.Recipient().String() + "\n"},
	}, nil
}
