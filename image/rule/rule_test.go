// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"math"
	"testing"

	"github.com/fotobox-project/fotobox/ui/text"
)

func TestSideText(t *testing.T) {
	for _, s := range []Side{Inside, Low, High, Unclear} {
		got, err := ParseSide(s.String())
		if err != nil || got != s {
			t.Errorf("ParseSide(%q) = %v, %v; want %v", s, got, err, s)
		}
	}
	if got, err := ParseSide("above"); err == nil {
		t.Errorf("ParseSide(above) = %v; want an error", got)
	}
}

func TestLimitsSide(t *testing.T) {
	open := math.Inf(1)
	for _, tt := range []struct {
		limits Limits
		value  float64
		want   Side
	}{
		{Limits{Min: -8, Max: 8}, -8, Inside},
		{Limits{Min: -8, Max: 8}, 8, Inside},
		{Limits{Min: -8, Max: 8}, 8.01, High},
		{Limits{Min: -8, Max: 8}, -8.01, Low},
		{Limits{Min: 300, Max: open}, 1e9, Inside},
		{Limits{Min: -open, Max: 1}, -1e9, Inside},
		{Limits{Min: -open, Max: open}, math.NaN(), Unclear},
	} {
		if got := tt.limits.side(tt.value); got != tt.want {
			t.Errorf("%v in %v: got %v, want %v", tt.value, tt.limits, got, tt.want)
		}
	}
}

// TestAllComplete looks at every rule's name, clause and limits, and at the
// sentences that people are told, in every language.
func TestAllComplete(t *testing.T) {
	set := DePassport2025()
	seen := map[ID]bool{}
	for _, r := range All() {
		if seen[r.ID] {
			t.Errorf("rule %s stands twice in All", r.ID)
		}
		seen[r.ID] = true
		if r.Name == "" || r.Clause == "" || r.Unit == "" || r.Method == "" || r.Measure == nil {
			t.Errorf("rule %s lacks name, clause, unit, method or measure", r.ID)
		}
		if l, ok := set.Limits[r.ID]; !ok || l.Source == "" || l.Min > l.Max {
			t.Errorf("rule %s: limits %v from %q", r.ID, l, l.Source)
		}
		for _, l := range text.Languages() {
			for _, key := range []string{
				"rule." + r.Name, "advice." + r.Name + ".low", "advice." + r.Name + ".high", "advice." + r.Name + ".unclear",
			} {
				if !l.Has(key) {
					t.Errorf("language %s lacks %s", l, key)
				}
			}
		}
	}
	for id := range set.Limits {
		if !seen[id] {
			t.Errorf("set %s has limits for %s, which is no rule", set.Name, id)
		}
	}
}

func TestHintTexts(t *testing.T) {
	for _, h := range []Hint{
		HintDark, HintNoFace, HintSeveralFaces, HintLeft, HintRight, HintUp, HintDown, HintNearer, HintFarther,
		HintStraighten, HintGlare, HintEyesOpen, HintMouthClosed, HintNotFrontal, HintMoving,
	} {
		for _, l := range text.Languages() {
			if key := "hint." + string(h); !l.Has(key) {
				t.Errorf("language %s lacks %s", l, key)
			}
		}
	}
}

func TestHash(t *testing.T) {
	set := DePassport2025()
	hash := set.Hash()
	if again := DePassport2025().Hash(); again != hash {
		t.Errorf("the same set has hashes %s and %s", hash, again)
	}
	if set.Relative().Hash() == hash {
		t.Error("the relative set has the same hash")
	}
	l := set.Limits["1.3"]
	l.Max = 9
	set.Limits["1.3"] = l
	if set.Hash() == hash {
		t.Error("a changed limit leaves the hash")
	}
}

func TestRelative(t *testing.T) {
	set := DePassport2025()
	relative := set.Relative()
	for _, id := range []ID{"5.1", "5.2", "5.7"} {
		if !set.Binds(id) || relative.Binds(id) {
			t.Errorf("%s binds: %t, relative %t; want true, false", id, set.Binds(id), relative.Binds(id))
		}
	}
	if !relative.Binds("5.4") || set.Binds("1.2") {
		t.Error("5.4 shall bind, 1.2 shall not")
	}
	if set.Binds("9.9") {
		t.Error("a rule that is not in the set binds")
	}
}
