// SPDX-License-Identifier: EUPL-1.2

package record

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"
)

// accepted reads data as any of the records, and fails when what was read would
// not be written with the same bytes: then a wrong length or value went through.
func accepted(t *testing.T, data []byte) bool {
	t.Helper()
	same := func(name string, write func() ([]byte, error)) bool {
		again, err := write()
		if errors.Is(err, ErrRange) {
			t.Errorf("%s: read from %x: %v", name, data, err)
		}
		if err != nil {
			return false // the picture: its reader here is the standard library, which takes more
		}
		if !bytes.Equal(again, data) {
			t.Errorf("%s: read\n%x\nis written\n%x", name, data, again)
		}
		return true
	}
	if r, err := readFacialRecord(data); err == nil {
		return same("19794", r.MarshalBinary)
	}
	if r, err := readFaceImageData(data); err == nil {
		return same("39794", r.MarshalBinary)
	}
	format, inner, err := readDG2(data)
	switch {
	case err != nil:
		return false
	case format == 8:
		if r, err := readFacialRecord(inner); err == nil {
			return same("19794 in DG2", r.DG2)
		}
	default:
		if r, err := readFaceImageData(inner); err == nil {
			return same("39794 in DG2", r.DG2)
		}
	}
	return false
}

// records are one of each kind, with everything in them.
func records(t testing.TB) (list [][]byte) {
	when := time.Date(2026, 3, 29, 12, 5, 9, 250e6, time.UTC)
	old := FacialRecord{Image: spelled(tiny), Expression: ExpressionNeutral, FaceImageType: FullFrontal, SourceType: DigitalStillCamera, FeaturePoints: []FeaturePoint{{12, 1, 1, 0}, {12, 2, 0, 0}}}
	young := FaceImageDataBlock{
		Image: spelled(tiny), CaptureDateTime: when, Quality: []QualityBlock{{RegistryID{OrganizationSC37, 1}, 90}, {RegistryID{OrganizationSC37, 2}, FailureToAssess}},
		PostAcquisitionProcessing: &PostAcquisitionProcessing{Cropped: true}, LossyTransformationAttempts: OneLossy, CameraToSubjectDistance: 800,
		FaceMeasurements: ImageFaceMeasurements{600, 320, 330, 1200}, CaptureDeviceTechnology: DigitalStillCamera,
		PAD: &PADDataBlock{Attack, []PADScoreBlock{{RegistryID{1, 5}, 72}}, Enrolment, Observed, new(Score(20)), when},
	}
	for _, write := range []func() ([]byte, error){old.MarshalBinary, old.DG2, young.MarshalBinary, young.DG2} {
		b, err := write()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, b)
	}
	return list
}

// TestDamage flips every bit, counts every byte up and down, cuts at every place,
// doubles and removes every byte, and puts bytes at the end.
func TestDamage(t *testing.T) {
	for _, whole := range records(t) {
		if !accepted(t, whole) {
			t.Fatalf("an undamaged record is refused: %x", whole)
		}
		for i := range whole {
			damaged := slices.Clone(whole)
			for _, v := range []byte{1, 2, 4, 8, 16, 32, 64, 128} {
				damaged[i] = whole[i] ^ v
				accepted(t, damaged)
			}
			for _, v := range []byte{1, 255} {
				damaged[i] = whole[i] + v
				accepted(t, damaged)
			}
			for what, b := range map[string][]byte{
				"cut": whole[:i], "one more": slices.Insert(slices.Clone(whole), i, whole[i]), "one less": slices.Delete(slices.Clone(whole), i, i+1),
			} {
				if accepted(t, b) {
					t.Errorf("%s at %d is accepted: %x", what, i, b)
				}
			}
		}
		for _, tail := range []string{"\x00", "\x05\x00", "\x8a\x00", "\xff\xd9"} {
			if accepted(t, append(slices.Clone(whole), tail...)) {
				t.Errorf("%x behind the record is accepted", tail)
			}
		}
	}
}

func FuzzReaders(f *testing.F) {
	for _, b := range records(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, data []byte) { accepted(t, data) })
}
