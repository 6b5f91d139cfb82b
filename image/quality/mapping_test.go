// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"
)

// goldenScores lies beside the repository; it is not part of it.
const goldenScores = "../../../shared/reference/ofiq-expected-results.csv"

// TestGolden: every mapping gives OFIQ's scores of its conformance table.
func TestGolden(t *testing.T) {
	file, err := os.Open(goldenScores)
	if err != nil {
		t.Skipf("the golden table of OFIQ is not here: %v", err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.Comma, r.FieldsPerRecord = ';', -1 // its first line ends in a semicolon
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	same := 0
	for _, m := range All() {
		if m.Score == nil {
			continue
		}
		in, out := column[m.Name], column[m.Name+".scalar"]
		if in == 0 || out == 0 {
			t.Errorf("the table has no %s", m.Name)
			continue
		}
		for _, row := range rows[1:] {
			if got, want := m.Score(value(t, row[in])), int(value(t, row[out])); got != want {
				t.Errorf("%s of %s in %s scores %d, want %d", m.Name, row[in], row[0], got, want)
				continue
			}
			same++
		}
	}
	t.Logf("%d scores of the table reproduced", same)
	if same != 784 {
		t.Errorf("%d scores are those of the table, want 784", same)
	}
}

func value(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestScores has values worked out by hand from the formulas.
func TestScores(t *testing.T) {
	inf := math.Inf(1)
	for _, tt := range []struct {
		name   string
		native float64
		want   int
	}{
		{"UnifiedQualityScore", 23, 50},
		{"UnifiedQualityScore", inf, 100},
		{"BackgroundUniformity", 10, 95}, // half of 190
		{"BackgroundUniformity", 0, 100}, // 190*(1-0.475) = 99.75
		{"BackgroundUniformity", inf, 0},
		{"IlluminationUniformity", 1, 100},
		{"IlluminationUniformity", 0.0992126, 50}, // 0.5^(10/3)
		{"IlluminationUniformity", 0, 0},
		{"LuminanceMean", 0.5, 100},
		{"LuminanceMean", 0.2, 50},
		{"LuminanceMean", 0.8, 50},
		{"LuminanceVariance", 1. / 60, 100}, // sin of a right angle
		{"LuminanceVariance", 0, 0},
		{"UnderExposurePrevention", 0.92, 40}, // 120*(0.832-0.5) = 39.84
		{"UnderExposurePrevention", 0, 100},
		{"UnderExposurePrevention", 1, 0}, // 120*(0.832-0.832) = 0
		{"OverExposurePrevention", 0.01, 50},
		{"OverExposurePrevention", 0, 100},
		{"OverExposurePrevention", 1, 1},
		{"DynamicRange", 8, 100},
		{"DynamicRange", 4.8, 60},
		{"Sharpness", -20, 44}, // 57.5-14 = 43.5
		{"Sharpness", inf, 100},
		{"CompressionArtifacts", 0.3308, 51}, // 51.47
		{"NaturalColour", 0, 100},
		{"NaturalColour", 100, 0},
		{"SingleFacePresent", 0.25, 75},
		{"EyesOpen", 0.02, 50},
		{"MouthClosed", 0.2, 50},
		{"EyesVisible", 0.125, 88}, // 87.5, half up
		{"MouthOcclusionPrevention", 1, 0},
		{"FaceOcclusionPrevention", 0, 100},
		{"InterEyeDistance", 70, 50},
		{"HeadSize", 0.45, 100},
		{"HeadSize", 0, 0},
		{"HeadSize", 0.395, 50}, // 200*(1-1/(1+exp(-1.1))) = 49.95
		{"LeftwardCropOfTheFaceImage", 0.9, 50},
		{"RightwardCropOfTheFaceImage", 0.9, 50},
		{"MarginAboveOfTheFaceImage", 1.4, 50},
		{"MarginBelowOfTheFaceImage", 1.8, 50},
		{"HeadPoseYaw", 45, 50},
		{"HeadPosePitch", -60, 25},
		{"HeadPoseRoll", 120, 0}, // behind: the cosine is negative
		{"ExpressionNeutrality", -5000, 50},
		{"NoHeadCoverings", 0, 100},
		{"NoHeadCoverings", 0.95, 0},
		{"NoHeadCoverings", 2, 0},
	} {
		if got := measure(t, tt.name).Score(tt.native); got != tt.want {
			t.Errorf("%s of %g scores %d, want %d", tt.name, tt.native, got, tt.want)
		}
	}
}

func measure(t testing.TB, name string) Measure {
	t.Helper()
	for _, m := range All() {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("no measure %s", name)
	return Measure{}
}

// FuzzScore: whatever is given, a score is 0 to 100, and that of no number 0.
func FuzzScore(f *testing.F) {
	for _, v := range []float64{0, 1, -1, -1. / 60, 1e300, -1e300, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, native float64) {
		for _, m := range All() {
			if m.Score == nil {
				continue
			}
			if s := m.Score(native); s < 0 || s > 100 || math.IsNaN(native) && s != 0 {
				t.Errorf("%s of %g scores %d", m.Name, native, s)
			}
		}
	})
}
