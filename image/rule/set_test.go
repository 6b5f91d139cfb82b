// SPDX-License-Identifier: EUPL-1.2

package rule

import "testing"

// TestSets: every group's set judges every rule and says where each limit comes
// from; names and hashes differ; and no group is judged more strictly than adults.
func TestSets(t *testing.T) {
	adult := DePassport2025()
	hashes := map[string]string{}
	for _, group := range Groups() {
		s, ok := SetFor(group)
		if !ok {
			t.Fatalf("no set for %s", group)
		}
		if other, taken := hashes[s.Hash()]; taken {
			t.Errorf("%s has the hash of %s", s.Name, other)
		}
		hashes[s.Hash()] = s.Name
		for _, r := range All() {
			l, judged := s.Limits[r.ID]
			if !judged || l.Source == "" || l.Source == "own" {
				t.Errorf("%s: limits of %s are %v from %q", s.Name, r.ID, l, l.Source)
			}
			if a := adult.Limits[r.ID]; l.Min > a.Min || l.Max < a.Max || s.Binds(r.ID) && !adult.Binds(r.ID) {
				t.Errorf("%s judges %s more strictly than adults: %v", s.Name, r.ID, l)
			}
		}
	}
	if s, ok := SetFor("elder"); ok {
		t.Errorf("a set for an unknown group: %s", s.Name)
	}
	for _, id := range []ID{"3.2", "4.3", "7.1"} {
		if !DePassport2025Infant().Binds(id) {
			t.Errorf("%s does not bind for infants", id)
		}
	}
	if l := DePassport2025Child().Limits["5.4"]; l.Min != 0.5 {
		t.Errorf("a child's head from %v; PassV says 0.50", l.Min)
	}
	if DePassport2025().Limits["5.4"].Min != 0.6 {
		t.Error("the child's set has changed the adult's")
	}
}

// TestCoveredSet: under a covering the head's size is guessed and does not count;
// everything else does, and the report says by what was judged.
func TestCoveredSet(t *testing.T) {
	for _, group := range Groups() {
		bare, _ := SetFor(group)
		covered := bare.Covered()
		if covered.Name != bare.Name+"-covered" || covered.Hash() == bare.Hash() {
			t.Errorf("%s: a covered head is judged by %s", group, covered.Name)
		}
		for _, r := range All() {
			size := r.ID == "5.3" || r.ID == "5.4"
			if got := covered.Binds(r.ID); got != (bare.Binds(r.ID) && !size) {
				t.Errorf("%s: rule %s binds: %t", covered.Name, r.ID, got)
			}
		}
	}
	if !DePassport2025().Binds("5.4") {
		t.Error("the covered set has changed the bare one")
	}
}
