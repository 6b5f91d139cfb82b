// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// A photo is one row of SOURCES.csv.
type photo struct {
	path   string
	name   string
	traits traits
	marks  marks // placed by hand; nil where LANDMARKS.csv has no row
}

// marks are the points of one face that were placed by hand, pixels, under the
// names of the columns of LANDMARKS.csv: "eye_l_x".
type marks map[string]float64

// readFolder lists the photos of a folder, one of so many.
func readFolder(dir string, every int) ([]photo, error) {
	rows, err := readTable(filepath.Join(dir, "SOURCES.csv"))
	if err != nil {
		return nil, err
	}
	points, err := readMarks(filepath.Join(dir, "LANDMARKS.csv"))
	if err != nil {
		return nil, err
	}
	var list []photo
	for i, row := range rows {
		name := row["file"]
		if i%every != 0 {
			continue
		}
		if name == "" || filepath.Base(name) != name {
			return nil, fmt.Errorf("read %s: row %d: file %q is no name", filepath.Join(dir, "SOURCES.csv"), i+2, name)
		}
		list = append(list, photo{filepath.Join(dir, name), name, labelled(name, row["traits"]), points[name]})
	}
	return list, nil
}

// readTable gives the rows of a file with a header, by column.
func readTable(path string) ([]map[string]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	var list []map[string]string
	for i := 1; i < len(rows); i++ {
		row := map[string]string{}
		for column, key := range rows[0] {
			row[key] = rows[i][column]
		}
		list = append(list, row)
	}
	return list, nil
}

// readMarks gives the points by file; a folder without them has none.
func readMarks(path string) (map[string]marks, error) {
	rows, err := readTable(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	all := map[string]marks{}
	for _, row := range rows {
		at := marks{}
		for key, text := range row {
			if key == "file" {
				continue
			}
			v, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return nil, fmt.Errorf("read %s: %s: %s: %w", path, row["file"], key, err)
			}
			at[key] = v
		}
		all[row["file"]] = at
	}
	return all, err
}

// eyes is the frame between the pupils: unit one inter-eye distance.
func (m marks) eyes() pixel.Frame {
	lx, ly, rx, ry := m["eye_l_x"], m["eye_l_y"], m["eye_r_x"], m["eye_r_y"]
	return pixel.Frame{X: (lx + rx) / 2, Y: (ly + ry) / 2, Ux: rx - lx, Uy: ry - ly}
}

// open decodes the photo.
func (p photo) open() (*image.NRGBA, pixel.ColourSpace, error) {
	file, err := os.Open(p.path)
	if err != nil {
		return nil, 0, err
	}
	defer file.Close()
	photo, err := pixel.Decode(file)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", p.name, err)
	}
	b := photo.Bounds()
	img := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(img, img.Rect, photo.Image, b.Min, draw.Src)
	return img, photo.ColourSpace, nil
}

// roll of a frame in degrees, positive = clockwise in the picture.
func roll(f pixel.Frame) float64 { return math.Atan2(f.Uy, f.Ux) * 180 / math.Pi }

// traits are the labels of a photo.
type traits []string

func labelled(name, text string) traits {
	t := traits(strings.Fields(text))
	if showsTeeth(name) {
		t = append(t, "smile-teeth")
	}
	return t
}
