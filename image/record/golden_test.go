// SPDX-License-Identifier: EUPL-1.2

package record

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// spelled reads hexadecimal digits; what follows a bar is a remark.
func spelled(text string) []byte {
	var digits strings.Builder
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "|")
		digits.WriteString(strings.Join(strings.Fields(line), ""))
	}
	b, err := hex.DecodeString(digits.String())
	if err != nil {
		panic(err)
	}
	return b
}

// tiny is a frame of 2x1 grey pixels without a picture: 27 bytes.
const tiny = `
	FFD8
	FFC0 000B 08 0001 0002 01 01 11 00 | baseline, 8 bits, height, width, one component
	FFDA 0008 01 01 00 00 3F 00
	FFD9`

func TestGoldenFacialRecord(t *testing.T) {
	r := FacialRecord{
		Image: spelled(tiny), Expression: ExpressionNeutral, FaceImageType: FullFrontal, SourceType: DigitalStillCamera,
		DeviceType: 0x1234, FeaturePoints: []FeaturePoint{{12, 1, 1, 0}},
	}
	want := `
	75 71                       | data group 2
	 7F61 6E
	  02 01 01                  | one template
	  7F60 68
	   A1 12 80 02 0101 81 01 02 82 01 00 87 02 0101 88 02 0008
	   5F2E 51
	46414300 30313000 00000051 0001   | FAC 010, whole length, faces
	0000 0043 0001                    | length of the face, points
	00 00 00 000000 0001              | gender, eyes, hair, features, neutral
	00 00 00 00 00 00                 | pose
	01 C1 0001 0000 0000              | MPEG-4 12.1 at (1, 0)
	01 00 0002 0001 03 02 1234 0000   | full frontal, JPEG, width, height, grey, still camera, device, quality
	` + tiny
	got, err := r.DG2()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(hex.EncodeToString(spelled(want)), hex.EncodeToString(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestGoldenFaceImageData(t *testing.T) {
	when := time.Date(2026, 3, 29, 14, 5, 9, 250e6, time.FixedZone("CEST", 7200))
	b := FaceImageDataBlock{
		Image:                       spelled(tiny),
		CaptureDateTime:             when,
		Quality:                     []QualityBlock{{RegistryID{OrganizationSC37, 1}, 90}},
		LossyTransformationAttempts: OneLossy,
		CameraToSubjectDistance:     800,
		CaptureDeviceTechnology:     DigitalStillCamera,
		PAD: &PADDataBlock{
			Decision:         NoAttack,
			Scores:           []PADScoreBlock{{RegistryID{OrganizationSC37, 5}, 12}},
			CaptureContext:   Enrolment,
			SupervisionLevel: Unattended,
			RiskLevel:        new(Score(20)),
			CaptureDateTime:  when,
		},
	}
	const date = `80 02 07EA 81 01 03 82 01 1D 83 01 0C 84 01 05 85 01 09 86 02 00FA | 2026-03-29 12:05:09.250 UTC
	`
	want := `
	75 81 FF                                    | data group 2
	 7F61 81 FB
	  02 01 01
	  7F60 81 F4
	   A1 12 80 02 0101 81 01 02 82 01 00 87 02 0101 88 02 002A
	   7F2E 81 DC
	    A1 81 D9
	65 81 D6
	 A0 07 80 01 03 81 02 07E3                  | third generation, 2019
	 A1 81 CA
	  30 81 C7
	   80 01 00                                 | representation 0
	   A1 52 A0 50 A0 4E
	    80 1B ` + tiny + `
	    A1 26
	     A0 03 80 01 02                         | JPEG, in direct form
	     A1 05 A1 03 80 01 00                   | for a travel document
	     A3 05 A1 03 80 01 02                   | one lossy step
	     84 02 0320                             | 800 mm
	     A7 06 80 01 02 81 01 01                | width, height
	     A9 05 A1 03 80 01 05                   | grey
	    A2 07 A1 05 A1 03 80 01 02              | still camera
	   A2 17 ` + date + `
	   A3 10 30 0E A0 07 80 02 0101 81 01 01 A1 03 80 01 5A   | quality 90
	   A4 43
	    A0 05 A1 03 80 01 00                    | no attack
	    A1 10 30 0E A0 07 80 02 0101 81 01 05 A1 03 80 01 0C  | score 12
	    A3 05 A1 03 80 01 00                    | enrolment
	    A4 05 A1 03 80 01 04                    | unattended
	    85 01 14                                | risk 20
	    A9 17 ` + date
	got, err := b.DG2()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(hex.EncodeToString(spelled(want)), hex.EncodeToString(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestCodes spells out what the records above do not show.
func TestCodes(t *testing.T) {
	for want, got := range map[string][]byte{
		"84 01 00":                   integer(0x84, 0),
		"84 01 7F":                   integer(0x84, 127),
		"84 02 0080":                 integer(0x84, 128),
		"84 03 00C350":               integer(0x84, 50000),
		"84 03 00FFFF":               integer(0x84, 65535),
		"84 03 010000":               integer(0x84, 65536),
		"A1 07 A1 05 A1 03 80 01 00": FailureToAssess.encode(0xa1),
		"A1 03 80 01 64":             Score(100).encode(0xa1),
		"A2 06 80 01 07 83 01 09":    ImageFaceMeasurements{HeadWidth: 7, HeadLength: 9}.encode(0xa2),
		"A4 07 A0 05 A1 03 80 01 02": (&PADDataBlock{Decision: PADFailureToAssess}).encode(0xa4),
		"A4 07 A3 05 A1 03 80 01 02": (&PADDataBlock{CaptureContext: Identification}).encode(0xa4),
		"A4 07 A0 05 A1 03 80 01 01": (&PADDataBlock{Decision: Attack}).encode(0xa4),
		"A4 07 A4 05 A1 03 80 01 01": (&PADDataBlock{SupervisionLevel: Controlled}).encode(0xa4),
		"A2 24 80 01 FF 81 01 FF 82 01 FF 83 01 00 84 01 00 85 01 00 86 01 00 87 01 00 88 01 00 89 01 00 8A 01 00 8B 01 FF": (&PostAcquisitionProcessing{
			Rotated: true, Cropped: true, DownSampled: true, Normalised: true}).encode(0xa2),
	} {
		if diff := cmp.Diff(hex.EncodeToString(spelled(want)), hex.EncodeToString(got)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// TestLengths: the forms of a length change at 128, 2^8, 2^16 and 2^24 bytes.
func TestLengths(t *testing.T) {
	for n, want := range map[int]string{
		0: "0400", 127: "047f", 128: "048180", 255: "0481ff", 256: "04820100", 65535: "0482ffff", 65536: "0483010000", 1<<24 - 1: "0483ffffff", 1 << 24: "048401000000",
	} {
		got := element(4, make([]byte, n))
		if head := hex.EncodeToString(got[:len(got)-n]); head != want {
			t.Errorf("%d bytes begin with %s, want %s", n, head, want)
		}
	}
}
