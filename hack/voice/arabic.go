// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"slices"
)

// arabic are the numbers in words, with their vowels. espeak-ng 1.51 reads
// memory that it has not written when it says 14, 44, 47 or 49 from digits:
// the sound differs from run to run, sometimes with a letter too many. The
// spelling is for the ear: a final ا stands for what is written ة.
func arabic() []rule {
	rules := []rule{say(`\b96 ساعة`, "سِتّا وَتِسْعِين ساعة")}
	for n := range 60 {
		rules = append(rules, say(fmt.Sprintf(`\b%d\b`, n), arabicNumber(n)))
	}
	return rules
}

// arabicNumber is a number from 0 to 59, alone or before what it counts.
func arabicNumber(n int) string {
	ones := []string{"صِفْر", "واحِد", "إِثْنان", "ثَلاثا", "أَرْبَعا", "خَمْسا", "سِتّا", "سَبْعا", "ثَمانِيا", "تِسْعا"}
	teens := []string{
		"عَشَرا", "أَحَدَ عَشَر", "إِثْنا عَشَر", "ثَلاثَةَ عَشَر", "أَرْبَعَةَ عَشَر",
		"خَمْسَةَ عَشَر", "سِتَّتَ عَشَر", "سَبْعَةَ عَشَر", "ثَمانِيَةَ عَشَر", "تِسْعَةَ عَشَر",
	}
	tens := []string{"عِشْرُون", "ثَلاثُون", "أَرْبَعُون", "خَمْسُون"}
	words := slices.Concat(ones, teens)
	switch {
	case n < len(words):
		return words[n]
	case n%10 == 0:
		return tens[n/10-2]
	default:
		return ones[n%10] + " وَ" + tens[n/10-2]
	}
}
