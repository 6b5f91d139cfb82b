// SPDX-License-Identifier: EUPL-1.2

package cameratest

// strand is one hair or lock: a line of places with a width, thin at its tip.
type strand struct {
	places []vec
	normal vec     // of the skin it grows on
	width  float64 // at the root, cm
	root   vec     // colour
	tip    vec
	gloss  float64
	loose  bool // hangs before the face and the glasses
}

// ribbons are the strands as bands that face the camera, turned with the head and lit.
func (b *body) ribbons(strands []strand) *mesh {
	const places = 9 // of most strands
	m := &mesh{strands: true, light: func(h *hit) vec { return h.paint }}
	m.vertices = make([]vertex, 0, 2*places*len(strands))
	m.triangles = make([][3]int32, 0, 2*places*len(strands))
	for i := range strands {
		b.ribbon(m, &strands[i])
	}
	return m
}

func (b *body) ribbon(m *mesh, s *strand) {
	last := len(s.places) - 1
	normal := b.turn.direction(s.normal)
	for i, p := range s.places {
		t := float64(i) / float64(last)
		along := b.turn.direction(s.places[min(i+1, last)].sub(s.places[max(i-1, 0)])).unit()
		colour := b.light.comb(s.root.mix(s.tip, t), along, normal, s.gloss)
		if !s.loose {
			colour = b.behind(colour, p)
		}
		place := b.place(p)
		aside := along.cross(vec{z: 1}).unit().mul(s.width / 2 * (1 - .75*t*t))
		first := int32(len(m.vertices))
		m.vertices = append(m.vertices,
			vertex{paint: colour, place: place.sub(aside)}, vertex{paint: colour, place: place.add(aside)})
		if i < last {
			m.triangles = append(m.triangles,
				[3]int32{first, first + 1, first + 2}, [3]int32{first + 1, first + 3, first + 2})
		}
	}
}
