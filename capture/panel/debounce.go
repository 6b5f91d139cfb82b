// SPDX-License-Identifier: EUPL-1.2

package panel

import "time"

// steadyFor is how long a level must hold. Contacts of keys bounce for 1 to 10 ms, and nobody
// presses one for less than 40. The kernel could debounce too, but periph does not ask it to.
const steadyFor = 20 * time.Millisecond

// debounce accepts a level that has held long enough.
type debounce struct {
	steady Inputs // what was accepted last
	raw    Inputs // what was read last
	since  [inputs]time.Time
}

// feed takes the levels that were read at now, and returns the inputs whose steady level changed.
func (d *debounce) feed(now time.Time, raw Inputs) (changed []Input) {
	for in := range raw {
		if raw[in] != d.raw[in] {
			d.raw[in], d.since[in] = raw[in], now
		}
		if d.raw[in] != d.steady[in] && now.Sub(d.since[in]) >= steadyFor {
			d.steady[in] = d.raw[in]
			changed = append(changed, Input(in))
		}
	}
	return changed
}

// wait is how long nothing will become steady by itself; at most the pulse.
func (d *debounce) wait(now time.Time) time.Duration {
	wait := pulse
	for in := range d.raw {
		if d.raw[in] != d.steady[in] {
			wait = min(wait, d.since[in].Add(steadyFor).Sub(now))
		}
	}
	return max(wait, time.Millisecond)
}
