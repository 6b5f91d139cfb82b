// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"strings"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
)

// device is the camera that the settings name.
func (s Settings) device() (camera.Device, error) {
	kind, path, _ := strings.Cut(s.Camera, ":")
	switch kind {
	case "sitter":
		return cameratest.Live(cameratest.Default()), nil
	case "folder":
		return cameratest.Folder(path)
	}
	return nil, fmt.Errorf(`camera = %q: must be "sitter" or "folder:PATH"`, s.Camera)
}
