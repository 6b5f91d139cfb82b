// SPDX-License-Identifier: EUPL-1.2

package panel

import "time"

// Mixed is what Lit says of a time in which the lamps changed, or of which nothing is known.
const Mixed = "mixed"

const (
	// rise is how long a lamp may go on changing after its line has: LED drivers start softly.
	rise = 5 * time.Millisecond
	// remembered is how many changes a timeline keeps; frames are asked about within seconds.
	remembered = 64
)

// timeline remembers when the lamps changed. The zero value knows nothing.
type timeline struct{ changes []change } // oldest first

// change says that scene is lit since done at the latest, and nothing of the one before since began.
type change struct {
	scene       string
	began, done time.Time
}

// mark notes that the lamps were switched to a scene between began and done.
func (t *timeline) mark(scene string, began, done time.Time) {
	if len(t.changes) == remembered {
		t.changes = append(t.changes[:0], t.changes[1:]...)
	}
	t.changes = append(t.changes, change{scene, began, done})
}

// lit returns the scene that alone was lit from one instant to the other, or Mixed.
func (t *timeline) lit(from, to time.Time) string {
	for i := len(t.changes) - 1; i >= 0; i-- {
		c := t.changes[i]
		if c.began.After(to) {
			continue
		}
		if c.done.Add(rise).After(from) {
			return Mixed
		}
		return c.scene
	}
	return Mixed
}
