// SPDX-License-Identifier: EUPL-1.2

//go:build !linux

package console

import (
	"fmt"
	"io/fs"
)

// OpenFramebuffer says that there is no screen: only Linux has framebuffers.
func OpenFramebuffer(path, _ string) (Surface, error) {
	return nil, fmt.Errorf("framebuffer: %s: %w", path, fs.ErrNotExist)
}
