// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"time"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/ui/text"
)

// position shows the live picture with one thing to do. Signs have the names
// of the hints; "hold" stands for nothing to do.
func position(d *Document, s session.State, now time.Time, l text.Language) {
	d.Preview = true
	if s.Group == session.Infant {
		d.Text, d.Lure = l.Text("kiosk.position.guardian"), true
	}
	if s.Hint != "" {
		d.Hint = &Tip{s.Hint, l.Text("hint." + s.Hint)}
		if s.Slow {
			d.Warning = l.Text("kiosk.slow." + trouble(s.Hint))
		}
		return
	}
	d.Hint = &Tip{"hold", l.Text("kiosk.hold")}
	left := session.HoldStill - now.Sub(s.HintSince)
	d.Hold = int(max(left, time.Millisecond) / time.Millisecond)
}

// trouble is what kind of thing does not succeed, and so what is done about it.
func trouble(hint string) string {
	switch rule.Hint(hint) {
	case rule.HintNoFace, rule.HintDark:
		return "no-face"
	case rule.HintLeft, rule.HintRight, rule.HintUp, rule.HintDown, rule.HintNearer, rule.HintFarther:
		return "place"
	}
	return "other"
}
