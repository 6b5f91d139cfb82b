// SPDX-License-Identifier: EUPL-1.2

//go:build !linux

package reader

import (
	"fmt"
	"os"
)

// grab: only Linux has such devices.
func grab(path string) (*os.File, error) { return nil, fmt.Errorf("%s: %w", path, os.ErrNotExist) }
