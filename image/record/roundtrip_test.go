// SPDX-License-Identifier: EUPL-1.2

package record

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// grown is the tiny JPEG file with a comment that brings it to n bytes and more.
func grown(n int) []byte {
	file := spelled(tiny)
	for len(file) < n {
		k := min(n-len(file), 60000)
		file = slices.Insert(file, 2, append([]byte{0xff, 0xfe, byte((k + 2) >> 8), byte(k + 2)}, bytes.Repeat([]byte{0xff}, k)...)...)
	}
	return file
}

func drawFacialRecord(t *rapid.T) FacialRecord {
	point := rapid.Custom(func(t *rapid.T) FeaturePoint {
		name := rapid.Uint8Range(1, 15)
		return FeaturePoint{name.Draw(t, "major"), name.Draw(t, "minor"), rapid.Uint16Range(0, 1).Draw(t, "x"), 0}
	})
	r := FacialRecord{
		Image:         grown(rapid.IntRange(0, 70000).Draw(t, "size")),
		Expression:    Expression(rapid.IntRange(0, 1).Draw(t, "expression")),
		FaceImageType: FaceImageType(rapid.IntRange(0, 2).Draw(t, "type")),
		SourceType:    SourceType(rapid.IntRange(0, 6).Draw(t, "source")),
		DeviceType:    rapid.Uint16().Draw(t, "device"),
	}
	if points := rapid.SliceOfN(point, 0, 40).Draw(t, "points"); len(points) > 0 {
		r.FeaturePoints = points
	}
	return r
}

func TestFacialRecordRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawFacialRecord(t)
		file, err := want.DG2()
		if err != nil {
			t.Fatal(err)
		}
		format, data, err := readDG2(file)
		if err != nil || format != 8 {
			t.Fatal(format, err)
		}
		got, err := readFacialRecord(data)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatalf("%v (-want +got):\n%s", err, diff)
		}
	})
}

var (
	drawnID = rapid.Custom(func(t *rapid.T) RegistryID {
		n := rapid.Uint16Range(1, 65535)
		return RegistryID{n.Draw(t, "organization"), n.Draw(t, "id")}
	})
	drawnTime = rapid.Custom(func(t *rapid.T) time.Time {
		return time.UnixMilli(rapid.Int64Range(0, 253402300799999).Draw(t, "ms")).UTC()
	})
	drawnScore = rapid.Map(rapid.IntRange(-1, 100), func(n int) Score { return Score(n) })
)

func drawPAD(t *rapid.T) *PADDataBlock {
	p := &PADDataBlock{
		Decision:         PADDecision(rapid.IntRange(0, 3).Draw(t, "decision")),
		CaptureContext:   PADCaptureContext(rapid.IntRange(0, 3).Draw(t, "context")),
		SupervisionLevel: PADSupervisionLevel(rapid.IntRange(0, 4).Draw(t, "supervision")),
	}
	for range rapid.IntRange(0, 3).Draw(t, "scores") {
		p.Scores = append(p.Scores, PADScoreBlock{drawnID.Draw(t, "mechanism"), drawnScore.Draw(t, "score")})
	}
	if rapid.Bool().Draw(t, "with risk") {
		p.RiskLevel = new(Score(rapid.IntRange(0, 100).Draw(t, "risk")))
	}
	if rapid.Bool().Draw(t, "with time") {
		p.CaptureDateTime = drawnTime.Draw(t, "time")
	}
	return p
}

func drawFaceImageData(t *rapid.T) FaceImageDataBlock {
	pixels := rapid.IntRange(0, math.MaxInt32)
	b := FaceImageDataBlock{
		Image:                       grown(rapid.IntRange(0, 70000).Draw(t, "size")),
		LossyTransformationAttempts: LossyTransformationAttempts(rapid.IntRange(0, 3).Draw(t, "lossy")),
		CameraToSubjectDistance:     rapid.IntRange(0, 50000).Draw(t, "distance"),
		CaptureDeviceTechnology:     SourceType(rapid.IntRange(0, 6).Draw(t, "source")),
		FaceMeasurements:            ImageFaceMeasurements{pixels.Draw(t, "width"), pixels.Draw(t, "eyes"), pixels.Draw(t, "mouth"), pixels.Draw(t, "length")},
	}
	if rapid.Bool().Draw(t, "with time") {
		b.CaptureDateTime = drawnTime.Draw(t, "time")
	}
	for range rapid.IntRange(0, 3).Draw(t, "quality") {
		b.Quality = append(b.Quality, QualityBlock{drawnID.Draw(t, "algorithm"), drawnScore.Draw(t, "score")})
	}
	if rapid.Bool().Draw(t, "with processing") {
		b.PostAcquisitionProcessing = &PostAcquisitionProcessing{}
		for _, f := range b.PostAcquisitionProcessing.flags() {
			*f = rapid.Bool().Draw(t, "flag")
		}
	}
	if rapid.Bool().Draw(t, "with PAD") {
		b.PAD = drawPAD(t)
	}
	return b
}

func TestFaceImageDataRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawFaceImageData(t)
		file, err := want.DG2()
		if err != nil {
			t.Fatal(err)
		}
		format, data, err := readDG2(file)
		if err != nil || format != 42 {
			t.Fatal(format, err)
		}
		got, err := readFaceImageData(data)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatalf("%v (-want +got):\n%s", err, diff)
		}
	})
}

// TestPortraitInRecords: a file of ours goes into both records as it is.
func TestPortraitInRecords(t *testing.T) {
	file := code(t, scene(1244, 1600))
	for name, dg2 := range map[string]func() ([]byte, error){
		"19794": FacialRecord{Image: file}.DG2,
		"39794": FaceImageDataBlock{Image: file}.DG2,
	} {
		b, err := dg2()
		if err != nil {
			t.Fatal(name, err)
		}
		format, data, err := readDG2(b)
		if err != nil {
			t.Fatal(name, err)
		}
		var got []byte
		if format == 8 {
			var r FacialRecord
			r, err = readFacialRecord(data)
			got = r.Image
		} else {
			var r FaceImageDataBlock
			r, err = readFaceImageData(data)
			got = r.Image
		}
		if err != nil || !bytes.Equal(got, file) {
			t.Errorf("%s: %v, or another picture", name, err)
		}
	}
}

func TestOutOfRange(t *testing.T) {
	ok := spelled(tiny)
	id, none := RegistryID{1, 1}, RegistryID{}
	late := time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	for i, r := range []interface{ DG2() ([]byte, error) }{
		FacialRecord{Image: ok, Expression: 2},
		FacialRecord{Image: ok, FaceImageType: 3},
		FacialRecord{Image: ok, SourceType: 7},
		FacialRecord{Image: ok, FeaturePoints: make([]FeaturePoint, 65536)},
		FacialRecord{Image: ok, FeaturePoints: []FeaturePoint{{0, 1, 0, 0}}},
		FacialRecord{Image: ok, FeaturePoints: []FeaturePoint{{1, 16, 0, 0}}},
		FacialRecord{Image: ok, FeaturePoints: []FeaturePoint{{1, 1, 2, 0}}},
		FacialRecord{Image: ok, FeaturePoints: []FeaturePoint{{1, 1, 0, 1}}},
		FaceImageDataBlock{Image: ok, CaptureDateTime: late},
		FaceImageDataBlock{Image: ok, CaptureDateTime: time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)},
		FaceImageDataBlock{Image: ok, Quality: []QualityBlock{{none, 1}}},
		FaceImageDataBlock{Image: ok, Quality: []QualityBlock{{id, 101}}},
		FaceImageDataBlock{Image: ok, Quality: slices.Repeat([]QualityBlock{{id, 1}}, 1001)},
		FaceImageDataBlock{Image: ok, LossyTransformationAttempts: 4},
		FaceImageDataBlock{Image: ok, CameraToSubjectDistance: 50001},
		FaceImageDataBlock{Image: ok, CameraToSubjectDistance: -1},
		FaceImageDataBlock{Image: ok, FaceMeasurements: ImageFaceMeasurements{HeadLength: -1}},
		FaceImageDataBlock{Image: ok, CaptureDeviceTechnology: 7},
		FaceImageDataBlock{Image: ok, PAD: &PADDataBlock{Decision: 4}},
		FaceImageDataBlock{Image: ok, PAD: &PADDataBlock{CaptureContext: 4}},
		FaceImageDataBlock{Image: ok, PAD: &PADDataBlock{SupervisionLevel: 5}},
		FaceImageDataBlock{Image: ok, PAD: &PADDataBlock{RiskLevel: new(Score(101))}},
		FaceImageDataBlock{Image: ok, PAD: &PADDataBlock{RiskLevel: new(FailureToAssess)}},
		FaceImageDataBlock{Image: ok, PAD: &PADDataBlock{Scores: []PADScoreBlock{{id, -2}}}},
		FaceImageDataBlock{Image: ok, PAD: &PADDataBlock{Scores: slices.Repeat([]PADScoreBlock{{id, 1}}, 1001)}},
		FaceImageDataBlock{Image: ok, PAD: &PADDataBlock{CaptureDateTime: late}},
	} {
		if _, err := r.DG2(); !errors.Is(err, ErrRange) {
			t.Errorf("case %d: got %v, want an error about the range", i, err)
		}
	}
	if _, err := (FacialRecord{}).length(math.MaxUint32 - 45); !errors.Is(err, ErrRange) {
		t.Errorf("a record of 2^32 bytes: %v", err)
	}
	if n, err := (FacialRecord{}).length(math.MaxUint32 - 46); n != math.MaxUint32 || err != nil {
		t.Errorf("the longest record: %d, %v", n, err)
	}
}

func TestNoSuchPicture(t *testing.T) {
	change := func(at int, to byte) []byte {
		file := spelled(tiny)
		file[at] = to
		return file
	}
	ok := spelled(tiny)
	for name, file := range map[string][]byte{
		"nothing":         nil,
		"start only":      ok[:2],
		"no scan":         ok[:15],
		"cut off":         ok[:26],
		"bytes behind it": append(slices.Clone(ok), 0),
		"progressive":     change(3, 0xc2),
		"12 bits":         change(6, 12),
		"no height":       change(8, 0),
		"no width":        change(10, 0),
		"two components":  change(11, 2),
		"short segment":   change(5, 1),
		"CMYK":            cmyk(),
		"PNG":             []byte("\x89PNG\r\n\x1a\n and more"),
	} {
		for _, r := range []interface{ DG2() ([]byte, error) }{FacialRecord{Image: file}, FaceImageDataBlock{Image: file}} {
			if b, err := r.DG2(); err == nil {
				t.Errorf("%s: %T holds %x", name, r, b)
			}
		}
	}
}

// cmyk is the frame of four components.
func cmyk() []byte {
	return spelled(`FFD8 FFC0 0014 08 0001 0002 04 01 11 00 02 11 00 03 11 00 04 11 00 FFDA 0008 01 01 00 00 3F 00 FFD9`)
}

func ExampleFaceImageDataBlock() {
	var file bytes.Buffer
	taken := time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)
	if err := JPEG(&file, image.NewNRGBA(image.Rect(0, 0, 1244, 1600)), taken); err != nil {
		fmt.Println(err)
	}
	b, err := FaceImageDataBlock{
		Image:                       file.Bytes(),
		CaptureDateTime:             taken,
		PostAcquisitionProcessing:   &PostAcquisitionProcessing{Rotated: true, Cropped: true, DownSampled: true},
		LossyTransformationAttempts: OneLossy,
		CaptureDeviceTechnology:     DigitalStillCamera,
		PAD:                         &PADDataBlock{Decision: PADFailureToAssess, CaptureContext: Enrolment, SupervisionLevel: Unattended},
	}.DG2()
	fmt.Printf("%x %v\n", b[:1], err)
	// Output: 75 <nil>
}
