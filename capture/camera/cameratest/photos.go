// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // photos
	_ "image/png"  // photos
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/disintegration/imaging"
)

// maxPixels bounds a photo: the largest camera that makes sense here has 36 megapixels.
const maxPixels = 36_000_000

// photos lists the folder's photos in the order of their names and checks their headers.
func photos(root *os.Root) ([]string, error) {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries { // sorted by name
		if isPhoto(e.Name()) {
			names = append(names, e.Name())
			if err := checkHeader(root, e.Name()); err != nil {
				return nil, err
			}
		}
	}
	if len(names) == 0 {
		return nil, errors.New("no photos in it (*.jpg, *.jpeg, *.png)")
	}
	return names, nil
}

func isPhoto(name string) bool {
	return slices.Contains([]string{".jpg", ".jpeg", ".png"}, strings.ToLower(path.Ext(name)))
}

// checkHeader says early that a file is no picture or too large, without decoding its pixels.
func checkHeader(root *os.Root, name string) error {
	f, err := root.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	c, _, err := image.DecodeConfig(f)
	if err != nil {
		return fmt.Errorf("photo %s: %w", name, err)
	}
	if c.Width*c.Height > maxPixels || c.Width*c.Height == 0 {
		return fmt.Errorf("photo %s: %dx%d pixels, want 1 to 36 megapixels", name, c.Width, c.Height)
	}
	return nil
}

// readPhoto decodes a photo and turns it upright.
func readPhoto(root *os.Root, name string) (image.Image, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img, err := imaging.Decode(f, imaging.AutoOrientation(true))
	if err != nil {
		return nil, fmt.Errorf("photo %s: %w", name, err)
	}
	return img, nil
}
