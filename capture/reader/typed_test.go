// SPDX-License-Identifier: EUPL-1.2

package reader

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/fotobox-project/fotobox/appointment"
)

func TestTypedTerminkennung(t *testing.T) {
	for _, tt := range []struct{ name, typed, want string }{
		{"as shown", "WRJ-D8T-6V3", "WRJD8T6V3"},
		{"without dashes", "WRJD8T6V3", "WRJD8T6V3"},
		{"lower case", "wrj-d8t-6v3", "WRJD8T6V3"},
		{"space around", "\ufeff WRJ-D8T-6V3\u00a0\r\n", "WRJD8T6V3"},
		{"scanner's line end", "WRJ-D8T-6V3\r", "WRJD8T6V3"},
		{"spaces for dashes", "wrj d8t 6v3", "WRJD8T6V3"},
		{"lookalikes", "lh4-bo5-3hn", "1H4B053HN"},
		{"US scanner at a German kiosk", "WRJßD8Tß6V3", "WRJD8T6V3"},
		{"the same, shifted", "WRJ?D8T?6V3", "WRJD8T6V3"},
		{"German scanner at a US kiosk", "WRJ/D8T/6V3", "WRJD8T6V3"},
		{"Y and Z are right", "VZ3-TQ2-MYE", "VZ3TQ2MYE"},
		{"Y and Z are swapped", "VY3-TQ2-MZE", "VZ3TQ2MYE"},
		{"Y and Z are swapped, dash too", "vy3ßtq2ßmze", "VZ3TQ2MYE"},
		{"one wrong", "WRJ-D8T-6V4", "WRJ-D8T-6V4"},
		{"too short", " WRJ-D8T ", "WRJ-D8T"},
		{"empty", " \r\n", ""},
		{"something else", "\thttps://example.org/?a=b\n", "https://example.org/?a=b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Typed(tt.typed); got != tt.want {
				t.Errorf("Typed(%q) = %q, want %q", tt.typed, got, tt.want)
			}
		})
	}
}

// german is what a kiosk with a German keyboard receives when a scanner types as on a US keyboard.
func german() *strings.Replacer {
	return strings.NewReplacer("Y", "Z", "Z", "Y", "-", "ß", "/", "-", ":", "Ö", "*", "(",
		"+A", "À", "+E", "È", "+I", "Ì", "+N", "Ǹ", "+O", "Ò", "+U", "Ù", "+W", "Ẁ", "+Z", "Ỳ", "+", "`")
}

// american is the other way round.
func american() *strings.Replacer {
	return strings.NewReplacer("Y", "Z", "Z", "Y", "-", "/", ":", ">", "/", "&", "+", "]", "*", "}")
}

// TestTypedCode takes many codes, so that every character of Base45 occurs, through every slip.
func TestTypedCode(t *testing.T) {
	seen := map[rune]bool{}
	for n := range byte(60) {
		code := codeText(t, n)
		for _, r := range code {
			seen[r] = true
		}
		for _, tt := range []struct{ name, typed string }{
			{"as it is", code},
			{"space around", " \t" + code + " \r\n"},
			{"wrapped anywhere", code[:40] + "\r\n" + code[40:80] + "\n" + code[80:]},
			{"wrapped at its spaces", strings.ReplaceAll(code, " ", "\r\n")},
			{"hard spaces", strings.ReplaceAll(code, " ", "\u00a0")},
			{"US scanner at a German kiosk", german().Replace(code) + "\r"},
			{"German scanner at a US kiosk", american().Replace(code) + "\r"},
		} {
			if got := Typed(tt.typed); got != code {
				t.Errorf("%s:\nTyped(%q) =\n      %q, want\n      %q", tt.name, tt.typed, got, code)
			}
		}
	}
	if len(seen) != 45 {
		t.Errorf("only %d of the 45 characters were tried", len(seen))
	}
}

// TestTypedLeavesMalformed does not mend what the check must call malformed.
func TestTypedLeavesMalformed(t *testing.T) {
	code := codeText(t, 1)
	for _, typed := range []string{strings.ToLower(code), code[4:], code[:len(code)-1], code + "0"} {
		got := Typed(typed)
		if _, err := appointment.Parse(got); err == nil || got != typed {
			t.Errorf("Typed(%q) = %q, %v", typed, got, err)
		}
	}
}

func FuzzTyped(f *testing.F) {
	f.Add(codeText(f, 1))
	f.Add("wrjßd8tß6v3\r\n")
	f.Add("\xffÖ`")
	f.Fuzz(func(t *testing.T, typed string) {
		got := Typed(typed)
		if again := Typed(got); again != got {
			t.Errorf("Typed(%q) = %q, which it reads as %q", typed, got, again)
		}
		if len(got) > len(typed)+utf8.RuneCountInString(typed) {
			t.Errorf("Typed(%q) = %q grew", typed, got)
		}
	})
}
