// SPDX-License-Identifier: EUPL-1.2

package reader

import (
	"slices"
	"strings"
	"testing"
)

// typed are the events of a scanner with that layout that types the text.
func typed(t *testing.T, l layout, text string) (events []event) {
	t.Helper()
	for _, r := range text {
		code, level := uint16(0), -1
		for c, runes := range l {
			if i := slices.Index(runes[:], r); i >= 0 && (level < 0 || c < code) {
				code, level = c, i
			}
		}
		if level < 0 {
			t.Fatalf("no key for %q", r)
		}
		with := []uint16{0, keyLeftShift, keyAltGr}[level]
		if with != 0 {
			events = append(events, event{typeKey, with, 1}, event{})
		}
		events = append(events, event{4, 4, int32(code)}, event{typeKey, code, 1}, event{}, event{typeKey, code, 0}, event{})
		if with != 0 {
			events = append(events, event{typeKey, with, 0}, event{})
		}
	}
	return events
}

func enter() []event { return []event{{typeKey, keyEnter, 1}, {}, {typeKey, keyEnter, 0}, {}} }

// feedAll returns the scans that the events end.
func (k *keys) feedAll(events []event) (scans []string) {
	for _, e := range events {
		if scan, ok := k.feed(e); ok {
			scans = append(scans, scan)
		}
	}
	return scans
}

// TestLayouts: whatever a code is made of comes through either keyboard.
func TestLayouts(t *testing.T) {
	const code = "FB1:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
	for name, make := range layouts() {
		k := keys{layout: make()}
		for _, text := range []string{code, "K7M2-9XZ4Y", "qwertzuiopasdfghjklyxcvbnm_@{}[]|"} {
			got := k.feedAll(append(typed(t, k.layout, text), enter()...))
			if !slices.Equal(got, []string{text}) {
				t.Errorf("%s: got %q, want %q", name, got, text)
			}
		}
	}
}

// TestLayoutsDiffer: the same keys under both layouts, as the manuals print them.
func TestLayoutsDiffer(t *testing.T) {
	for _, tc := range []struct {
		code   uint16
		shift  bool
		us, de string
	}{
		{21, true, "Y", "Z"}, {44, true, "Z", "Y"},
		{12, false, "-", "ß"}, {53, false, "/", "-"},
		{39, true, ":", "Ö"}, {52, true, ">", ":"},
		{8, true, "&", "/"}, {27, false, "]", "+"}, {9, true, "*", "("},
	} {
		for name, want := range map[string]string{"us": tc.us, "de": tc.de} {
			k := keys{layout: layouts()[name]()}
			if tc.shift {
				k.feed(event{typeKey, keyRightShift, 1})
			}
			got := k.feedAll(append([]event{{typeKey, tc.code, 1}}, enter()...))
			if !slices.Equal(got, []string{want}) {
				t.Errorf("%s: key %d with shift %v: got %q, want %q", name, tc.code, tc.shift, got, want)
			}
		}
	}
}

func TestKeys(t *testing.T) {
	us := usKeyboard()
	const ean = "4006381333931"
	lost := []event{{typeSyn, synDropped, 0}}
	for _, tc := range []struct {
		name   string
		events []event
		pause  bool // the scanner falls silent
		want   []string
	}{
		{"Enter", append(typed(t, us, "ABC"), enter()...), false, []string{"ABC"}},
		{"Tab", append(typed(t, us, "ABC"), event{typeKey, keyTab, 1}), false, []string{"ABC"}},
		{"nothing but Enter", enter(), false, nil},
		{"pause", typed(t, us, ean), true, []string{ean}},
		{"typed by hand", typed(t, us, "abcd"), true, nil},
		{"repetition", append(append(typed(t, us, "A"), event{typeKey, 30, 2}), enter()...), false, []string{"A"}},
		{"keypad", append([]event{{typeKey, 79, 1}, {typeKey, 82, 1}}, enter()...), false, []string{"10"}},
		{"key without a character", append([]event{{typeKey, 59, 1}}, enter()...), false, []string{"\ufffd"}},
		{"control", slices.Concat([]event{{typeKey, 29, 1}}, typed(t, us, "A"), []event{{typeKey, 29, 0}}, enter()), false, []string{"A"}},
		{"lost events", slices.Concat(typed(t, us, "AB"), lost, typed(t, us, "CD"), enter()), false, nil},
		{"lost events, then the next", slices.Concat(typed(t, us, "AB"), lost, enter(), typed(t, us, "CD"), enter()), false, []string{"CD"}},
		{"shift lost", slices.Concat([]event{{typeKey, keyLeftShift, 1}}, lost, enter(), typed(t, us, "a"), enter()), false, []string{"a"}},
		{"longest", append(typed(t, us, strings.Repeat("A", longestScan)), enter()...), false, []string{strings.Repeat("A", longestScan)}},
		{"too long", append(typed(t, us, strings.Repeat("A", longestScan+1)), enter()...), false, nil},
		{"too long, then the next", slices.Concat(typed(t, us, strings.Repeat("A", 5000)), enter(), typed(t, us, "B"), enter()), false, []string{"B"}},
	} {
		k := keys{layout: us}
		got := k.feedAll(tc.events)
		if scan, ok := k.pause(); ok && tc.pause {
			got = append(got, scan)
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
		if k.pending() {
			t.Errorf("%s: something is kept after the pause", tc.name)
		}
	}
}

// FuzzKeys: no events make it panic, keep more than a scan, or tell one that is too long.
func FuzzKeys(f *testing.F) {
	f.Add([]byte{1, 30, 1, 1, 28, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		k := keys{layout: germanKeyboard()}
		for ; len(data) >= 3; data = data[3:] {
			scan, ok := k.feed(event{uint16(data[0]), uint16(data[1]), int32(data[2])})
			if ok && (scan == "" || len([]rune(scan)) > longestScan) {
				t.Fatalf("told a scan of %d characters", len([]rune(scan)))
			}
			if k.text.Len() > 4*longestScan {
				t.Fatalf("keeps %d bytes", k.text.Len())
			}
		}
	})
}
