// SPDX-License-Identifier: EUPL-1.2

package record

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// ErrRange is within every error about a value that its field cannot hold.
var ErrRange = errors.New("out of range")

// FacialRecord is a record of ISO/IEC 19794-5:2005 with one face. Its zero values
// say "unspecified". What describes the person (gender, colours of eyes and hair,
// glasses, beard) and the angles of the head are always written as unspecified:
// the station does not know them, and nobody needs them from it.
type FacialRecord struct {
	Image         []byte         // a baseline JPEG file, stored byte for byte (5.8)
	Expression    Expression     // 5.5.7
	FeaturePoints []FeaturePoint // 5.6; at most 65535, usually none
	FaceImageType FaceImageType  // 5.7.1
	SourceType    SourceType     // 5.7.6
	DeviceType    uint16         // 5.7.7; the maker's own number of the camera, 0 = unspecified
}

// Expression is the look on the face (ISO/IEC 19794-5:2005, 5.5.7).
type Expression uint16

// The expressions that a station tells apart.
const (
	ExpressionUnspecified Expression = 0
	ExpressionNeutral     Expression = 1
)

// FaceImageType says which demands the picture meets (ISO/IEC 19794-5:2005, 5.7.1).
type FaceImageType uint8

// The face image types. A passport photo is full frontal (clause 8).
const (
	Basic FaceImageType = iota
	FullFrontal
	TokenFrontal
)

// SourceType says what made the picture. The codes of ISO/IEC 19794-5:2005, 5.7.6,
// and of captureDeviceTechnologyId2D in ISO/IEC 39794-5 are the same.
type SourceType uint8

// The source types.
const (
	UnspecifiedSource SourceType = iota
	UnknownPhotograph
	DigitalStillCamera
	Scanner
	UnknownVideo
	AnalogueVideo
	DigitalVideo
)

// FeaturePoint is a point of the face by its MPEG-4 name, such as 12.1 for the
// centre of the left eye (ISO/IEC 19794-5:2005, 5.6; ISO/IEC 14496-2, annex C).
type FeaturePoint struct {
	Major, Minor uint8  // 1..15
	X, Y         uint16 // pixels, (0, 0) = the upper left one; inside the picture
}

// Lengths in bytes of a facial record's parts (ISO/IEC 19794-5:2005, 5.4 to 5.7).
const (
	headerLength            = 14
	facialInformationLength = 20
	featurePointLength      = 8
	imageInformationLength  = 12
)

// MarshalBinary gives the record's bytes.
func (r FacialRecord) MarshalBinary() ([]byte, error) {
	p, err := look(r.Image)
	if err == nil {
		err = r.check(p)
	}
	if err != nil {
		return nil, fmt.Errorf("face record: %w", err)
	}
	total, _ := r.length(len(r.Image))
	b := make([]byte, 0, total)
	b = append(b, "FAC\x00010\x00"...)
	b = binary.BigEndian.AppendUint32(b, total)
	b = binary.BigEndian.AppendUint16(b, 1) // faces

	b = binary.BigEndian.AppendUint32(b, total-headerLength)
	b = binary.BigEndian.AppendUint16(b, uint16(len(r.FeaturePoints)))
	b = append(b, 0, 0, 0) // gender, eye colour, hair colour
	b = append(b, 0, 0, 0) // feature mask
	b = binary.BigEndian.AppendUint16(b, uint16(r.Expression))
	b = append(b, 0, 0, 0, 0, 0, 0) // yaw, pitch, roll, and how far each may be wrong
	for _, f := range r.FeaturePoints {
		const mpeg4 = 1
		b = append(b, mpeg4, f.Major<<4|f.Minor)
		b = binary.BigEndian.AppendUint16(b, f.X)
		b = binary.BigEndian.AppendUint16(b, f.Y)
		b = append(b, 0, 0)
	}
	return append(r.imageInformation(b, p), r.Image...), nil
}

func (r FacialRecord) imageInformation(b []byte, p picture) []byte {
	const (
		jpeg        = 0
		rgb24, grey = 1, 3
		unspecified = 0
	)
	b = append(b, byte(r.FaceImageType), jpeg)
	b = binary.BigEndian.AppendUint16(b, uint16(p.width))
	b = binary.BigEndian.AppendUint16(b, uint16(p.height))
	if p.grey {
		b = append(b, grey)
	} else {
		b = append(b, rgb24)
	}
	b = append(b, byte(r.SourceType))
	b = binary.BigEndian.AppendUint16(b, r.DeviceType)
	return binary.BigEndian.AppendUint16(b, unspecified) // quality: this edition has no scale for it
}

// length is the whole record's, for a picture of so many bytes.
func (r FacialRecord) length(image int) (uint32, error) {
	n := headerLength + facialInformationLength + imageInformationLength + featurePointLength*uint64(len(r.FeaturePoints)) + uint64(image)
	if n > math.MaxUint32 {
		return 0, fmt.Errorf("length %d: %w", n, ErrRange)
	}
	return uint32(n), nil
}

func (r FacialRecord) check(p picture) error {
	if _, err := r.length(len(r.Image)); err != nil {
		return err
	}
	if n := len(r.FeaturePoints); n > math.MaxUint16 {
		return fmt.Errorf("%d feature points: %w", n, ErrRange)
	}
	for i, f := range r.FeaturePoints {
		if f.Major < 1 || f.Major > 15 || f.Minor < 1 || f.Minor > 15 {
			return fmt.Errorf("feature point %d named %d.%d: %w", i, f.Major, f.Minor, ErrRange)
		}
		if int(f.X) >= p.width || int(f.Y) >= p.height {
			return fmt.Errorf("feature point %d outside the picture: %w", i, ErrRange)
		}
	}
	switch {
	case r.Expression > ExpressionNeutral:
		return fmt.Errorf("expression %d: %w", r.Expression, ErrRange)
	case r.FaceImageType > TokenFrontal:
		return fmt.Errorf("face image type %d: %w", r.FaceImageType, ErrRange)
	case r.SourceType > DigitalVideo:
		return fmt.Errorf("source type %d: %w", r.SourceType, ErrRange)
	}
	return nil
}
