// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"golang.org/x/sys/unix"
)

// What a camera does wrong, with what to do. The technician reads these sentences.
var (
	errAbsent    = errors.New("no USB camera is there; plug it in, or try another cable")
	errGone      = errors.New("the camera was unplugged; check its cable")
	errSilent    = errors.New("the camera sends nothing any more; unplug it and plug it in again")
	errTorn      = errors.New("the pictures arrive damaged; use a shorter cable or another USB socket")
	errColour    = errors.New("the camera sends no colour pictures; use another camera")
	errMute      = errors.New("the camera does not answer when it is set; unplug it and plug it in again")
	errHangs     = errors.New("the camera hangs; unplug it and plug it in again")
	errBusy      = errors.New("another program uses the camera; stop it")
	errBandwidth = errors.New("the USB bus has no room for the camera's pictures; give it a socket of its own")
)

// errStopped ends the waiting for a frame of a mode that is being left.
var errStopped = errors.New("the mode was left")

// explain puts a sentence to the kernel's error.
func explain(err error) error {
	for _, known := range []struct {
		kernel error
		says   error
	}{
		{unix.ENODEV, errGone}, {unix.ENOENT, errGone}, {unix.ENXIO, errGone}, {unix.EIO, errHangs},
		{unix.EBUSY, errBusy}, {unix.ENOSPC, errBandwidth}, {unix.ETIMEDOUT, errMute}, {unix.EPROTO, errHangs},
	} {
		if errors.Is(err, known.kernel) || err != nil && strings.HasSuffix(err.Error(), known.kernel.Error()) { // the library keeps the text only
			return fmt.Errorf("%w (%w)", known.says, err)
		}
	}
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w; the program's user must be in the group video", err)
	}
	return err
}

func wrongSize(got, want fmt.Stringer) error {
	return fmt.Errorf("the camera sends pictures of %v where %v was agreed; unplug it and plug it in again, or use another camera", got, want)
}
