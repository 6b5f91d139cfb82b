// SPDX-License-Identifier: EUPL-1.2

package gpiosim

import (
	"os"
	"testing"
)

func TestLabChip(t *testing.T) {
	if os.Getenv("FOTOBOX_LAB") == "" {
		t.Skip("needs the lab: make lab")
	}
	for range 3 { // the same label again after each removal
		c, err := New("lab-chip", "LAMP", "KEY")
		if err != nil {
			t.Fatal(err)
		}
		for _, up := range []bool{true, false, true} {
			if err := c.Pull("KEY", up); err != nil {
				t.Fatal(err)
			}
			if got, err := c.High("KEY"); got != up || err != nil {
				t.Errorf("a key pulled %t reads %t, %v", up, got, err)
			}
		}
		if got, err := c.High("LAMP"); got || err != nil {
			t.Errorf("a lamp that nobody has lit reads %t, %v", got, err)
		}
		if err := c.Remove(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(c.Path); !os.IsNotExist(err) {
			t.Errorf("%s after the chip's removal: %v", c.Path, err)
		}
	}
}
