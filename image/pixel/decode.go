// SPDX-License-Identifier: EUPL-1.2

package pixel

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
)

// MaxMegapixels is the largest picture that Decode takes. A station's sensor
// has 12, the camera phones of citizens save 12 to 24. Decoding 36 megapixels
// takes 0.1 GB, and 0.6 GB for a progressive JPEG in the worst coding.
const MaxMegapixels = 36

// maxHeader bounds what may stand before the size, bytes: cameras put previews
// of a few megabytes there.
const maxHeader = 16 << 20

// The reasons for which Decode refuses a file. Callers tell people by them what
// to do: send it again, choose another file, make it smaller.
var (
	ErrEmpty    = errors.New("the file is empty")
	ErrFormat   = errors.New("not a JPEG or PNG picture")
	ErrDamaged  = errors.New("the picture is damaged or incomplete")
	ErrTooLarge = errors.New("the picture has too many pixels")
)

// Picture is a decoded picture that remembers the colour space of its file.
type Picture struct {
	image.Image
	ColourSpace ColourSpace
	// Turned tells that the file asked to be shown turned or mirrored (Exif
	// orientation 2 to 8), which has been done: its pixels lie otherwise.
	Turned bool
	// Profile tells that a JPEG has an embedded ICC profile other than that of
	// sRGB. It is not applied: values are taken for sRGB, and colours of a wider
	// space look paler than they were.
	Profile bool
}

// Decode reads one JPEG or PNG picture. Its error wraps ErrEmpty, ErrFormat,
// ErrDamaged or ErrTooLarge, or is the reader's own. The size is taken from the
// header and refused before memory is asked for pixels. A JPEG's Exif orientation
// is applied, so that the picture is upright and points and sizes are those of the
// upright one. An embedded ICC profile is not applied.
func Decode(r io.Reader) (Picture, error) {
	source := &failing{r: r}
	p, err := decode(bufio.NewReader(source))
	if source.err != nil {
		return Picture{}, fmt.Errorf("read picture: %w", source.err)
	}
	if err != nil {
		return Picture{}, fmt.Errorf("decode picture: %w", err)
	}
	return p, nil
}

func decode(r *bufio.Reader) (Picture, error) {
	f, err := sniff(r)
	if err != nil {
		return Picture{}, err
	}
	var header bytes.Buffer
	config, err := f.config(io.TeeReader(io.LimitReader(r, maxHeader), &header))
	if err != nil {
		return Picture{}, damaged(err)
	}
	if err := checkSize(config.Width, config.Height); err != nil {
		return Picture{}, err
	}
	said := remarks{orientation: upright}
	if f.remarks != nil {
		said = f.remarks(header.Bytes())
	}
	img, err := f.pixels(io.MultiReader(&header, r))
	if err != nil {
		return Picture{}, damaged(err)
	}
	return Picture{
		Image: turn(img, said.orientation), ColourSpace: colourSpace(img),
		Turned: said.orientation != upright, Profile: said.profile,
	}, nil
}

// format is a pair of decoders; they are named here and not looked up in the
// registry of package image, which any import may extend. remarks, which may be
// nil, reads what else the header says.
type format struct {
	config  func(io.Reader) (image.Config, error)
	pixels  func(io.Reader) (image.Image, error)
	remarks func(header []byte) remarks
}

func sniff(r *bufio.Reader) (format, error) {
	magic, err := r.Peek(8)
	switch {
	case len(magic) == 0 && errors.Is(err, io.EOF):
		return format{}, ErrEmpty
	case bytes.HasPrefix(magic, []byte("\xff\xd8")):
		return format{jpeg.DecodeConfig, jpeg.Decode, readRemarks}, nil
	case bytes.HasPrefix(magic, []byte("\x89PNG\r\n\x1a\n")):
		return format{config: png.DecodeConfig, pixels: png.Decode}, nil
	}
	return format{}, ErrFormat
}

func checkSize(width, height int) error {
	if width <= 0 || height <= 0 {
		return fmt.Errorf("%w: %d x %d pixels", ErrDamaged, width, height)
	}
	if n := float64(width) * float64(height); n > MaxMegapixels*1e6 {
		return fmt.Errorf("%w: %.1f megapixels, at most %d are taken", ErrTooLarge, n/1e6, MaxMegapixels)
	}
	return nil
}

// damaged keeps the decoder's words, which name the broken part of the file,
// and tells a coding that we do not read (12 bits, arithmetic) from damage.
func damaged(err error) error {
	if e, ok := errors.AsType[jpeg.UnsupportedError](err); ok {
		return fmt.Errorf("%w that is read here: %w", ErrFormat, e)
	}
	if e, ok := errors.AsType[png.UnsupportedError](err); ok {
		return fmt.Errorf("%w that is read here: %w", ErrFormat, e)
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

// failing remembers an error of the reader, so that a broken disk or
// connection is not reported as a damaged picture.
type failing struct {
	r   io.Reader
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}
