// SPDX-License-Identifier: EUPL-1.2

package model_test

import (
	"encoding/csv"
	"flag"
	"image"
	"image/draw"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/model"
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/rule"
)

// photoFolder lies beside the repository; it is not part of it.
const photoFolder = "../../../shared/photos"

// every thins the photos out; the figures come from -every 1:
//
//	go test ./image/model -run TestPhotos -every 1 -v
var every = flag.Int("every", 25, "judge one photo of so many")

// A shot is a photo as it is or altered, and what was measured on it. High is
// good in all values.
type shot struct {
	file, traits, alteration string
	cheeks                   float64 // brightness of the cheeks
	score                    map[string]float64
	plain                    map[rule.ID]float64 // what image/rule measures
}

func table(t *testing.T, name string) [][]string {
	t.Helper()
	file, err := os.Open(filepath.Join(photoFolder, name))
	if err != nil {
		t.Skipf("the test photos are not here: %v", err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// shots judges the photos that show one face.
func shots(t *testing.T) []shot {
	t.Helper()
	rows := table(t, "LANDMARKS.csv")
	placed := map[string]marks{}
	for _, row := range rows[1:] {
		m := marks{}
		for i, key := range rows[0][1:] {
			m[key], _ = strconv.ParseFloat(row[i+1], 64)
		}
		placed[row[0]] = m
	}
	photos := slices.DeleteFunc(table(t, "SOURCES.csv")[1:], func(row []string) bool {
		return strings.Contains(row[6], "no-face") || strings.Contains(row[6], "two-faces")
	})
	finder, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	var all []shot
	var mu sync.Mutex
	var done sync.WaitGroup
	for worker := range runtime.GOMAXPROCS(0) {
		done.Go(func() {
			for i := worker * *every; i < len(photos); i += runtime.GOMAXPROCS(0) * *every {
				list := look(t, finder, photos[i], placed[photos[i][0]])
				mu.Lock()
				all = append(all, list...)
				mu.Unlock()
			}
		})
	}
	done.Wait()
	return all
}

// look judges a photo and, where it is a neutral one with points, what it becomes
// when it is altered.
func look(t *testing.T, finder *face.Finder, row []string, m marks) (list []shot) {
	img := read(t, row[0])
	if img == nil {
		return nil
	}
	altered := map[string]*image.NRGBA{"": img}
	if m != nil && !strings.Contains(row[0], "smile") {
		altered["shut"] = shut(img, m, 0.97)
		altered["half"] = shut(img, m, 0.5)
		altered["tinted"] = tinted(img, m, 0.75)
		altered["strands"] = stranded(img, m)
	}
	for name, img := range altered {
		faces, err := finder.Find(img)
		if err != nil || len(faces) == 0 {
			continue
		}
		s, err := sample(img, faces[0])
		if err != nil {
			continue
		}
		list = append(list, shot{row[0], row[6], name, s.Cheeks(), scores(s), plain(img, faces[0])})
	}
	return list
}

func read(t *testing.T, name string) *image.NRGBA {
	file, err := os.Open(filepath.Join(photoFolder, name))
	if err != nil {
		t.Error(err)
		return nil
	}
	defer file.Close()
	photo, err := pixel.Decode(file)
	if err != nil {
		t.Error(err)
		return nil
	}
	img := image.NewNRGBA(photo.Bounds())
	draw.Draw(img, img.Rect, photo.Image, photo.Bounds().Min, draw.Src)
	return img
}

func sample(img image.Image, f face.Face) (*model.Sample, error) {
	p := pixel.Resample(img, model.Frame(f), model.Left, model.Top, model.Right, model.Bottom, model.PerUnit)
	return model.New(p, f)
}

func scores(s *model.Sample) map[string]float64 {
	yaw, pitch := s.Pose()
	return map[string]float64{
		model.EyeOpen: s.Eyes(), model.EyeVisible: s.Visible(), model.MouthOpen: -s.Open(), model.Smiling: -s.Smile(),
		model.Yaw: -math.Abs(yaw), model.Pitch: -math.Abs(pitch),
	}
}

// plain asks the rules, turned so that high is good.
func plain(img image.Image, f face.Face) map[rule.ID]float64 {
	p := rule.Whole(img, pixel.RGB24, []face.Face{f})
	out := map[rule.ID]float64{}
	for _, r := range rule.All() {
		v, err := r.Measure(p)
		switch r.ID {
		case "2.2":
			v = -v
		case "1.1":
			v = -math.Abs(v)
		}
		if err == nil {
			out[r.ID] = v
		}
	}
	return out
}
