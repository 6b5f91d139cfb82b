// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"io"
	"math"
	"os"
	"runtime"
	"time"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
	"github.com/fotobox-project/fotobox/image/quality"
	"github.com/fotobox-project/fotobox/image/record"
	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/ui/text"
)

const checkUsage = `usage: stationd check [--json] [--relative] [--measures] [--set adult|child|infant] [--lang de|en] [--crop OUT.jpg] PHOTO...

Judges photos by the rules of passport photos. A photo of 1244x1600 pixels is
taken as a finished portrait and judged as it is. From any other the portrait is
cut as the station cuts it, turned upright but never enlarged or padded, and the
cut is judged.

Exit status: 0 all accepted, 1 some not, 2 a file could not be judged.

`

// checker is one run of the command check.
type checker struct {
	json, relative bool
	measures       bool
	crop           string
	language       text.Language
	finder         *face.Finder
	set            rule.Set
	stdout, stderr io.Writer
}

// judgement is what is known of one photo; the JSON form is one line of --json.
type judgement struct {
	Photo  string `json:"photo"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	// Turned and Profile are as in pixel.Picture: width, height and points are those of
	// the upright picture, and another colour profile than sRGB's was not applied.
	Turned  bool `json:"turned,omitempty"`
	Profile bool `json:"profile,omitempty"`

	Faces  int          `json:"faces"`
	Eyes   [][2]float64 `json:"eyes"`  // pixels, left in the picture first; empty without a face
	Mouth  []float64    `json:"mouth"` // middle between the corners, pixels
	Report rule.Report  `json:"report"`
	Millis float64      `json:"ms"`
	// Measures of the photo as it is in the file; with --measures only.
	Measures []quality.Result `json:"measures,omitempty"`

	portrait image.Image
	whole    bool // the file is the portrait
}

// check judges the photos named in args and gives the exit status.
func check(args []string, stdout, stderr io.Writer) int {
	c := &checker{stdout: stdout, stderr: stderr}
	photos, err := c.flags(args)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err == nil {
		c.finder, err = face.New()
	}
	if err != nil {
		fmt.Fprintln(stderr, "stationd check:", err)
		return 2
	}
	status := 0
	for _, name := range photos {
		status = max(status, c.one(name))
		runtime.GC() // or the next picture would find the last one still in memory
	}
	return status
}

func (c *checker) flags(args []string) ([]string, error) {
	f := flag.NewFlagSet("check", flag.ContinueOnError)
	f.SetOutput(c.stderr)
	f.Usage = func() {
		fmt.Fprint(c.stderr, checkUsage)
		f.PrintDefaults()
	}
	f.BoolVar(&c.json, "json", false, "print one JSON object a line")
	f.BoolVar(&c.relative, "relative", false, "for photos with fewer pixels than a station's: report height, width and eye distance in pixels (5.1, 5.2, 5.7) without counting them")
	f.BoolVar(&c.measures, "measures", false, "report the measures of ISO/IEC 29794-5 and the ICAO photometry too; they count for nothing")
	f.StringVar(&c.crop, "crop", "", "write the judged portrait of the one photo to this `file` as JPEG")
	group := f.String("set", "adult", "judge an adult, a child below ten years or an infant below six: adult, child or infant")
	lang := f.String("lang", "en", "language of the table")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	known := false
	if c.language, known = text.Parse(*lang, text.Languages()); !known {
		return nil, fmt.Errorf("language %q is not one of %v", *lang, text.Languages())
	}
	if c.set, known = rule.SetFor(*group); !known {
		return nil, fmt.Errorf("set %q is not one of %v", *group, rule.Groups())
	}
	if c.relative {
		c.set = c.set.Relative()
	}
	switch {
	case f.NArg() == 0:
		return nil, errors.New("name at least one photo; see stationd check --help")
	case c.crop != "" && f.NArg() > 1:
		return nil, errors.New("--crop takes one photo")
	}
	return f.Args(), nil
}

// one judges one file, prints and gives its status.
func (c *checker) one(name string) int {
	j, err := c.judge(name)
	if err == nil {
		err = c.print(j)
	}
	if err == nil && c.crop != "" {
		err = c.write(j)
	}
	switch {
	case err != nil:
		fmt.Fprintf(c.stderr, "stationd check: %s: %v%s\n", name, err, remedy(err))
		return 2
	case j.Report.Verdict != rule.Accept:
		return 1
	}
	return 0
}

// remedy says what to do about a file that could not be judged.
func remedy(err error) string {
	switch {
	case errors.Is(err, os.ErrNotExist):
		return "; check the name"
	case errors.Is(err, os.ErrPermission):
		return "; ask for the right to read it"
	case errors.Is(err, pixel.ErrEmpty), errors.Is(err, pixel.ErrDamaged):
		return "; copy it again from the camera, or take the photo again"
	case errors.Is(err, pixel.ErrFormat):
		return "; save it as JPEG or PNG"
	case errors.Is(err, pixel.ErrTooLarge):
		return "; save it smaller"
	}
	return ""
}

func (c *checker) judge(name string) (judgement, error) {
	file, err := os.Open(name)
	if err != nil {
		return judgement{}, errors.Unwrap(err) // the name is printed anyway
	}
	defer file.Close()
	begun := time.Now()
	photo, err := pixel.Decode(file)
	if err != nil {
		return judgement{}, err
	}
	faces, err := c.finder.Find(photo.Image)
	if err != nil {
		return judgement{}, err
	}
	size := photo.Bounds().Size()
	j := judgement{
		Photo: name, Width: size.X, Height: size.Y, Turned: photo.Turned, Profile: photo.Profile,
		Faces: len(faces), Eyes: [][2]float64{}, Mouth: []float64{},
	}
	if len(faces) > 0 {
		j.locate(faces[0])
	}
	picture := j.picture(c.set, photo, faces)
	j.Report, j.portrait = rule.Judge(picture, c.set), picture.Image
	j.Millis = round(float64(time.Since(begun).Microseconds())/1000, 10)
	if c.measures {
		p := quality.New(photo.Image, faces)
		p.Pose = pose(j.Report)
		j.Measures = quality.Evaluate(p)
	}
	return j, nil
}

// pose is what the rules found of it, nil where they could not tell.
func pose(r rule.Report) *quality.Pose {
	found := map[rule.ID]float64{"1.1": math.NaN(), "1.2": math.NaN()}
	for _, f := range r.Findings {
		if _, asked := found[f.ID]; asked && f.Side != rule.Unclear {
			found[f.ID] = f.Value
		}
	}
	p := quality.Pose{Yaw: found["1.1"], Pitch: found["1.2"]}
	if math.IsNaN(p.Yaw) || math.IsNaN(p.Pitch) {
		return nil
	}
	return &p
}

func (j *judgement) locate(f face.Face) {
	j.Eyes = append(j.Eyes, [2]float64{round(f.EyeLeft.X, 100), round(f.EyeLeft.Y, 100)},
		[2]float64{round(f.EyeRight.X, 100), round(f.EyeRight.Y, 100)})
	j.Mouth = append(j.Mouth, round((f.MouthLeft.X+f.MouthRight.X)/2, 100), round((f.MouthLeft.Y+f.MouthRight.Y)/2, 100))
}

func round(v, parts float64) float64 { return math.Round(v*parts) / parts }

// picture is the file itself when it has a portrait's size, otherwise the cut
// from it. That no good cut exists is said by the findings on the nearest one.
func (j *judgement) picture(set rule.Set, photo pixel.Picture, faces []face.Face) *rule.Picture {
	if j.Width == portrait.Width && j.Height == portrait.Height {
		j.whole = true
		return rule.Whole(photo.Image, photo.ColourSpace, faces)
	}
	p, _, _ := rule.Cut(set, photo.Image, photo.ColourSpace, faces)
	return p
}

func (c *checker) print(j judgement) error {
	if c.json {
		return json.NewEncoder(c.stdout).Encode(j)
	}
	if j.Profile {
		fmt.Fprintf(c.stderr, "stationd check: %s: the colour profile is not applied; colours are judged as if they were sRGB\n", j.Photo)
	}
	return c.table(j)
}

var errNothingToCut = errors.New("no face was found, so that no portrait was written")

// write stores the judged portrait. A JPEG that is a portrait already, and lies as it
// is seen, is copied: coding it again would lose quality for nothing.
func (c *checker) write(j judgement) error {
	if j.Faces == 0 {
		return errNothingToCut
	}
	if j.whole && !j.Turned {
		data, err := os.ReadFile(j.Photo)
		if err != nil {
			return err
		}
		if bytes.HasPrefix(data, []byte("\xff\xd8")) {
			return os.WriteFile(c.crop, data, 0o600)
		}
	}
	taken, err := os.Stat(j.Photo)
	if err != nil {
		return err
	}
	out, err := os.OpenFile(c.crop, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(record.JPEG(out, j.portrait, taken.ModTime()), out.Close())
}
