// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/fotobox-project/fotobox/image/portrait"
)

// Set is the limits of one kind of document, as data. A rule without a line in
// Limits is not judged by the set.
type Set struct {
	Name   string
	Limits map[ID]Limits
	// Advisory lists the rules that are reported and shown but do not count for
	// the verdict. All others bind: TR-03121 makes an optional criterion binding
	// by providing it.
	Advisory []ID
	// Least is how small a head may be cut.
	Least portrait.Least
}

// Covered gives the set for a head that is covered for religious reasons (PassV § 4):
// its crown and its sides are guessed, so that head width and height (5.3, 5.4) are
// reported without counting. That the face is free from chin to forehead counts as ever.
func (s Set) Covered() Set {
	s.Name += "-covered"
	s.Advisory = append(slices.Clone(s.Advisory), "5.3", "5.4")
	return s
}

// Binds tells whether the rule counts for the verdict.
func (s Set) Binds(id ID) bool {
	_, judged := s.Limits[id]
	return judged && !slices.Contains(s.Advisory, id)
}

// Relative gives the set for photos with fewer pixels than a station's: height,
// width and inter-eye distance in pixels (5.1, 5.2, 5.7) are reported without
// counting. Shares of the picture count as ever.
func (s Set) Relative() Set {
	s.Name += "-relative"
	s.Limits = maps.Clone(s.Limits)
	s.Advisory = append(slices.Clone(s.Advisory), imageHeightID, imageWidthID, eyeDistanceID)
	return s
}

// Hash is over the engine's version, the list of rules and the limits: two
// reports with the same hash were judged alike.
func (s Set) Hash() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n", Engine, s.Name)
	for _, r := range All() {
		l, judged := s.Limits[r.ID]
		fmt.Fprintf(h, "%s %s %q %t %t %t %g %g\n", r.ID, r.Name, r.Unit, r.Mandatory, judged, s.Binds(r.ID), l.Min, l.Max)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}
