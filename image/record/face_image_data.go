// SPDX-License-Identifier: EUPL-1.2

package record

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// FaceImageDataBlock is a record of ISO/IEC 39794-5:2019 with one two-dimensional
// picture, in the application profile that ICAO made for machine-readable travel
// documents. What is zero, nil or empty is unknown and left out.
type FaceImageDataBlock struct {
	Image           []byte         // a baseline JPEG file, stored byte for byte
	CaptureDateTime time.Time      // written in UTC, to the millisecond
	Quality         []QualityBlock // results of quality algorithms
	PAD             *PADDataBlock  // what the presentation attack detection found

	PostAcquisitionProcessing   *PostAcquisitionProcessing
	LossyTransformationAttempts LossyTransformationAttempts
	CameraToSubjectDistance     int // mm, 1..50000; 0 = unknown
	FaceMeasurements            ImageFaceMeasurements
	CaptureDeviceTechnology     SourceType
}

// PostAcquisitionProcessing says what was done to the picture since the sensor gave it.
type PostAcquisitionProcessing struct {
	Rotated, Cropped, DownSampled, WhiteBalanceAdjusted bool
	MultiplyCompressed, Interpolated, ContrastStretched bool
	PoseCorrected, MultiViewImage, AgeProgressed        bool
	SuperResolutionProcessed, Normalised                bool
}

// LossyTransformationAttempts counts the lossy steps in the picture's life.
type LossyTransformationAttempts uint8

// The counts.
const (
	UnknownLossy LossyTransformationAttempts = iota
	NoLossy
	OneLossy
	MoreLossy
)

// ImageFaceMeasurements are lengths in the picture, pixels; 0 = unknown.
type ImageFaceMeasurements struct {
	HeadWidth, InterEyeDistance, EyeToMouthDistance, HeadLength int
}

// Version of the standard that the records follow.
const (
	generation = 3
	year       = 2019
)

// MarshalBinary gives the record's bytes in DER.
func (b FaceImageDataBlock) MarshalBinary() ([]byte, error) {
	p, err := look(b.Image)
	if err == nil {
		err = b.check()
	}
	if err != nil {
		return nil, fmt.Errorf("face image data: %w", err)
	}
	representation := [][]byte{
		integer(0x80, 0), // representationId
		element(0xa1, element(0xa0, element(0xa0, b.image2D(p)...))),
	}
	if !b.CaptureDateTime.IsZero() {
		representation = append(representation, dateTime(0xa2, b.CaptureDateTime))
	}
	if len(b.Quality) > 0 {
		representation = append(representation, scores(0xa3, b.Quality))
	}
	if b.PAD != nil {
		representation = append(representation, b.PAD.encode(0xa4))
	}
	const application5 = 0x65
	return element(application5,
		element(0xa0, integer(0x80, generation), integer(0x81, year)),
		element(0xa1, element(0x30, representation...)),
	), nil
}

// image2D is the content of imageRepresentation2DBlock.
func (b FaceImageDataBlock) image2D(p picture) [][]byte {
	list := [][]byte{element(0x80, b.Image), element(0xa1, b.information(p)...)}
	if b.CaptureDeviceTechnology != UnspecifiedSource {
		list = append(list, element(0xa2, enumerated(0xa1, uint8(b.CaptureDeviceTechnology))))
	}
	return list
}

// information is the content of imageInformation2DBlock.
func (b FaceImageDataBlock) information(p picture) [][]byte {
	const jpeg, mrtd = 2, 0
	colourSpace := uint8(2) // rgb24Bit
	if p.grey {
		colourSpace = 5 // greyscale8Bit
	}
	list := [][]byte{
		element(0xa0, integer(0x80, jpeg)), // the one code in direct form
		enumerated(0xa1, mrtd),
	}
	if b.PostAcquisitionProcessing != nil {
		list = append(list, b.PostAcquisitionProcessing.encode(0xa2))
	}
	if b.LossyTransformationAttempts != UnknownLossy {
		list = append(list, enumerated(0xa3, uint8(b.LossyTransformationAttempts)))
	}
	if b.CameraToSubjectDistance != 0 {
		list = append(list, integer(0x84, uint(b.CameraToSubjectDistance)))
	}
	list = append(list, element(0xa7, integer(0x80, uint(p.width)), integer(0x81, uint(p.height))))
	if b.FaceMeasurements != (ImageFaceMeasurements{}) {
		list = append(list, b.FaceMeasurements.encode(0xa8))
	}
	return append(list, enumerated(0xa9, colourSpace))
}

// flags are in the order of their tags.
func (p *PostAcquisitionProcessing) flags() []*bool {
	return []*bool{
		&p.Rotated, &p.Cropped, &p.DownSampled, &p.WhiteBalanceAdjusted,
		&p.MultiplyCompressed, &p.Interpolated, &p.ContrastStretched, &p.PoseCorrected,
		&p.MultiViewImage, &p.AgeProgressed, &p.SuperResolutionProcessed, &p.Normalised,
	}
}

// encode writes false too: who fills this in knows all of it.
func (p *PostAcquisitionProcessing) encode(tag uint16) []byte {
	var list [][]byte
	for i, f := range p.flags() {
		list = append(list, boolean(0x80+byte(i), *f))
	}
	return element(tag, list...)
}

func (m ImageFaceMeasurements) encode(tag uint16) []byte {
	var list [][]byte
	for i, v := range m.list() {
		if v != 0 {
			list = append(list, integer(0x80+byte(i), uint(v)))
		}
	}
	return element(tag, list...)
}

// list is in the order of the tags.
func (m ImageFaceMeasurements) list() []int {
	return []int{m.HeadWidth, m.InterEyeDistance, m.EyeToMouthDistance, m.HeadLength}
}

// dateTime has all seven parts; the standard allows to leave out all but the year.
func dateTime(tag uint16, t time.Time) []byte {
	var list [][]byte
	t = t.UTC()
	for i, v := range []int{t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond() / int(time.Millisecond)} {
		list = append(list, integer(0x80+byte(i), uint(v)))
	}
	return element(tag, list...)
}

func (b FaceImageDataBlock) check() error {
	const farthest = 50000 // mm
	const rest = 1 << 20   // more than everything around the picture, so that no length passes 32 bits
	switch {
	case uint64(len(b.Image)) > math.MaxUint32-rest:
		return fmt.Errorf("length of the picture %d: %w", len(b.Image), ErrRange)
	case len(b.Quality) > most:
		return fmt.Errorf("%d quality blocks: %w", len(b.Quality), ErrRange)
	case b.LossyTransformationAttempts > MoreLossy:
		return fmt.Errorf("lossy transformation attempts %d: %w", b.LossyTransformationAttempts, ErrRange)
	case b.CameraToSubjectDistance < 0 || b.CameraToSubjectDistance > farthest:
		return fmt.Errorf("distance %d mm: %w", b.CameraToSubjectDistance, ErrRange)
	case slices.Min(b.FaceMeasurements.list()) < 0:
		return fmt.Errorf("face measurements %v: %w", b.FaceMeasurements.list(), ErrRange)
	case b.CaptureDeviceTechnology > DigitalVideo:
		return fmt.Errorf("capture device technology %d: %w", b.CaptureDeviceTechnology, ErrRange)
	}
	if err := checkTime(b.CaptureDateTime); err != nil {
		return err
	}
	for _, q := range b.Quality {
		if err := q.check(); err != nil {
			return fmt.Errorf("quality: %w", err)
		}
	}
	return b.PAD.check()
}

func checkTime(t time.Time) error {
	if y := t.UTC().Year(); y < 0 || y > 9999 {
		return fmt.Errorf("year %d: %w", y, ErrRange)
	}
	return nil
}
