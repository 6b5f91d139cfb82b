// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

var (
	// ErrHeld is wrapped when another program, such as a station that is running, or a driver of the
	// kernel has one of the lines.
	ErrHeld = errors.New("another program or driver has the lines")
	// errNoChip is wrapped when no chip has the label.
	errNoChip = errors.New("no such GPIO chip")
)

// lines are requested GPIO lines; bits count from 0 in the order of the request.
type lines interface {
	// Out sets the levels of the outputs whose bits are in mask, all at once.
	Out(bits, mask uint64) error
	// Wait returns all levels when an input changed and after d at the latest.
	Wait(d time.Duration) (uint64, error)
	Close() error
}

// An input is a line that is read; low says that it is on while the line is low, and pulled up.
type input struct {
	what Input
	line string
	low  bool
}

// hardware is the panel on the kernel's GPIO lines and PWM channels.
type hardware struct {
	settings Settings
	request  func(label string, outputs []string, ins []input) (lines, error)
	class    string // of PWM chips

	missed []string // the nodes among which the chip was not
	why    error
}

var _ Device = (*hardware)(nil)

// Hardware returns the panel that settings describe; Check has passed them. One of a program may be
// open at a time.
func Hardware(s Settings) Device { return &hardware{settings: s, request: request, class: pwmClass} }

// String names the chip.
func (h *hardware) String() string { return h.settings.Chip }

// Open takes the lines and PWM channels. A chip that is not there is looked for again only when a
// chip has come or gone.
func (h *hardware) Open() (Board, error) {
	now := nodes()
	if h.why != nil && slices.Equal(now, h.missed) {
		return nil, h.why
	}
	h.why = nil
	b := &board{}
	outputs, ins := h.plan(b)
	var err error
	if b.lines, err = h.request(h.settings.Chip, outputs, ins); err != nil {
		if errors.Is(err, errNoChip) {
			h.missed, h.why = now, err
		}
		return nil, err
	}
	if err := h.light(b); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// plan gives every line its bit and says which lines are needed.
func (h *hardware) plan(b *board) (outputs []string, ins []input) {
	for _, lamp := range Lamps() {
		if line := h.settings.Lamps[lamp.String()].Line; line != "" {
			b.lamps[lamp] = 1 << len(outputs)
			outputs = append(outputs, line)
		}
	}
	if h.settings.Power != "" {
		b.power = 1 << len(outputs)
		outputs = append(outputs, h.settings.Power)
	}
	for i, name := range keyNames() {
		if line := h.settings.Keys[name]; line != "" {
			ins = append(ins, input{LeftKey + Input(i), line, true})
		}
	}
	if h.settings.Occupied != "" {
		ins = append(ins, input{Occupied, h.settings.Occupied, false})
	}
	if h.settings.Headphones != "" {
		ins = append(ins, input{Headphones, h.settings.Headphones, true})
	}
	for i, in := range ins {
		b.inputs[in.what] = 1 << (len(outputs) + i)
		if in.low {
			b.low |= b.inputs[in.what]
		}
	}
	return outputs, ins
}

// light takes the dimmed lamps, dark, and only then gives them power: no lamp blinks.
func (h *hardware) light(b *board) error {
	for _, lamp := range Lamps() {
		w := h.settings.Lamps[lamp.String()]
		if w.PWM == "" {
			continue
		}
		c, err := openChannel(h.class, w.PWM, w.Channel)
		if err != nil {
			return fmt.Errorf("lamp %s: %w", lamp, err)
		}
		b.dimmed[lamp] = dimmed{c, w.full()}
	}
	if b.power == 0 {
		return nil
	}
	return b.lines.Out(b.power, b.power)
}

// board is the opened hardware.
type board struct {
	lines  lines
	lamps  [lamps]uint64 // bit of each lamp that hangs on a line, else 0
	dimmed [lamps]dimmed
	power  uint64
	inputs [inputs]uint64
	low    uint64 // inputs that are on while low
}

// dimmed is a lamp on PWM; the zero value is none.
type dimmed struct {
	*channel
	full float64
}

// Light sets the dimmed lamps one by one and then all lines at once.
func (b *board) Light(l Levels) error {
	var err error
	var bits, mask uint64
	for lamp, level := range l {
		if d := b.dimmed[lamp]; d.channel != nil {
			err = errors.Join(err, d.set(level*d.full))
		}
		mask |= b.lamps[lamp]
		if level >= 0.5 {
			bits |= b.lamps[lamp]
		}
	}
	if mask == 0 { // periph takes 0 for all
		return err
	}
	return errors.Join(err, b.lines.Out(bits, mask))
}

func (b *board) Wait(d time.Duration) (in Inputs, err error) {
	bits, err := b.lines.Wait(d)
	if err != nil {
		return in, fmt.Errorf("GPIO lines: %w", err)
	}
	bits ^= b.low
	for i, bit := range b.inputs {
		in[i] = bits&bit != 0
	}
	return in, nil
}

// Close takes the power from the lamps before anything else.
func (b *board) Close() error {
	var err error
	if b.power != 0 {
		err = b.lines.Out(0, b.power)
	}
	err = errors.Join(err, b.Light(Levels{}))
	for _, d := range b.dimmed {
		if d.channel != nil {
			err = errors.Join(err, d.close())
		}
	}
	return errors.Join(err, b.lines.Close())
}
