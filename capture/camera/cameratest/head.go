// SPDX-License-Identifier: EUPL-1.2

package cameratest

import "math"

// head is the skin of the head and what the face does. Its places are those of the unturned head:
// the origin is the middle between the eyes' corners, on the axis of the skull.
type head struct {
	skull skull
	line  hairline
	lids  lids
	mouth float64 // how far the jaw is down, 0..1
	smile float64 // 0..1
	teeth float64 // how far the lips are drawn apart, 0..1
}

func newHead(s Sitter) *head {
	return &head{skull: newSkull(), line: newHairline(), lids: lids{open: s.Eyes, squint: s.Squint}, mouth: s.Mouth, smile: s.Smile, teeth: s.Teeth}
}

// surface is the neutral face at (x, y).
func (h *head) surface(x, y float64) vec {
	z, frontal := h.skull.at(y).face(x)
	return vec{x, y, lidded(x, y, z+relief(x, y)*smooth(.1, .6, frontal))}
}

// around is the neutral head at height y and angle a.
func (h *head) around(y, a float64) vec {
	x, z := h.skull.at(y).around(a)
	if math.Abs(a) < math.Pi/2 {
		return h.surface(x, y)
	}
	return vec{x, y, z}
}

// moved is where the face's expression takes a place of the neutral face.
func (h *head) moved(p vec) vec {
	if p.z < 0 || p.y < 1 {
		return p
	}
	return h.smiling(p).add(bow(p)).add(vec{0, h.drop(p), -.35 * h.mouth * smooth(mouthY, 10, p.y)})
}

// drop is how far the lower jaw takes p down: the lips part at the slit, less at its ends.
func (h *head) drop(p vec) float64 {
	below := min(max((p.y-mouthY+slit)/(2*slit), 0), 1)
	t := p.x / mouthHalf
	lip := math.Sqrt(max(0, 1-t*t))
	jaw := lip + (1-lip)*smooth(mouthY, mouthY+2.2, p.y)
	teeth := .35 * smooth(.35, 1, h.smile) * lip * (1 - smooth(mouthY+.6, mouthY+1.4, p.y))
	parted := .6 * h.teeth * lip * (1 - smooth(mouthY+.6, mouthY+1.6, p.y))
	raised := .3 * h.teeth * lip * (1 - below) * smooth(mouthY-1.6, mouthY-.5, p.y)
	return below*(1.5*h.mouth*jaw+teeth+parted) - raised
}

// bow is the curve of the lips: their middle hangs a little.
func bow(p vec) vec {
	return vec{y: .05 * math.Cos(p.x*1.9) * hump(p.x, 3.2) * hump(p.y-mouthY, 1.5)}
}

// smiling pulls the corners of the mouth out and up and lifts the cheeks.
func (h *head) smiling(p vec) vec {
	if h.smile == 0 {
		return p
	}
	ax := math.Abs(p.x)
	corner := bell(max(0, ax-mouthHalf), 1.1) * min(1, ax*ax/(mouthHalf*mouthHalf)) * bell(p.y-mouthY, 1)
	cheek := bell(ax-4, 1.2) * bell(p.y-3.6, 1.3)
	return p.add(vec{
		sign(p.x) * .55 * corner,
		-.55*corner - .25*cheek,
		.3*cheek - .25*corner,
	}.mul(h.smile))
}

// skin is the mesh of the head without its eyes, its triangles about edge cm wide in the face.
func (h *head) skin(edge float64) *mesh {
	ys, as := heights(edge), angles(int(30/edge))
	m := &mesh{vertices: make([]vertex, 0, len(ys)*len(as)), triangles: grid(len(ys), len(as), true), closed: true}
	for _, y := range ys {
		for _, a := range as {
			p := h.around(y, a)
			m.vertices = append(m.vertices, vertex{paint: p, place: h.moved(h.haired(p))})
		}
	}
	m.hole = h.opening
	return m
}

// opening reports whether an eyeball and not skin is at p.
func (h *head) opening(p vec) bool { return p.z > 5 && h.lids.between(p.x, p.y) }

// haired is p lifted by the mass of the hair, which the locks lie on.
func (h *head) haired(p vec) vec {
	if depth := h.line.depth(p); depth > 0 {
		return p.add(shellNormal(p).mul(volume(p, depth)))
	}
	return p
}

// balls is the mesh of both eyeballs' front halves; paint is their place, too.
func (h *head) balls(eyes [2]eyeball) *mesh {
	const rows, columns = 40, 56
	m := &mesh{}
	for i, e := range eyes {
		for j := range rows * columns {
			b := (float64(j/columns)/(rows-1) - .5) * 2.6
			a := (float64(j%columns)/(columns-1) - .5) * 2.8
			d := vec{math.Sin(a) * math.Cos(b), math.Sin(b), math.Cos(a) * math.Cos(b)}
			p := e.surface(d)
			m.vertices = append(m.vertices, vertex{paint: p, place: p})
		}
		for _, t := range grid(rows, columns, false) {
			first := int32(i * rows * columns)
			m.triangles = append(m.triangles, [3]int32{t[0] + first, t[1] + first, t[2] + first})
		}
	}
	return m
}
