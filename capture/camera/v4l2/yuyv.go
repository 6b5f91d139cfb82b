// SPDX-License-Identifier: EUPL-1.2

package v4l2

import "image"

// decodeYUYV gives the picture of a YUYV frame (4:2:2, two pixels in four bytes). Its values are of
// limited range (BT.601: luma 16 to 235, colour 16 to 240), which V4L2 says of YUYV unless told
// otherwise; pictures in Go have the full range of JPEG.
func decodeYUYV(data []byte, size image.Point) (*image.YCbCr, error) {
	if size.X%2 != 0 || len(data) < 2*size.X*size.Y {
		return nil, errTorn
	}
	luma, colour := fullRange(16, 219), fullRange(128, 224)
	img := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio422)
	for pair := range size.X * size.Y / 2 {
		four := data[4*pair : 4*pair+4 : 4*pair+4]
		img.Y[2*pair], img.Y[2*pair+1] = luma[four[0]], luma[four[2]]
		img.Cb[pair], img.Cr[pair] = colour[four[1]], colour[four[3]]
	}
	return img, nil
}

// fullRange stretches values: zero becomes 0 for luma and 128 for colour, span becomes 255.
func fullRange(zero, span int) (table [256]uint8) {
	shift := 0
	if zero == 128 {
		shift = 128
	}
	for v := range table {
		scaled := (v - zero) * 255
		half := span / 2
		if scaled < 0 {
			half = -half
		}
		table[v] = uint8(min(max((scaled+half)/span+shift, 0), 255))
	}
	return table
}
