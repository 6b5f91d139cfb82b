// SPDX-License-Identifier: EUPL-1.2

// Package fscrypt has the kernel encrypt a folder: names, contents and folders in it are readable
// only while the kernel knows the key. The file system must have been made for it (ext4, "encrypt").
package fscrypt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

var (
	// ErrUnsupported says that kernel or file system cannot encrypt folders.
	ErrUnsupported = errors.New("this file system cannot encrypt folders")
	// ErrPlain says that a folder is not encrypted and cannot be any more, since it is not empty.
	ErrPlain = errors.New("the folder holds files that are not encrypted")
	// ErrKey says that a folder was encrypted with another key.
	ErrKey = errors.New("the folder was encrypted with another key")
)

// A Key is what the kernel derives each file's key from.
type Key [64]byte

// An identifier is a key's name: what the kernel tells of it.
type identifier [16]byte

// Open gives the kernel the key, and has it encrypt the folder when that is new or empty. When it
// returns nil, whatever is in the folder is encrypted and can be read. The key stays known until
// the file system is unmounted.
func Open(path string, key Key) error {
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := open(dir, key); err != nil {
		return fmt.Errorf("encrypt %s: %w", path, err)
	}
	return nil
}

func open(dir *os.File, key Key) error {
	ours, err := add(dir, key)
	if err != nil {
		return err
	}
	is, encrypted, err := policy(dir)
	switch {
	case err != nil:
		return err
	case !encrypted:
		return encrypt(dir, ours)
	case is != ours:
		return ErrKey
	}
	return nil
}
