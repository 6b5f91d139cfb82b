// SPDX-License-Identifier: EUPL-1.2

package store

import "syscall"

// free is the room for us on the disk of path, in bytes.
//
//	statfs(path)
func free(path string) (int64, error) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(path, &fs); err != nil {
		return 0, err
	}
	return int64(fs.Bavail) * int64(fs.Bsize), nil
}
