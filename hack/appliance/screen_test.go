// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"image/png"
	"os"
	"strings"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// leads waits until the station's own screen, drawn without a browser, has a QR code that
// leads to the address whose end is given, and keeps a picture of it.
func (l *lobby) leads(name, end string) {
	l.Helper()
	l.until(time.Minute, "a QR code on the screen", func() error {
		if err := l.vm.screenshot(name); err != nil {
			return err
		}
		text, err := codeOn(name)
		if err == nil && (!strings.HasPrefix(text, "http://") || !strings.HasSuffix(text, end)) {
			err = fmt.Errorf("%s: the QR code says %q, want an address with %q", name, text, end)
		}
		return err
	})
}

// codeOn is what the QR code on a picture says.
func codeOn(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		return "", err
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		return "", err
	}
	got, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		return "", err
	}
	return got.GetText(), nil
}
