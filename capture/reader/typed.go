// SPDX-License-Identifier: EUPL-1.2

package reader

import (
	"strings"
	"unicode"

	"github.com/fotobox-project/fotobox/appointment"
)

// Typed cleans what a scanner or a person typed into the kiosk's page. It returns the text of an
// appointment's code or the 9 characters of a Terminkennung if there is a way to read one, and
// otherwise what was typed without the space around it, for the check to call malformed.
//
// White space is dropped where it cannot belong. A scanner that types as on another keyboard than
// the kiosk's is undone: every slip is tried, and the first reading that parses is taken. The case
// of a code is not changed: a lower-case code is malformed (office.md).
func Typed(text string) string {
	text = strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\ufeff' })
	for _, slip := range slips() {
		if code := slip.Replace(text); isCode(code) {
			return code
		}
	}
	for _, slip := range slips() {
		if k, err := appointment.ParseTerminkennung(slip.Replace(strings.ToUpper(text))); err == nil {
			return string(k)
		}
	}
	return text
}

func isCode(text string) bool {
	_, err := appointment.Parse(text)
	return err == nil
}

// slips returns the ways in which what was meant may have become what arrived, likeliest first.
// The keys are those of the characters of Base45 and of the dash.
func slips() []*strings.Replacer {
	return []*strings.Replacer{
		replacer(nil),
		// A pasted code, wrapped by a mail program: the line's end stands for nothing ...
		replacer([]string{"\r", "", "\n", "", "\t", "", "\u00a0", " "}),
		// ... or for the space at which it was wrapped.
		replacer([]string{"\r\n", " ", "\r", " ", "\n", " ", "\t", " ", "\u00a0", " "}),
		// A scanner that types as on a US keyboard, at a kiosk with a German one. The accent is a
		// dead key there, which swallows or adorns the next character.
		replacer([]string{
			"Y", "Z", "Z", "Y", "ß", "-", "ẞ", "-", "?", "-", "-", "/", "Ö", ":", "ö", ":", "(", "*",
			"À", "+A", "È", "+E", "Ì", "+I", "Ǹ", "+N", "Ò", "+O", "Ù", "+U", "Ẁ", "+W", "Ỳ", "+Z", "`", "+",
		}),
		// The other way round.
		replacer([]string{"Y", "Z", "Z", "Y", "/", "-", ">", ":", "&", "/", "]", "+", "}", "*"}),
	}
}

func replacer(oldnew []string) *strings.Replacer { return strings.NewReplacer(oldnew...) }
