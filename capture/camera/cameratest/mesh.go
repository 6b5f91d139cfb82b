// SPDX-License-Identifier: EUPL-1.2

package cameratest

// vertex is a corner of a mesh.
type vertex struct {
	paint vec // what the painter looks at: the place on the undeformed, unturned body, or a colour
	place vec // in front of the camera, cm
	along vec // normal of a surface, direction of a strand
}

// hit is a point of a mesh that a pixel shows.
type hit struct {
	paint vec
	along vec
	pixel float64 // width of a pixel there, cm
}

// matter is how a point of a surface answers to light.
type matter struct {
	colour vec     // albedo, linear
	gloss  float64 // strength of the highlight
	shade  float64 // 1 = open to all light, 0 = none comes there
}

// mesh is a surface of triangles with its painter.
type mesh struct {
	vertices  []vertex
	triangles [][3]int32
	light     func(*hit) vec // the colour that a hit sends to the camera
	hole      func(vec) bool // nil, or says where (vertex.paint) there is no surface
	closed    bool           // its inside is never seen
	painted   bool           // with lines finer than the pixels of a preview
	strands   bool           // too thin to share one colour between the samples of a pixel
}

// grid makes the triangles of rows x columns vertices, row by row; wrap joins last and first column.
func grid(rows, columns int, wrap bool) [][3]int32 {
	across := columns - 1
	if wrap {
		across = columns
	}
	t := make([][3]int32, 0, 2*(rows-1)*across)
	for j := range rows - 1 {
		for i := range across {
			a, b := int32(j*columns+i), int32(j*columns+(i+1)%columns)
			c, d := a+int32(columns), b+int32(columns)
			t = append(t, [3]int32{a, b, c}, [3]int32{b, d, c})
		}
	}
	return t
}

// normals sets along of each vertex to the mean normal of its triangles.
func (m *mesh) normals() {
	v := m.vertices
	for i := range v {
		v[i].along = vec{}
	}
	for _, t := range m.triangles {
		a := v[t[0]].place
		n := v[t[1]].place.sub(a).cross(v[t[2]].place.sub(a))
		for _, i := range t {
			v[i].along = v[i].along.add(n)
		}
	}
	for i := range v {
		v[i].along = v[i].along.unit()
	}
}
