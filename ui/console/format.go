// SPDX-License-Identifier: EUPL-1.2

package console

import (
	"encoding/binary"
	"fmt"
	"image"
	"io"
)

// A Format is how pixels lie in a framebuffer.
type Format struct {
	Size             image.Point // pixels
	Stride           int         // bytes from one row to the next
	Start            int64       // bytes before the first visible pixel
	Bits             int         // of a pixel: 16, 24 or 32
	Red, Green, Blue Field
}

// A Field is where a colour stands in a pixel.
type Field struct{ Offset, Length uint32 }

// check refuses what blit cannot write.
func (f Format) check() error {
	if f.Bits != 16 && f.Bits != 24 && f.Bits != 32 {
		return fmt.Errorf("framebuffer: %d bits per pixel, want 16, 24 or 32; set framebuffer_depth=32 in config.txt", f.Bits)
	}
	for _, c := range []Field{f.Red, f.Green, f.Blue} {
		if c.Length < 1 || c.Length > 8 || int(c.Offset+c.Length) > f.Bits {
			return fmt.Errorf("framebuffer: a colour of %d bits at bit %d of %d cannot be written", c.Length, c.Offset, f.Bits)
		}
	}
	if f.Size.X < 1 || f.Size.Y < 1 || f.Stride < f.Size.X*f.Bits/8 {
		return fmt.Errorf("framebuffer: %v pixels do not fit rows of %d bytes", f.Size, f.Stride)
	}
	return nil
}

// blit writes the rows of a picture that is as wide as the screen.
func (f Format) blit(w io.WriterAt, img *image.RGBA) error {
	width := f.Size.X * f.Bits / 8
	row := make([]byte, width+3) // a pixel is packed as 32 bits, whose last bytes the next one covers
	for y := img.Rect.Min.Y; y < img.Rect.Max.Y; y++ {
		f.pack(row, img.Pix[img.PixOffset(0, y):][:4*f.Size.X])
		if _, err := w.WriteAt(row[:width], f.Start+int64(y)*int64(f.Stride)); err != nil {
			return fmt.Errorf("framebuffer: %w", err)
		}
	}
	return nil
}

// pack turns RGBA into the screen's pixels.
func (f Format) pack(row, rgba []byte) {
	for at := 0; len(rgba) >= 4; rgba = rgba[4:] {
		v := f.Red.bits(rgba[0]) | f.Green.bits(rgba[1]) | f.Blue.bits(rgba[2])
		binary.LittleEndian.PutUint32(row[at:at+4:len(row)], v)
		at += f.Bits / 8
	}
}

func (c Field) bits(v uint8) uint32 { return uint32(v) >> (8 - c.Length) << c.Offset }
