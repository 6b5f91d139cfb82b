// SPDX-License-Identifier: EUPL-1.2

package pixel

import (
	"bytes"
	"encoding/binary"
)

// upright is the orientation of pictures that need no turn.
const upright = 1

// remarks is what a JPEG's header says beside size and coding.
type remarks struct {
	orientation int  // 1 to 8 as in Exif, upright when nothing sensible is said
	profile     bool // an embedded ICC profile that is not that of sRGB
}

// readRemarks walks the segments before the pixels. A damaged header ends the walk;
// whether the file is a picture is for the decoder to say.
func readRemarks(header []byte) remarks {
	found := remarks{orientation: upright}
	exif, icc := false, false
	for marker, body := range segments(header) {
		if tiff, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); ok && marker == 0xe1 && !exif {
			exif, found.orientation = true, orientation(tiff)
		}
		if chunk, ok := bytes.CutPrefix(body, []byte("ICC_PROFILE\x00")); ok && marker == 0xe2 && !icc && len(chunk) > 2 {
			icc, found.profile = true, !isSRGB(chunk[2:]) // behind its number and their count
		}
	}
	return found
}

// segments gives the markers of a JPEG's header and what they hold, up to the pixels.
func segments(header []byte) func(yield func(marker byte, body []byte) bool) {
	return func(yield func(byte, []byte) bool) {
		for rest := header[min(2, len(header)):]; len(rest) >= 4 && rest[0] == 0xff; {
			marker := rest[1]
			if marker == 0xff { // filling
				rest = rest[1:]
				continue
			}
			length := int(binary.BigEndian.Uint16(rest[2:]))
			if marker == 0xda || length < 2 || length+2 > len(rest) || !yield(marker, rest[4:length+2]) {
				return
			}
			rest = rest[length+2:]
		}
	}
}

// orientation reads it from the first directory of Exif's TIFF structure (CIPA
// DC-008, tag 0x0112).
func orientation(tiff []byte) int {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(tiff, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(tiff, []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return upright
	}
	const entry = 12
	directory := part(tiff, 4, 4)
	if directory == nil {
		return upright
	}
	at := uint64(order.Uint32(directory))
	head := part(tiff, at, 2)
	if head == nil {
		return upright
	}
	for i := range uint64(order.Uint16(head)) {
		e := part(tiff, at+2+i*entry, entry)
		if e == nil {
			return upright
		}
		const tag, short = 0x0112, 3
		if order.Uint16(e) != tag || order.Uint16(e[2:]) != short || order.Uint32(e[4:]) != 1 {
			continue
		}
		if v := int(order.Uint16(e[8:])); v >= 1 && v <= 8 {
			return v
		}
	}
	return upright
}

// part gives n bytes of data from an offset on, nil where there are fewer.
func part(data []byte, from, n uint64) []byte {
	if size := uint64(len(data)); from > size || n > size-from {
		return nil
	}
	return data[from : from+n]
}

// isSRGB tells it by the three primaries (ICC.1:2022, tags rXYZ, gXYZ and bXYZ),
// because the names of profiles differ. The tone curve is not looked at: that of
// other profiles with these primaries is as good as the same.
func isSRGB(profile []byte) bool {
	primaries := []struct {
		tag string
		xyz [3]float64 // adapted to D50
	}{
		{"rXYZ", [3]float64{0.4361, 0.2225, 0.0139}},
		{"gXYZ", [3]float64{0.3851, 0.7169, 0.0971}},
		{"bXYZ", [3]float64{0.1431, 0.0606, 0.7141}},
	}
	for _, p := range primaries {
		if got, ok := xyz(profile, p.tag); !ok || !near(got, p.xyz) {
			return false
		}
	}
	return true
}

func near(a, b [3]float64) bool {
	const rounding = 0.01
	for i := range a {
		if d := a[i] - b[i]; d > rounding || d < -rounding {
			return false
		}
	}
	return true
}

// xyz reads a tag of type XYZType, three numbers of 16.16 bits.
func xyz(profile []byte, tag string) (v [3]float64, ok bool) {
	const header, entry = 128, 12
	count := part(profile, header, 4)
	if count == nil {
		return v, false
	}
	for i := range uint64(binary.BigEndian.Uint32(count)) {
		e := part(profile, header+4+i*entry, entry)
		if e == nil {
			return v, false
		}
		if string(e[:4]) != tag {
			continue
		}
		data := part(profile, uint64(binary.BigEndian.Uint32(e[4:])), 20)
		if data == nil || string(data[:4]) != "XYZ " {
			return v, false
		}
		for k := range v {
			v[k] = float64(int32(binary.BigEndian.Uint32(data[8+4*k:]))) / (1 << 16)
		}
		return v, true
	}
	return v, false
}
