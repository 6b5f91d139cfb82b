// SPDX-License-Identifier: EUPL-1.2

// Package record codes a portrait as the JPEG file that goes to the office, the
// one lossy step in a photo's life, and wraps that file unchanged in the face
// records of ISO/IEC 19794-5:2005 and ISO/IEC 39794-5.
package record

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"io"
	"time"

	"github.com/gen2brain/jpegli"
)

// Quality is the coder's setting on the usual scale, that of the example tables in
// ISO/IEC 10918-1, annex K, so that a reader finds the same number in the file.
// TR-03121-3 Vol. 2 (BIP-FI-GID) asks for "highest quality"; above 95 a file grows
// fast without a visible gain.
const Quality = 97

// JPEG writes the picture as baseline JPEG, which every reader knows: sRGB without
// subsampling of colour (4:4:4), with the time at which it was taken (to the
// second, in its own zone) as its only metadata.
func JPEG(w io.Writer, img image.Image, taken time.Time) error {
	var coded bytes.Buffer
	err := jpegli.Encode(&coded, tight(img), &jpegli.EncodingOptions{
		Quality:             Quality,
		StandardQuantTables: true, // the coder's own tables spare the colours: readers see a quality of 84
		ChromaSubsampling:   image.YCbCrSubsampleRatio444,
		OptimizeCoding:      false, // four Huffman tables: not baseline any more
	})
	if err != nil {
		return fmt.Errorf("code portrait: %w", err)
	}
	bare, err := bare(coded.Bytes())
	if err != nil {
		return fmt.Errorf("code portrait: %w", err)
	}
	for _, part := range [][]byte{bare[:2], exif(taken), bare[2:]} {
		if _, err := w.Write(part); err != nil {
			return fmt.Errorf("write portrait: %w", err)
		}
	}
	return nil
}

// tight gives the pixels without gaps, starting at (0, 0): the coder reads them
// in one run.
func tight(img image.Image) image.Image {
	b := img.Bounds()
	switch img := img.(type) {
	case *image.NRGBA:
		if b.Min == (image.Point{}) && img.Stride == 4*b.Dx() {
			return img
		}
	case *image.RGBA:
		if b.Min == (image.Point{}) && img.Stride == 4*b.Dx() {
			return img
		}
	}
	dst := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(dst, dst.Rect, img, b.Min, draw.Src)
	return dst
}
