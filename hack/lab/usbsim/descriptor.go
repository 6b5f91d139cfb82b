// SPDX-License-Identifier: EUPL-1.2

package usbsim

const (
	streamingInterface = 1
	clock              = 48_000_000 // Hz
)

// Descriptors are those of a camera with one sensor (UVC 1.1, chapter 3).
func (c *Camera) Descriptors() (device, config []byte) {
	device = cat(18, 1, le16(0x0200), 0xef, 2, 1, 64, le16(c.Vendor), le16(c.Product), le16(0x0100), 1, 2, 3, 1)
	body := cat(
		8, 11, 0, 2, 0x0e, 3, 0, 2, // both interfaces belong together
		9, 4, 0, 0, 0, 0x0e, 1, 0, 2, unitDescriptors(),
	)
	if c.Iso {
		body = cat(body,
			9, 4, 1, 0, 0, 0x0e, 2, 0, 0, c.streamDescriptors(),
			9, 4, 1, 1, 1, 0x0e, 2, 0, 0,
			7, 5, 0x81, 5, le16(1024|2<<11), 1)
	} else {
		body = cat(body,
			9, 4, 1, 0, 1, 0x0e, 2, 0, 0, c.streamDescriptors(),
			7, 5, 0x81, 2, le16(512), 0)
	}
	return device, cat(9, 2, le16(9+len(body)), 2, 1, 0, 0x80, 250, body)
}

// unitDescriptors are sensor, processing unit and output, with bits for the controls of settings.
func unitDescriptors() []byte {
	units := cat(
		18, 0x24, 2, sensor, le16(0x0201), 0, 0, le16(0), le16(0), le16(0), 3, 0x2a, 0x00, 0x02,
		12, 0x24, 5, processing, sensor, le16(0), 2, 0x5b, 0x16, 0, 0,
		9, 0x24, 3, output, le16(0x0101), 0, processing, 0,
	)
	return cat(13, 0x24, 1, le16(0x0110), le16(13+len(units)), le32(clock), 1, streamingInterface, units)
}

// streamDescriptors are the formats with their sizes and rates.
func (c *Camera) streamDescriptors() []byte {
	var formats []byte
	n := 0
	if len(c.MJPEG) > 0 {
		n++
		formats = cat(11, 0x24, 6, n, len(c.MJPEG), 1, 1, 0, 0, 0, 0, frameDescriptors(7, c.MJPEG))
	}
	if len(c.YUY2) > 0 {
		n++
		guid := []byte{'Y', 'U', 'Y', '2', 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71}
		formats = cat(formats, 27, 0x24, 4, n, len(c.YUY2), guid, 16, 1, 0, 0, 0, 0, frameDescriptors(5, c.YUY2))
	}
	head := 13 + n
	return cat(head, 0x24, 1, n, le16(head+len(formats)), 0x81, 0, output, 0, 0, 0, 1, make([]byte, n), formats)
}

func frameDescriptors(subtype int, sizes []Size) []byte {
	var all []byte
	for i, s := range sizes {
		var rates []byte
		for _, fps := range s.FPS {
			rates = append(rates, le32(int(ticks(fps)))...)
		}
		bits := s.W * s.H * 16
		all = cat(all, 26+len(rates), 0x24, subtype, i+1, 0, le16(s.W), le16(s.H), le32(bits), le32(bits*30),
			le32(bits/8), le32(int(ticks(s.FPS[0]))), len(s.FPS), rates)
	}
	return cat(all, 6, 0x24, 0x0d, 1, 1, 4) // the colours of sRGB
}
