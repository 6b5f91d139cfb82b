// SPDX-License-Identifier: EUPL-1.2

package console

import (
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Requests of linux/fb.h and linux/kd.h, which x/sys does not name.
const (
	getVariable = 0x4600 // FBIOGET_VSCREENINFO
	getFixed    = 0x4602 // FBIOGET_FSCREENINFO
	setMode     = 0x4b3a // KDSETMODE
	modeText    = 0      // KD_TEXT
	modeGraphic = 1      // KD_GRAPHICS: the kernel's text console draws no more
)

// bitfield is struct fb_bitfield.
type bitfield struct{ Offset, Length, MSBRight uint32 }

// variable is struct fb_var_screeninfo, 160 bytes.
type variable struct {
	XRes, YRes, XResVirtual, YResVirtual, XOffset, YOffset uint32
	BitsPerPixel, Grayscale                                uint32
	Red, Green, Blue, Transparent                          bitfield
	_                                                      [20]uint32 // timing, which stays as it is
}

// fixedInfo is struct fb_fix_screeninfo.
type fixedInfo struct {
	_          [16]byte // name
	_          uintptr
	_          [4]uint32
	_          [3]uint16
	LineLength uint32
	_          uintptr
	_          [2]uint32
	_          [3]uint16
}

// framebuffer is an open screen device.
type framebuffer struct {
	file *os.File
	tty  *os.File // nil: the kernel has no text console
}

var _ Surface = (*framebuffer)(nil)

// OpenFramebuffer opens the screen, "/dev/fb0" for example, and stops the kernel's
// text console on tty, "/dev/tty0" for example, from drawing over it. The error
// wraps fs.ErrNotExist when there is no screen.
func OpenFramebuffer(path, tty string) (Surface, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, unix.ENODEV) || errors.Is(err, unix.ENXIO) {
		err = fs.ErrNotExist // the file is there, the screen is not
	}
	if err != nil {
		return nil, fmt.Errorf("framebuffer: %w", err)
	}
	fb := &framebuffer{file: file}
	if t, err := os.OpenFile(tty, os.O_RDWR|unix.O_NOCTTY, 0); err == nil {
		if unix.IoctlSetInt(int(t.Fd()), setMode, modeGraphic) == nil {
			fb.tty = t
		} else {
			_ = t.Close()
		}
	}
	return fb, nil
}

// Format asks the driver how the pixels lie.
func (fb *framebuffer) Format() (Format, error) {
	var v variable
	var x fixedInfo
	if err := fb.ask(getVariable, unsafe.Pointer(&v)); err != nil {
		return Format{}, err
	}
	if err := fb.ask(getFixed, unsafe.Pointer(&x)); err != nil {
		return Format{}, err
	}
	f := Format{
		Size: image.Pt(int(v.XRes), int(v.YRes)), Stride: int(x.LineLength), Bits: int(v.BitsPerPixel),
		Start: int64(v.YOffset)*int64(x.LineLength) + int64(v.XOffset*v.BitsPerPixel/8),
		Red:   Field{v.Red.Offset, v.Red.Length}, Green: Field{v.Green.Offset, v.Green.Length}, Blue: Field{v.Blue.Offset, v.Blue.Length},
	}
	return f, f.check()
}

func (fb *framebuffer) ask(request uintptr, answer unsafe.Pointer) error {
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, fb.file.Fd(), request, uintptr(answer)); errno != 0 {
		return fmt.Errorf("framebuffer: ask for its format: %w", errno)
	}
	return nil
}

// WriteAt writes pixels.
func (fb *framebuffer) WriteAt(b []byte, at int64) (int, error) { return fb.file.WriteAt(b, at) }

// Close gives the screen back to the text console.
func (fb *framebuffer) Close() error {
	err := fb.file.Close()
	if fb.tty != nil {
		err = errors.Join(err, unix.IoctlSetInt(int(fb.tty.Fd()), setMode, modeText), fb.tty.Close())
	}
	return err
}
