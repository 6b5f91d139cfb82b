// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// parts are what an update takes from an image.
type parts struct {
	file            *os.File
	root, boot, mbr io.Reader
}

// openParts finds root and boot partition in an image, as long as their file
// systems are, and the boot code before the partition table.
func openParts(image string) (parts, error) {
	f, err := os.Open(image)
	if err != nil {
		return parts{}, err
	}
	root, err1 := squashSize(f)
	boot, err2 := fatSize(f)
	if err := errors.Join(err1, err2); err != nil {
		return parts{}, errors.Join(fmt.Errorf("%s is no image of the appliance: %w", image, err), f.Close())
	}
	return parts{
		file: f,
		root: io.NewSectionReader(f, rootStart, root), boot: io.NewSectionReader(f, bootStart, boot),
		mbr: io.NewSectionReader(f, 0, 446), // what follows is the table
	}, nil
}

func (p parts) close() { _ = p.file.Close() } // it was only read

// squashSize is bytes_used of the root's superblock, rounded up to a block.
func squashSize(f io.ReaderAt) (int64, error) {
	b := make([]byte, 96)
	if _, err := f.ReadAt(b, rootStart); err != nil {
		return 0, err
	}
	size := int64(binary.LittleEndian.Uint64(b[40:]))
	if string(b[:4]) != "hsqs" || size < 96 || size > rootSize {
		return 0, errors.New("its root is no squashfs")
	}
	return (size + 4095) &^ 4095, nil
}

// fatSize is the length that the boot partition's first sector says.
func fatSize(f io.ReaderAt) (int64, error) {
	b := make([]byte, 512)
	if _, err := f.ReadAt(b, bootStart); err != nil {
		return 0, err
	}
	sectors := int64(binary.LittleEndian.Uint16(b[19:]))
	if sectors == 0 {
		sectors = int64(binary.LittleEndian.Uint32(b[32:]))
	}
	if b[510] != 0x55 || b[511] != 0xaa || sectors == 0 || sectors*512 > bootSize {
		return 0, errors.New("its boot partition is no FAT")
	}
	return sectors * 512, nil
}
