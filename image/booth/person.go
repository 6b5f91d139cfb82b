// SPDX-License-Identifier: EUPL-1.2

package booth

// person is head, hair and body: what is not the wall near the head, and further
// out what hangs together with it, however voluminous the hair is. What reaches
// the picture's edge above the chin is no hair, but a thing or a pattern that
// passes behind the head.
func (t *trial) person() []bool {
	person := make([]bool, cells)
	for o := range cells {
		person[o] = !t.wall[o] && !t.apart(o)
	}
	seen := make([]bool, cells)
	for o := range cells {
		if t.wall[o] || !t.apart(o) || seen[o] {
			continue
		}
		if piece, hair := t.piece(o, seen); hair {
			for _, n := range piece {
				person[n] = true
			}
		}
	}
	return person
}

// piece is what hangs together with a cell apart that is not the wall, and whether
// it is hair: beside the head and away from the picture's edge.
func (t *trial) piece(from int, seen []bool) (piece []int, hair bool) {
	touches, edge := false, false
	seen[from] = true
	piece = []int{from}
	for k := 0; k < len(piece); k++ { // piece grows meanwhile
		o := piece[k]
		edge = edge || o%Columns == 0 || o%Columns == Columns-1 || o < Columns
		for _, n := range beside(o) {
			switch {
			case n < 0 || t.wall[n] || seen[n]:
			case t.apart(n):
				seen[n], piece = true, append(piece, n)
			case t.y[n] < hairEnds:
				touches = true
			}
		}
	}
	return piece, touches && !edge
}

// hairEnds is below the eyes in inter-eye distances: what touches the body only is
// a thing beside it.
const hairEnds = 0.6
