// SPDX-License-Identifier: EUPL-1.2

package booth

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"time"
)

// The file: a line that names form and version, a line of JSON, the cells of each
// lamp (R, G, B, noise: 16 bits each, big-endian, 65535 = 1), SHA-256 of all that.
const (
	magic    = "fotobox empty scene 1\n"
	layers   = 4
	mostLamp = 8
	mostHead = 4096
	mostFile = len(magic) + mostHead + mostLamp*layers*2*cells + sha256.Size
)

// ErrVersion says that the file is of another version of the program.
var ErrVersion = errors.New("the stored empty scene is of another version")

// ErrDamaged says that the file is not as it was written.
var ErrDamaged = errors.New("the stored empty scene is damaged")

type header struct {
	Taken   time.Time        `json:"taken"`
	Camera  string           `json:"camera"`
	Columns int              `json:"columns"`
	Rows    int              `json:"rows"`
	Lamps   []string         `json:"lamps"`
	Gains   *[3]float64      `json:"grey_gains,omitempty"`
	Card    *image.Rectangle `json:"grey_card,omitempty"`
}

// Bytes is the scene as it is stored; Parse is the inverse.
func (s *Scene) Bytes() ([]byte, error) {
	h := header{Taken: s.Taken.UTC().Truncate(time.Second), Camera: s.Camera, Columns: Columns, Rows: Rows}
	for _, l := range s.Lamps {
		h.Lamps = append(h.Lamps, l.Name)
	}
	if s.Grey != nil {
		h.Gains, h.Card = &s.Grey.Gains, &s.Grey.Card
	}
	line, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("code empty scene: %w", err)
	}
	if len(line) >= mostHead || len(s.Lamps) < 1 || len(s.Lamps) > mostLamp {
		return nil, fmt.Errorf("code empty scene: %d lamps and a head of %d bytes", len(s.Lamps), len(line))
	}
	b := append(append([]byte(magic), line...), '\n')
	for _, l := range s.Lamps {
		for _, layer := range l.layers() {
			for _, v := range layer {
				b = binary.BigEndian.AppendUint16(b, uint16(math.Round(float64(min(max(v, 0), 1))*math.MaxUint16)))
			}
		}
	}
	sum := sha256.Sum256(b)
	return append(b, sum[:]...), nil
}

func (l *Lamp) layers() [layers][]float32 {
	return [layers][]float32{l.Mean[0], l.Mean[1], l.Mean[2], l.Noise}
}

// Read reads a stored scene. The error is ErrVersion or ErrDamaged, or the reader's.
func Read(r io.Reader) (*Scene, error) {
	b, err := io.ReadAll(io.LimitReader(r, int64(mostFile)+1))
	if err != nil {
		return nil, fmt.Errorf("read empty scene: %w", err)
	}
	return Parse(b)
}

// Parse reads a stored scene from its bytes. The error is ErrVersion or ErrDamaged.
func Parse(b []byte) (*Scene, error) {
	name, _, _ := bytes.Cut([]byte(magic), []byte("1\n"))
	switch {
	case !bytes.HasPrefix(b, name):
		return nil, fmt.Errorf("%w: it does not begin as one", ErrDamaged)
	case !bytes.HasPrefix(b, []byte(magic)):
		return nil, ErrVersion
	case len(b) < len(magic)+sha256.Size || len(b) > mostFile:
		return nil, fmt.Errorf("%w: %d bytes", ErrDamaged, len(b))
	}
	b, sum := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	if is := sha256.Sum256(b); !bytes.Equal(is[:], sum) {
		return nil, fmt.Errorf("%w: its checksum differs", ErrDamaged)
	}
	line, rest, ok := bytes.Cut(b[len(magic):], []byte("\n"))
	if !ok {
		return nil, fmt.Errorf("%w: no head", ErrDamaged)
	}
	h, err := parseHeader(line, len(rest))
	if err != nil {
		return nil, err
	}
	return h.scene(rest), nil
}

// parseHeader reads the line of JSON, behind which rest bytes of cells stand.
func parseHeader(line []byte, rest int) (header, error) {
	var h header
	if err := json.Unmarshal(line, &h); err != nil {
		return h, fmt.Errorf("%w: its head cannot be read", ErrDamaged)
	}
	n := len(h.Lamps)
	if h.Columns != Columns || h.Rows != Rows || n < 1 || n > mostLamp || rest != n*layers*2*cells {
		return h, fmt.Errorf("%w: its size does not fit its head", ErrDamaged)
	}
	if h.Gains == nil || h.Card == nil {
		h.Gains, h.Card = nil, nil
		return h, nil
	}
	for _, g := range h.Gains {
		if !(g > 1/(2*cardColour) && g < 2*cardColour) {
			return h, fmt.Errorf("%w: its white balance cannot be", ErrDamaged)
		}
	}
	return h, nil
}

// scene takes the cells, of which there are enough.
func (h header) scene(rest []byte) *Scene {
	s := &Scene{Taken: h.Taken, Camera: h.Camera}
	for _, name := range h.Lamps {
		l := Lamp{Name: name, Mean: newGrid().c, Noise: make([]float32, cells)}
		for _, layer := range l.layers() {
			for o := range layer {
				layer[o] = float32(binary.BigEndian.Uint16(rest)) / math.MaxUint16
				rest = rest[2:]
			}
		}
		s.Lamps = append(s.Lamps, l)
	}
	if h.Gains != nil {
		s.Grey = &Grey{Gains: *h.Gains, Card: *h.Card}
	}
	return s
}
