// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"math"

	"github.com/fotobox-project/fotobox/image/portrait"
)

// DePassport2025 is the set for adults' passports and identity cards in Germany
// since 1 May 2025. Limits that the TR leaves to the vendor ("own unit") were set
// on photos; the command that repeats the measurement is
//
//	go test ./image/rule -run 'TestPhotos|TestSmiles|TestAltered|TestNeutral|TestCovered|TestScenes' -every 1 -v
//
// One face, open eyes, yaw and even light are optional criteria in the TR and bind
// here, as the TR demands of what is provided. What is measured too weakly for
// that advises and never rejects: pitch, faint smiles, brows, and shadows that
// leave one side as light as the other.
//
// For the head's height the law asks for 0.70 to 0.80 of the photo. portrait.Plan
// cuts to that or refuses. The limits here are the TR's, because the crown under
// hair is not known better than to 0.03; the older Fotomustertafel too rejects
// only below 0.60 and above 0.89.
func DePassport2025() Set {
	open := math.Inf(1)
	return Set{
		Name: "de-passport-2025",
		Limits: map[ID]Limits{
			"1.1": {-10, 10, "own: TR-03121 table 5.2 asks for 5, the measure scatters by 2.5; 71 of 71 frontal faces inside"},
			"1.3": {-8, 8, "TR-03121 table 5.2"},
			"2.2": {-open, 0.09, "own: 71 of 71 neutral faces and 25 of 25 smiles with closed lips inside, 24 of 26 with teeth above"},
			"3.1": {0.55, open, "own: 71 of 71 open eyes inside from 0.73 on, 70 of 71 closed ones below"},
			"4.3": {1, 1.1, "own: SingleFacePresent of 90 in ISO/IEC 29794-5"},
			"5.1": {1600, 1600, "TR-03121 table 5.3"},
			"5.2": {1244, 1244, "TR-03121 table 5.3"},
			"5.3": {0.50, 0.75, "TR-03121 table 5.3"},
			"5.4": {0.60, 0.90, "TR-03121 table 5.3; the crop aims at the 0.70 to 0.80 of PassV § 4"},
			"5.5": {0.30, 0.50, "TR-03121 table 5.3"},
			"5.6": {0.45, 0.55, "TR-03121 table 5.3"},
			"5.7": {300, open, "TR-03121 table 5.3"},
			"6.1": {0.70, open, "own: 67 of 71 evenly lit faces inside from 0.74 on, the other 4 are lit from the side; 66 of those 67 at most 0.64 when one side keeps half the light"},
			"7.1": {-22, 5, "own: 71 of 71 well-lit photos inside, 1.5 stops too dark 71 below, 1 stop too bright 68 above"},
			"7.2": {0.37, 1.45, "own: 71 of 71 sharp photos inside from 0.48 to 1.13, blurred by 1 % of the inter-eye distance 71 below, moved by 6 % 32 of 36 (go run ./hack/evaluate), noise of 18 levels 71 above"},
			"7.5": {1, 1, "TR-03121 table 5.3"},
			"7.6": {128, 256, "ISO/IEC 19794-5 7.4.2.1: seven bits"},
			"1.2": {-8, 22, "own: TR-03121 table 5.2 asks for 5; level faces of photos lie at 8 and 5 apart, 71 of 71 inside"},
			"2.1": {-open, 0.18, "own: 70 of 71 neutral faces inside, 34 of 51 smiles above, faint ones among them"},
			"2.3": {-open, 0.55, "own: 70 of 71 neutral faces inside"},
			"3.2": {0.73, open, "own: 71 of 71 good photos inside from 0.87 on, 3 of 3 with hair over an eye at most 0.69, 70 of 71 through lenses that pass 40 % below"},
			"3.3": {-0.12, 0.12, "own: 15 degrees; neutral faces reach 0.04"},
			"4.1": {-open, 13, "own: 70 of 71 plain walls inside, all London ones up to 9, curls before the other; 355 of 355 with a door, stripes, shelves, a picture or half the light on one side above from 17 on, 16 of 16 scenes of daily life"},
			"4.2": {-open, 15, "own: 62 of 71 plain walls inside; hair and coloured walls disturb it"},
			"6.2": {0.5, open, "ICAO TR Portrait Quality 2018: the four measuring squares"},
			"6.3": {-open, 0.5, "own: OverExposurePrevention of 67 in ISO/IEC 29794-5"},
			"6.4": {-open, 1, "own: none of 122 faces without glasses above 0.1, 71 of 71 with a lamp painted on a lens above 4.8"},
			"7.3": {-open, 10, "own: NaturalColour of 54 in ISO/IEC 29794-5"},
			"7.4": {-open, 25, "own: 71 of 71 good photos inside, 70 of 71 with painted pupils above"},
		},
		Advisory: []ID{"1.2", "2.1", "2.3", "4.2", "6.2"},
		Least:    portrait.Adults(),
	}
}
