// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"strings"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/capture/camera/v4l2"
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
	choice, err := v4l2.ParseChoice(s.Camera)
	if err != nil {
		return nil, fmt.Errorf(`camera = %w; or, without one, "sitter" or "folder:PATH"`, err)
	}
	return v4l2.New(choice, s.Sensor), nil
}
