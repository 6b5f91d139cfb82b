// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"image"
	"math/rand/v2"

	"github.com/fotobox-project/fotobox/image/rule"
)

// A fault makes a bad photo of a good one in one known way.
type fault struct {
	name string
	// ids are the criteria that may catch it, the one that should first. None:
	// the alteration is harmless, and nothing may reject the photo for it.
	ids   []rule.ID
	alter func(*canvas, *rand.Rand) *image.NRGBA
	// hand tells that points placed by hand are needed; other photos are left out.
	hand bool
}

// faults lists what the photos lack. Sizes are in inter-eye distances (IED); light
// is altered in linear values.
func faults() []fault {
	ids := func(list ...rule.ID) []rule.ID { return list }
	list := []fault{
		{"lids shut", ids("3.1"), lids(0.97), true},
		{"lids half shut", ids("3.1"), lids(0.5), true},
		{"one lid shut", ids("3.1"), wink(0.97), true},
		{"mouth open 5 % IED", ids("2.2", "2.1"), gape(0.05, false), true},
		{"mouth open 12 % IED", ids("2.2", "2.1"), gape(0.12, false), true},
		{"teeth 8 % IED", ids("2.2", "2.1"), gape(0.08, true), true},

		{"roll 9", ids("1.3"), rolled(9), false},
		{"roll 10", ids("1.3"), rolled(10), false},
		{"roll 14", ids("1.3"), rolled(14), false},
		{"roll -10", ids("1.3"), rolled(-10), false},
		{"roll -14", ids("1.3"), rolled(-14), false},

		{"strands over an eye", ids("3.2", "3.1"), strands, false},
		{"cloth over an eye", ids("3.2", "3.1"), cloth, false},
		{"tinted lenses 60 %", ids("3.2", "6.4"), spectacles(0.4), false},
		{"tinted lenses 85 %", ids("3.2", "6.4"), spectacles(0.15), false},
		{"glare on glasses", ids("6.4", "6.3"), glare, false},

		{"background stripes", ids("4.1"), behind(stripes), false},
		{"background door", ids("4.1"), behind(door), false},
		{"background gradient 50 %", ids("4.1"), behind(slope(0.5)), false},
		{"background clutter", ids("4.1"), behind(clutter), false},
		{"background picture", ids("4.1"), behind(picture), false},
		{"shadow behind", ids("4.2", "4.1"), shadowBehind, false},
		{"second face beside", ids("4.3"), beside(0.6), false},
		{"second face behind", ids("4.3"), beside(0.4), false},
		{"same person twice", ids("4.3"), beside(1), false},
	}
	return append(append(list, lightFaults()...), harmless()...)
}

func lightFaults() []fault {
	ids := func(list ...rule.ID) []rule.ID { return list }
	return []fault{
		{"side light 1.5", ids("6.1", "6.2"), sideLight(1.5), false},
		{"side light 2", ids("6.1", "6.2"), sideLight(2), false},
		{"side light 3", ids("6.1", "6.2"), sideLight(3), false},
		{"dark eye sockets", ids("6.2", "6.1"), sockets(0.3), false},
		{"hot spots", ids("6.3", "7.1"), hotSpots, false},
		{"gain +1 stop", ids("7.1", "6.3"), gain(1), false},
		{"gain +1.5 stops", ids("7.1", "6.3"), gain(1.5), false},
		{"gain -1 stop", ids("7.1"), gain(-1), false},
		{"gain -1.5 stops", ids("7.1"), gain(-1.5), false},
		{"blur 0.5 % IED", ids("7.2"), blurred(0.005), false},
		{"blur 1 % IED", ids("7.2"), blurred(0.01), false},
		{"blur 2 % IED", ids("7.2"), blurred(0.02), false},
		{"motion 6 % IED", ids("7.2"), moved(0.06), false},
		{"noise 18 levels", ids("7.2"), noisy(18), false},
		{"cast red", ids("7.3"), cast(1.4, 1, 0.75), false},
		{"cast blue", ids("7.3"), cast(0.75, 1, 1.4), false},
		{"cast green", ids("7.3"), cast(0.85, 1.3, 0.85), false},
		{"red eyes", ids("7.4"), redEyes, false},
		{"without colour", ids("7.5", "7.3"), grey, false},
		{"contrast 45 %", ids("7.6"), contrast(0.45), false},
	}
}

// harmless alterations keep a photo as the rules want it.
func harmless() []fault {
	return []fault{
		{"harmless: gain +0.2 stops", nil, gain(0.2), false},
		{"harmless: gain -0.4 stops", nil, gain(-0.4), false},
		{"harmless: roll 5", nil, rolled(5), false},
		{"harmless: noise 3 levels", nil, noisy(3), false},
		{"harmless: clear glasses", nil, spectacles(1), false},
		{"harmless: light grey background", nil, behind(tone(0.8)), false},
		{"harmless: wall darker below", nil, behind(below(0.25)), false},
	}
}
