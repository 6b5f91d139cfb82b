// SPDX-License-Identifier: EUPL-1.2

package rule

import "math"

// DePassport2025 is the set for adults' passports and identity cards in Germany
// since 1 May 2025.
func DePassport2025() Set {
	open := math.Inf(1)
	return Set{
		Name: "de-passport-2025",
		Limits: map[ID]Limits{
			"1.1": {-10, 10, "TR-03121 table 5.2 asks for 5; the measure scatters by 3.1 degrees, so that it only advises, from 10 on"},
			"1.3": {-8, 8, "TR-03121 table 5.2"},
			"2.2": {-open, 0.5, "x"},
			"3.1": {0.2, open, "x"},
			"4.3": {1, 1.1, "own: ISO/IEC 29794-5 SingleFacePresent of 90"},
			"5.1": {1600, 1600, "TR-03121 table 5.3"},
			"5.2": {1244, 1244, "TR-03121 table 5.3"},
			"5.3": {0.50, 0.75, "TR-03121 table 5.3"},
			"5.4": {0.70, 0.80, "PassV § 4, within 0.60 to 0.90 of TR-03121 table 5.3"},
			"5.5": {0.30, 0.50, "TR-03121 table 5.3"},
			"5.6": {0.45, 0.55, "TR-03121 table 5.3"},
			"5.7": {300, open, "TR-03121 table 5.3"},
			"6.1": {0.5, open, "ICAO TR Portrait Quality 2018; only advises"},
			"7.1": {-60, 1, "x"},
			"7.2": {0.1, open, "x"},
			"7.5": {1, 1, "TR-03121 table 5.3"},
			"7.6": {128, 256, "ISO/IEC 19794-5 7.4.2.1: half of the intensities"},
		},
		Advisory: []ID{"1.1", "6.1"},
	}
}
