// SPDX-License-Identifier: EUPL-1.2

package reader

// A layout says which character a key of the kernel's input-event-codes.h stands for, on the
// keyboard that a scanner imitates: plain, with shift, and with AltGr. 0 is none.
type layout map[uint16][3]rune

// layouts are the keyboards by the names of the settings.
func layouts() map[string]func() layout {
	return map[string]func() layout{"us": usKeyboard, "de": germanKeyboard}
}

func usKeyboard() layout {
	l := keypad()
	l.row(2, "1234567890-=", "!@#$%^&*()_+")
	l.row(16, "qwertyuiop[]", "QWERTYUIOP{}")
	l.row(30, "asdfghjkl;'`", "ASDFGHJKL:\"~")
	l.row(43, `\zxcvbnm,./`, "|ZXCVBNM<>?")
	l.row(86, `\`, "|")
	return l
}

func germanKeyboard() layout {
	l := keypad()
	l.row(2, "1234567890ß´", "!\"§$%&/()=?`")
	l.row(16, "qwertzuiopü+", "QWERTZUIOPÜ*")
	l.row(30, "asdfghjklöä^", "ASDFGHJKLÖÄ°")
	l.row(43, "#yxcvbnm,.-", "'YXCVBNM;:_")
	l.row(86, "<", ">")
	for code, r := range map[uint16]rune{8: '{', 9: '[', 10: ']', 11: '}', 12: '\\', 16: '@', 18: '€', 27: '~', 86: '|'} {
		c := l[code]
		l[code] = [3]rune{c[0], c[1], r}
	}
	return l
}

// keypad is what is the same on every keyboard: the space bar and the keys on the right.
func keypad() layout {
	l := layout{}
	l.row(57, " ", " ")
	l.row(55, "*", "*")
	l.row(71, "789-456+1230.", "789-456+1230.")
	l.row(98, "/", "/")
	return l
}

// row sets keys that follow each other from a code on.
func (l layout) row(code uint16, plain, shifted string) {
	upper := []rune(shifted)
	for i, r := range []rune(plain) {
		l[code+uint16(i)] = [3]rune{r, upper[i]}
	}
}
