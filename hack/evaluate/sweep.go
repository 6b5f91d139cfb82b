// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"image"
	"math"

	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
	"github.com/fotobox-project/fotobox/image/rule"
)

// A sweep renders sitters along one parameter and follows a criterion.
type sweep struct {
	name string
	unit string // of the parameter
	id   rule.ID
	// at lists the parameter's values, rising.
	at  []float64
	set func(*cameratest.Sitter, float64)
	// exact tells that the criterion should give the parameter itself.
	exact bool
	// flat tells that the criterion should stay inside whatever the parameter is.
	flat bool
	// persons is how many of the persons sit for it, 1 when 0.
	persons int
}

func steps(from, to, by float64) (v []float64) {
	for i := 0; from+float64(i)*by <= to+by/1e6; i++ {
		v = append(v, from+float64(i)*by)
	}
	return v
}

// sweeps lists the parameters of a sitter and the criterion that each is for.
func sweeps() []sweep {
	type s = *cameratest.Sitter
	share := steps(0, 1, 0.125)
	angle := steps(-15, 15, 3)
	return []sweep{
		{name: "roll", unit: "degrees", id: "1.3", at: angle, exact: true, persons: 3, set: func(s s, v float64) { s.Roll = v }},
		{name: "yaw", unit: "degrees", id: "1.1", at: angle, exact: true, persons: 3, set: func(s s, v float64) { s.Yaw = v }},
		{name: "pitch", unit: "degrees", id: "1.2", at: angle, exact: true, persons: 3, set: func(s s, v float64) { s.Pitch = v }},
		{name: "smile", unit: "of a broad one", id: "2.1", at: share, set: func(s s, v float64) { s.Smile = v }},
		{name: "mouth opened", unit: "of wide open", id: "2.2", at: share, persons: 2, set: func(s s, v float64) { s.Mouth = v }},
		{name: "smile, teeth", unit: "of a broad one", id: "2.2", at: share, set: func(s s, v float64) { s.Smile = v }},
		{name: "eyes", unit: "of open", id: "3.1", at: share, persons: 3, set: func(s s, v float64) { s.Eyes = v }},
		{name: "glasses and covered eyes", unit: "0 without, 1 with clear glasses", id: "3.2", at: []float64{0, 1}, flat: true, persons: 3, set: func(s s, v float64) { s.Glasses = v > 0 }},
		{name: "gaze aside", unit: "degrees", id: "3.3", at: steps(0, 25, 5), persons: 2, set: func(s s, v float64) { s.GazeX = v }},
		{name: "gaze down", unit: "degrees", id: "3.3", at: steps(0, 25, 5), set: func(s s, v float64) { s.GazeY = -v }},
		{name: "background gradient", unit: "share of the light", id: "4.1", at: steps(0, 1, 0.2), set: func(s s, v float64) { s.Gradient = v }},
		{name: "head in the frame", unit: "share of the height", id: "5.4", at: steps(0.3, 0.9, 0.1), flat: true, set: func(s s, v float64) { s.Head = v }},
		{name: "head aside", unit: "share of the width", id: "5.6", at: steps(-0.3, 0.3, 0.1), set: func(s s, v float64) { s.X = v }},
		{name: "head lower", unit: "share of the height", id: "5.5", at: steps(-0.2, 0.2, 0.1), set: func(s s, v float64) { s.Y = v }},
		{name: "one lamp weaker", unit: "share of it", id: "6.1", at: steps(0, 1, 0.2), persons: 2, set: func(s s, v float64) { s.Lamps.Right = 1 - v; s.Lamps.Ambient = 0.5 }},
		{name: "light from above only", unit: "share of the lamps taken away", id: "6.2", at: steps(0, 1, 0.25), set: func(s s, v float64) {
			s.Lamps = cameratest.Lamps{Left: 1 - v, Right: 1 - v, Ambient: 1 + 2*v}
		}},
		{name: "all lamps", unit: "stops", id: "7.1", at: steps(-2, 2, 0.5), persons: 3, set: func(s s, v float64) {
			k := math.Exp2(v)
			s.Lamps = cameratest.Lamps{Left: k, Right: k, Ambient: k}
			s.Background = pixelOf(math.Pow(float64(s.Background.R)/255, 2.2) * k)
		}},
		{name: "hot spots by all lamps", unit: "stops", id: "6.3", at: steps(-1, 2, 0.5), set: func(s s, v float64) {
			k := math.Exp2(v)
			s.Lamps = cameratest.Lamps{Left: k, Right: k, Ambient: k}
		}},
		{name: "reflections on glasses", unit: "lamps' strength", id: "6.4", at: steps(0.5, 2, 0.5), set: func(s s, v float64) {
			s.Glasses = true
			s.Lamps.Left, s.Lamps.Right = v, v
		}},
		{name: "noise", unit: "levels", id: "7.2", at: steps(0, 20, 4), set: func(s s, v float64) { s.Noise = v }},
		{name: "skin and the eyes", unit: "0 light, 1 very dark", id: "3.1", at: steps(0, 1, 0.2), flat: true, set: func(s s, v float64) { s.Skin = v }},
		{name: "skin and exposure", unit: "0 light, 1 very dark", id: "7.1", at: steps(0, 1, 0.2), flat: true, set: func(s s, v float64) { s.Skin = v }},
		{name: "skin and colour", unit: "0 light, 1 very dark", id: "7.3", at: steps(0, 1, 0.2), flat: true, set: func(s s, v float64) { s.Skin = v }},
	}
}

// person is one of three sitters of light, brown and dark skin.
func person(n int) cameratest.Sitter {
	s := cameratest.Default()
	s.Head, s.Seed = 0.62, uint64(11+n)
	s.Skin = [3]float64{0.15, 0.5, 0.8}[n%3]
	return s
}

// A sitting is one render and what was found on it.
type sitting struct {
	sweep, person int
	at            float64
	result        result
	pupils        float64 // the worse error, inter-eye distances; NaN without a face
	head          float64 // error of the head's height, as a share of the portrait's height; positive = too tall
	hair          float64 // the same up to the top of the hair, which the outline shows
	open          bool    // eyes open and posture within 15 degrees
}

// swept is a sweep and its sittings, by person.
type swept struct {
	sweep
	series [][]sitting
}

// sweepAll renders and judges; every thins the values out, down to three.
func (e *engine) sweepAll(list []sweep, every int) ([]swept, error) {
	type job struct {
		sweep, person int
		at            float64
	}
	var jobs []job
	for i, s := range list {
		for n := range max(1, s.persons) {
			for _, at := range thinned(s.at, every) {
				jobs = append(jobs, job{i, n, at})
			}
		}
	}
	done, err := each(jobs, func(j job) ([]sitting, error) {
		s := person(j.person)
		list[j.sweep].set(&s, j.at)
		got, err := e.sit(s)
		got.sweep, got.person, got.at = j.sweep, j.person, j.at
		return []sitting{got}, err
	})
	out := make([]swept, len(list))
	for i, s := range list {
		out[i] = swept{s, make([][]sitting, max(1, s.persons))}
	}
	for _, d := range done {
		series := &out[d.sweep].series[d.person]
		*series = append(*series, d)
	}
	return out, err
}

// thinned keeps both ends and the middle at least.
func thinned(v []float64, every int) (kept []float64) {
	by := min(every, max(1, (len(v)-1)/2))
	for i, x := range v {
		if i%by == 0 || i == len(v)-1 {
			kept = append(kept, x)
		}
	}
	return kept
}

// sit renders and judges one sitter.
func (e *engine) sit(s cameratest.Sitter) (sitting, error) {
	img, truth := s.Render(image.Pt(480, 640))
	r, faces, err := e.judge(img, pixel.RGB24)
	got := sitting{result: r, pupils: math.NaN(), head: math.NaN(), hair: math.NaN()}
	got.open = s.Eyes == 1 && max(math.Abs(s.Yaw), math.Abs(s.Pitch), math.Abs(s.Roll)) <= 15
	if err != nil || len(faces) == 0 {
		return got, err
	}
	off := func(p face.Point, q cameratest.Point) float64 { return math.Hypot(p.X-q.X, p.Y-q.Y) / truth.IED() }
	f := faces[0]
	got.pupils = max(off(f.EyeLeft, truth.PupilLeft), off(f.EyeRight, truth.PupilRight))
	height := portrait.Measure(img, f).Height()
	got.head, got.hair = tooTall(height, truth.Chin, truth.Crown), tooTall(height, truth.Chin, truth.Top)
	return got, nil
}

// tooTall is by how much of the portrait's height a head is drawn too tall, when the
// crop makes the measured height 0.75 of it.
func tooTall(measured float64, chin, crown cameratest.Point) float64 {
	return 0.75 * (1 - math.Hypot(chin.X-crown.X, chin.Y-crown.Y)/measured)
}

// values of the sweep's criterion along one person's sittings.
func (s swept) values(person int) (x, y []float64) {
	for _, d := range s.series[person] {
		if f, ok := d.result.finding(s.id); ok {
			x, y = append(x, d.at), append(y, f.Value)
		}
	}
	return x, y
}

// judged tells whether the set has the sweep's criterion.
func (s swept) judged(set rule.Set) bool { _, ok := set.Limits[s.id]; return ok }
