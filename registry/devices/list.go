// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// KeyFile is one key of the office as the list of keys shows it.
type KeyFile struct {
	Name      string
	Use       string
	Since     time.Time // when the file was written
	Until     time.Time // the zero time: until it is rotated
	Protected bool      // under a passphrase
}

// ListKeys gives the keys below dir, without opening any.
func ListKeys(dir string) ([]KeyFile, error) {
	path := filepath.Join(dir, folder)
	list := []KeyFile{
		{Name: sealFile, Use: "opens captures"},
		{Name: escrowFile, Use: "opens captures; belongs off this machine"},
		{Name: receiptFile, Use: "signs receipts"},
		{Name: appointmentFile, Use: "signs appointment codes"},
		{Name: nextFile, Use: "will sign appointment codes"},
		{Name: caKeyFile, Use: "certifies stations"},
	}
	for name := range retiredNames(path, sealRetired) {
		list = append(list, KeyFile{Name: name, Use: "opens captures that were sealed for it"})
	}
	for name := range retiredNames(path, appointmentRetired) {
		list = append(list, KeyFile{Name: name, Use: "holds appointment codes that were given out"})
	}
	for i := range list {
		if err := list[i].stat(path); err != nil {
			return nil, fmt.Errorf("list keys: %w", err)
		}
	}
	return slices.DeleteFunc(list, func(k KeyFile) bool { return k.Since.IsZero() }), nil
}

// stat fills in what the file says; one that is not there stays without a time.
func (k *KeyFile) stat(path string) error {
	name := filepath.Join(path, k.Name)
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	k.Since, k.Protected = info.ModTime(), protected(data)
	_, k.Until, _ = parseRetired(k.Name)
	return nil
}
