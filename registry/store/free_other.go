// SPDX-License-Identifier: EUPL-1.2

//go:build !linux

package store

import "os"

func free(string) (int64, error) { return 0, os.ErrNotExist }
