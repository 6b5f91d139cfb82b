// SPDX-License-Identifier: EUPL-1.2

// Package quality gives the quality measures of ISO/IEC 29794-5 and the ICAO
// photometry of a face photo, as far as they need no neural network.
//
// A product that is added to something is converted first, float64(x*y) + z: arm64
// would otherwise compute both in one step without rounding between them, and
// measure other digits than amd64.
package quality

// ID is a measure's identifier: the component of ISO/IEC 29794-5 in hexadecimal
// ("0x43"), or a name that begins with "icao" for those of the ICAO photometry.
type ID string

// A Measure is one quality measure: what it is called, where it stands, how it is
// taken from a photo and how its native value maps to a score.
type Measure struct {
	ID     ID
	Name   string // of OFIQ, the reference implementation of the standard
	Source string
	Unit   string // of the native value
	// Method says in one sentence what is measured.
	Method string
	// Differs says in what the value differs from OFIQ's; empty for nothing.
	Differs string
	// Missing says why the measure is not taken here; empty where it is.
	Missing string
	// Native gives the native value in the measure's unit. An error says why it
	// has none on this photo. It is nil where the measure is not taken.
	Native func(*Picture) (float64, error)
	// Score maps a native value to 0, worst, to 100. NaN gives 0. It is nil for
	// the measures of the ICAO photometry, which have a limit instead.
	Score func(native float64) int
	// Met tells whether the native value is within the ICAO limit, and Limit says
	// which one that is. They are empty for the measures of ISO/IEC 29794-5.
	Met   func(native float64) bool
	Limit string
}

// iso is what the sources of the standard's components have in common.
const iso = "ISO/IEC 29794-5"

// All lists the 28 measures of ISO/IEC 29794-5 by their identifiers, then those of
// the ICAO photometry.
func All() []Measure {
	return []Measure{
		unifiedQualityScore(),
		backgroundUniformity(),
		illuminationUniformity(),
		luminanceMean(),
		luminanceVariance(),
		underExposurePrevention(),
		overExposurePrevention(),
		dynamicRange(),
		sharpness(),
		compressionArtifacts(),
		naturalColour(),
		singleFacePresent(),
		eyesOpen(),
		mouthClosed(),
		eyesVisible(),
		mouthOcclusionPrevention(),
		faceOcclusionPrevention(),
		interEyeDistance(),
		headSize(),
		leftwardCrop(),
		rightwardCrop(),
		marginAbove(),
		marginBelow(),
		headPoseYaw(),
		headPosePitch(),
		headPoseRoll(),
		expressionNeutrality(),
		noHeadCoverings(),
		fourSquares(),
		intensityLevels(),
		skinColour(),
	}
}
