// SPDX-License-Identifier: EUPL-1.2

package record

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image/color"
	"image/jpeg"
	"time"
)

// The readers below know the structures only and share no code with the writers.
// They are strict: exact lengths, known values, fields in order, nothing unknown.

// size is what the JPEG file says, for comparison with what the record says.
func size(file []byte) (w, h int, grey bool, err error) {
	c, err := jpeg.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return 0, 0, false, err
	}
	if !bytes.HasSuffix(file, []byte{0xff, 0xd9}) {
		return 0, 0, false, errors.New("no end of image")
	}
	return c.Width, c.Height, c.ColorModel == color.GrayModel, nil
}

// readFacialRecord reads ISO/IEC 19794-5:2005.
func readFacialRecord(b []byte) (r FacialRecord, err error) {
	var h struct {
		Format, Version [4]byte
		Length          uint32
		Faces           uint16

		Block        uint32
		Points       uint16
		Person       [6]byte
		Expression   uint16
		PoseAndDoubt [6]byte
	}
	in := bytes.NewReader(b)
	if err := binary.Read(in, binary.BigEndian, &h); err != nil {
		return r, err
	}
	switch {
	case string(h.Format[:]) != "FAC\x00" || string(h.Version[:]) != "010\x00":
		return r, errors.New("another format")
	case uint64(h.Length) != uint64(len(b)) || h.Faces != 1 || h.Block != h.Length-14:
		return r, errors.New("wrong length")
	case h.Person != [6]byte{} || h.PoseAndDoubt != [6]byte{}:
		return r, errors.New("tells something about the person")
	case h.Expression > 1:
		return r, errors.New("unknown expression")
	case in.Len() < 8*int(h.Points)+12:
		return r, errors.New("wrong number of points")
	}
	r.Expression = Expression(h.Expression)
	for range h.Points {
		var p struct {
			Kind, Name     uint8
			X, Y, Reserved uint16
		}
		if err := binary.Read(in, binary.BigEndian, &p); err != nil {
			return r, err
		}
		if p.Kind != 1 || p.Reserved != 0 || p.Name&15 == 0 || p.Name>>4 == 0 {
			return r, errors.New("unknown kind of point")
		}
		r.FeaturePoints = append(r.FeaturePoints, FeaturePoint{p.Name >> 4, p.Name & 15, p.X, p.Y})
	}
	return r, readImageInformation(in, &r)
}

func readImageInformation(in *bytes.Reader, r *FacialRecord) error {
	var i struct {
		Kind, Data      uint8
		Width, Height   uint16
		Colour, Source  uint8
		Device, Quality uint16
	}
	if err := binary.Read(in, binary.BigEndian, &i); err != nil {
		return err
	}
	r.FaceImageType, r.SourceType, r.DeviceType = FaceImageType(i.Kind), SourceType(i.Source), i.Device
	r.Image = make([]byte, in.Len())
	if _, err := in.Read(r.Image); err != nil {
		return err
	}
	w, h, grey, err := size(r.Image)
	switch {
	case err != nil:
		return err
	case i.Kind > 2 || i.Data != 0 || i.Source > 6 || i.Quality != 0:
		return errors.New("unknown value")
	case int(i.Width) != w || int(i.Height) != h || i.Colour != map[bool]uint8{true: 3, false: 1}[grey]:
		return errors.New("the picture is another one")
	}
	for _, p := range r.FeaturePoints {
		if p.X >= i.Width || p.Y >= i.Height {
			return errors.New("point outside the picture")
		}
	}
	return nil
}

// next splits the first data object from b: tag, content, what follows.
func next(b []byte) (tag uint16, content, rest []byte, err error) {
	bad := errors.New("no proper data object")
	if len(b) < 2 {
		return 0, nil, nil, bad
	}
	tag, b = uint16(b[0]), b[1:]
	if tag&0x1f == 0x1f {
		if b[0] < 0x1f || b[0] > 0x7f {
			return 0, nil, nil, bad
		}
		tag, b = tag<<8|uint16(b[0]), b[1:]
	}
	if len(b) == 0 {
		return 0, nil, nil, bad
	}
	n := uint64(b[0])
	if b = b[1:]; n >= 0x80 {
		k := int(n & 0x7f)
		if k < 1 || k > 4 || len(b) < k {
			return 0, nil, nil, bad
		}
		n = 0
		for _, c := range b[:k] {
			n = n<<8 | uint64(c)
		}
		if n < 0x80 || n>>(8*(k-1)) == 0 { // not the shortest form
			return 0, nil, nil, bad
		}
		b = b[k:]
	}
	if n > uint64(len(b)) {
		return 0, nil, nil, bad
	}
	return tag, b[:n], b[n:], nil
}

// field is one data object that may or must follow.
type field struct {
	tag      uint16
	required bool
	read     func([]byte) error
}

func must(tag uint16, read func([]byte) error) field { return field{tag, true, read} }
func may(tag uint16, read func([]byte) error) field  { return field{tag, false, read} }

// sequence reads data objects in the order of the fields, and nothing else.
func sequence(b []byte, fields ...field) error {
	for _, f := range fields {
		var tag uint16
		var content, rest []byte
		if len(b) > 0 {
			var err error
			if tag, content, rest, err = next(b); err != nil {
				return err
			}
		}
		switch {
		case len(b) > 0 && tag == f.tag:
			if err := f.read(content); err != nil {
				return fmt.Errorf("%x: %w", tag, err)
			}
			b = rest
		case f.required:
			return fmt.Errorf("no %x", f.tag)
		}
	}
	if len(b) > 0 {
		return fmt.Errorf("%d bytes too many", len(b))
	}
	return nil
}

func nested(fields ...field) func([]byte) error {
	return func(b []byte) error { return sequence(b, fields...) }
}

func exactly(want ...byte) func([]byte) error {
	return func(b []byte) error {
		if !bytes.Equal(b, want) {
			return fmt.Errorf("%x, want %x", b, want)
		}
		return nil
	}
}

// number reads an INTEGER of a range in the fewest bytes.
func number[T ~int | ~uint8 | ~uint16](v *T, low, high int64) func([]byte) error {
	return func(b []byte) error {
		if len(b) == 0 || len(b) > 8 || b[0] >= 0x80 || len(b) > 1 && b[0] == 0 && b[1] < 0x80 {
			return errors.New("no proper number")
		}
		var n int64
		for _, c := range b {
			n = n<<8 | int64(c)
		}
		if n < low || n > high {
			return fmt.Errorf("number %d, want %d..%d", n, low, high)
		}
		*v = T(n)
		return nil
	}
}

// choice reads an enumerated CHOICE in extension form; the Go value is code+shift.
func choice[T ~uint8](v *T, low, high int64, shift T) func([]byte) error {
	return nested(must(0xa1, nested(must(0x80, func(b []byte) error {
		err := number(v, low, high)(b)
		*v += shift
		return err
	}))))
}

func readFaceImageData(b []byte) (r FaceImageDataBlock, err error) {
	err = sequence(b, must(0x65, nested(
		must(0xa0, nested(must(0x80, exactly(3)), must(0x81, exactly(0x07, 0xe3)))),
		must(0xa1, nested(must(0x30, nested(
			must(0x80, exactly(0)),
			must(0xa1, nested(must(0xa0, nested(must(0xa0, image2D(&r)))))),
			may(0xa2, moment(&r.CaptureDateTime)),
			may(0xa3, list(func(by RegistryID, s Score) { r.Quality = append(r.Quality, QualityBlock{by, s}) })),
			may(0xa4, func(b []byte) error {
				r.PAD = &PADDataBlock{}
				return attackDetection(r.PAD)(b)
			}),
		)))),
	)))
	return r, err
}

func image2D(r *FaceImageDataBlock) func([]byte) error {
	var w, h int
	var colour uint8
	positive := func(v *int) func([]byte) error { return number(v, 1, 1<<62) }
	fields := nested(
		must(0x80, func(b []byte) error { r.Image = bytes.Clone(b); return nil }),
		must(0xa1, nested(
			must(0xa0, nested(must(0x80, exactly(2)))),
			must(0xa1, exactly(0xa1, 3, 0x80, 1, 0)),
			may(0xa2, processing(&r.PostAcquisitionProcessing)),
			may(0xa3, choice(&r.LossyTransformationAttempts, 1, 3, 0)),
			may(0x84, number(&r.CameraToSubjectDistance, 1, 50000)),
			must(0xa7, nested(must(0x80, number(&w, 1, 65535)), must(0x81, number(&h, 1, 65535)))),
			may(0xa8, func(b []byte) error {
				m := &r.FaceMeasurements
				if len(b) == 0 {
					return errors.New("empty")
				}
				return sequence(b, may(0x80, positive(&m.HeadWidth)), may(0x81, positive(&m.InterEyeDistance)),
					may(0x82, positive(&m.EyeToMouthDistance)), may(0x83, positive(&m.HeadLength)))
			}),
			must(0xa9, choice(&colour, 2, 5, 0)),
		)),
		may(0xa2, nested(must(0xa1, choice(&r.CaptureDeviceTechnology, 1, 6, 0)))),
	)
	return func(b []byte) error {
		if err := fields(b); err != nil {
			return err
		}
		jw, jh, grey, err := size(r.Image)
		if err != nil {
			return err
		}
		if w != jw || h != jh || colour != map[bool]uint8{true: 5, false: 2}[grey] {
			return errors.New("the picture is another one")
		}
		return nil
	}
}

func processing(to **PostAcquisitionProcessing) func([]byte) error {
	return func(b []byte) error {
		p := &PostAcquisitionProcessing{}
		*to = p
		var fields []field
		for i, v := range []*bool{&p.Rotated, &p.Cropped, &p.DownSampled, &p.WhiteBalanceAdjusted, &p.MultiplyCompressed, &p.Interpolated,
			&p.ContrastStretched, &p.PoseCorrected, &p.MultiViewImage, &p.AgeProgressed, &p.SuperResolutionProcessed, &p.Normalised} {
			fields = append(fields, must(0x80+uint16(i), func(b []byte) error {
				*v = len(b) == 1 && b[0] == 0xff
				if !*v {
					return exactly(0)(b)
				}
				return nil
			}))
		}
		return sequence(b, fields...)
	}
}

func moment(t *time.Time) func([]byte) error {
	return func(b []byte) error {
		var year, month, day, hour, minute, second, ms int
		err := sequence(b, must(0x80, number(&year, 0, 9999)), must(0x81, number(&month, 1, 12)), must(0x82, number(&day, 1, 31)), must(0x83, number(&hour, 0, 23)),
			must(0x84, number(&minute, 0, 59)), must(0x85, number(&second, 0, 59)), must(0x86, number(&ms, 0, 999)))
		if err != nil {
			return err
		}
		*t = time.Date(year, time.Month(month), day, hour, minute, second, ms*1e6, time.UTC)
		if t.Day() != day || t.IsZero() {
			return errors.New("no such day")
		}
		return nil
	}
}

// list reads quality blocks or PAD score blocks.
func list(found func(RegistryID, Score)) func([]byte) error {
	return func(b []byte) error {
		for first := true; first || len(b) > 0; first = false {
			var by RegistryID
			var score Score
			tag, content, rest, err := next(b)
			if err != nil || tag != 0x30 {
				return errors.Join(err, errors.New("no block"))
			}
			err = sequence(content,
				must(0xa0, nested(must(0x80, number(&by.Organization, 1, 65535)), must(0x81, number(&by.ID, 1, 65535)))),
				must(0xa1, func(b []byte) error {
					if bytes.Equal(b, []byte{0xa1, 5, 0xa1, 3, 0x80, 1, 0}) {
						score = FailureToAssess
						return nil
					}
					return sequence(b, must(0x80, number(&score, 0, 100)))
				}))
			if err != nil {
				return err
			}
			found(by, score)
			b = rest
		}
		return nil
	}
}

func attackDetection(p *PADDataBlock) func([]byte) error {
	return nested(
		may(0xa0, choice(&p.Decision, 0, 2, 1)),
		may(0xa1, list(func(by RegistryID, s Score) { p.Scores = append(p.Scores, PADScoreBlock{by, s}) })),
		may(0xa3, choice(&p.CaptureContext, 0, 2, 1)),
		may(0xa4, choice(&p.SupervisionLevel, 1, 4, 0)),
		may(0x85, func(b []byte) error {
			p.RiskLevel = new(Score)
			return number(p.RiskLevel, 0, 100)(b)
		}),
		may(0xa9, moment(&p.CaptureDateTime)),
	)
}

// readDG2 unwraps a record and gives the format type and the data.
func readDG2(b []byte) (format byte, data []byte, err error) {
	keep := func(to *[]byte) func([]byte) error {
		return func(b []byte) error { *to = b; return nil }
	}
	var old, new []byte
	err = sequence(b, must(0x75, nested(must(0x7f61, nested(
		must(0x02, exactly(1)),
		must(0x7f60, nested(
			must(0xa1, nested(
				must(0x80, exactly(1, 1)), must(0x81, exactly(2)), must(0x82, exactly(0)), must(0x87, exactly(1, 1)),
				must(0x88, func(b []byte) error {
					if len(b) != 2 || b[0] != 0 {
						return errors.New("unknown format type")
					}
					format = b[1]
					return nil
				}))),
			may(0x5f2e, keep(&old)),
			may(0x7f2e, nested(must(0xa1, keep(&new)))),
		)),
	)))))
	switch {
	case err != nil:
		return 0, nil, err
	case format == 8 && new == nil && old != nil:
		return format, old, nil
	case format == 42 && old == nil && new != nil:
		return format, new, nil
	}
	return 0, nil, errors.New("format type and data do not belong together")
}
