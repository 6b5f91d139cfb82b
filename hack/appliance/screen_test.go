// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"image/png"
	"os"
	"strings"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// leads checks that the QR code on a picture of the screen leads to the address whose end is given.
func (l *lobby) leads(name, end string) {
	l.Helper()
	f, err := os.Open(name)
	check(l.T, err)
	defer f.Close()
	img, err := png.Decode(f)
	check(l.T, err)
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	check(l.T, err)
	got, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		l.Errorf("%s: no QR code on the screen: %v", name, err)
	} else if text := got.GetText(); !strings.HasPrefix(text, "http://") || !strings.HasSuffix(text, end) {
		l.Errorf("%s: the QR code says %q, want an address with %q", name, text, end)
	}
}
