// SPDX-License-Identifier: EUPL-1.2

//go:build !linux

package panel

import (
	"fmt"
	"os"
)

// request: only Linux has such lines.
func request(string, []string, []input) (lines, error) {
	return nil, fmt.Errorf("GPIO lines: %w", os.ErrNotExist)
}

func nodes() []string { return nil }
