// SPDX-License-Identifier: EUPL-1.2

package quality

// The measures of this file need a trained model of OFIQ, or points of the face
// that are not located here. Their mappings are given for values taken elsewhere.

func unifiedQualityScore() Measure {
	return Measure{
		ID: "0x41", Name: "UnifiedQualityScore", Source: iso, Unit: "length",
		Method:  "Length of the embedding of the aligned face.",
		Missing: "it is made of an embedding that can recognise a person, and no such thing is in this program",
		Score:   rising(23, 2.6),
	}
}

func sharpness() Measure {
	return Measure{
		ID: "0x49", Name: "Sharpness", Source: iso, Unit: "votes",
		Method:  "Votes of a random forest on Laplacian, Sobel and box-blur statistics of the face.",
		Differs: "Rule 7.2 judges focus.",
		Missing: "the trained forest is not part of the standard's open code",
		Score:   curve{1, -14, 115, -20, 15}.score,
	}
}

func compressionArtifacts() Measure {
	return Measure{
		ID: "0x4a", Name: "CompressionArtifacts", Source: iso, Unit: "network output",
		Method:  "Output of a network for traces of compression.",
		Differs: "The station codes once, 4:4:4 and at quality 95 or more.",
		Missing: "it needs a neural network",
		Score:   curve{1, -0.0278, 103, 0.3308, 0.092}.score,
	}
}

func eyesOpen() Measure {
	return Measure{
		ID: "0x4d", Name: "EyesOpen", Source: iso, Unit: "eyes to chin",
		Method:  "Largest distance between the lids of the less open eye over the distance from eyes to chin.",
		Differs: "Rule 3.1 judges open eyes.",
		Missing: "the face's points have none of the eyelids",
		Score:   rising(0.02, 0.01),
	}
}

func mouthClosed() Measure {
	return Measure{
		ID: "0x4e", Name: "MouthClosed", Source: iso, Unit: "eyes to chin",
		Method:  "Largest distance between the lips' inner edges over the distance from eyes to chin.",
		Differs: "Rule 2.2 judges the closed mouth.",
		Missing: "the face's points have the outer edges of the lips only",
		Score:   curve{100, 1, -1, 0.2, 0.06}.score,
	}
}

func eyesVisible() Measure {
	return Measure{
		ID: "0x4f", Name: "EyesVisible", Source: iso, Unit: "share of pixels",
		Method:  "Share of the eyes' surroundings that something hides.",
		Differs: "Rule 3.2 judges visible eyes.",
		Missing: needsOcclusion,
		Score:   free,
	}
}

const needsOcclusion = "it needs a network that segments what hides the face"

func mouthOcclusionPrevention() Measure {
	return Measure{
		ID: "0x50", Name: "MouthOcclusionPrevention", Source: iso, Unit: "share of pixels",
		Method:  "Share of the mouth that something hides.",
		Missing: needsOcclusion,
		Score:   free,
	}
}

func faceOcclusionPrevention() Measure {
	return Measure{
		ID: "0x51", Name: "FaceOcclusionPrevention", Source: iso, Unit: "share of pixels",
		Method:  "Share of the landmarked region that something hides.",
		Missing: needsOcclusion,
		Score:   free,
	}
}

func expressionNeutrality() Measure {
	return Measure{
		ID: "0x5b", Name: "ExpressionNeutrality", Source: iso, Unit: "margin",
		Method:  "Margin of a boosted classifier on the outputs of two networks.",
		Differs: "Rule 2.1 judges the expression.",
		Missing: "it needs neural networks",
		Score:   rising(-5000, 5000),
	}
}

func noHeadCoverings() Measure {
	return Measure{
		ID: "0x5c", Name: "NoHeadCoverings", Source: iso, Unit: "share of pixels",
		Method:  "Share of cloth and hats in the parsed face without its lowest part.",
		Missing: "it needs a network that parses the face",
		Score:   uncovered,
	}
}

// uncovered gives 100 at no covering and 0 at 0.95.
func uncovered(share float64) int {
	const x0, w, most = 0.02, 0.1, 0.95
	s0, s1 := sigmoid(0, x0, w), sigmoid(most, x0, w)
	return whole(100 * (s1 - sigmoid(min(max(share, 0), most), x0, w)) / (s1 - s0))
}
