// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/xml"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/internal/problem"
)

// mostPicture bounds a picture's bytes. TR-03122 sends up to 2.1 MB; a PNG of the
// largest picture that is decoded has about this size.
const mostPicture = 64 << 20

// testCases are the cases of BSI TR-03122-3 that this interface serves: quality
// assessment of facial images, and their cropping, which the findings 5.1 to 5.7 tell.
func testCases() []string { return []string{"TC-QA-FI-GID-001", "TC-BIP-FI-GID-001"} }

// A conformance answers the test interface of BSI TR-03122: one picture in, every
// criterion out. The pictures are those of a test and not of this station's camera:
// they are judged by themselves, never against the empty scene.
type conformance struct {
	finder *face.Finder
	set    rule.Set
	log    *slog.Logger
	turn   chan struct{} // one picture at a time: each takes the memory of a photo
	// patience bounds how long a body may take to come, for whoever sends one has the turn.
	patience time.Duration
}

// conformance makes the maintenance listener's handler.
func (st *station) conformance() http.Handler {
	return newConformance(conformance{finder: st.watch.Face, set: rule.DePassport2025(), log: st.log, patience: 30 * time.Second})
}

func newConformance(c conformance) http.Handler {
	c.turn = make(chan struct{}, 1)
	const path = "/TR03122/{testcase}/{version}"
	mux := http.NewServeMux()
	mux.Handle("GET "+path, problem.Handler(c.log, c.describe))
	mux.Handle("POST "+path, problem.Handler(c.log, c.judge))
	mux.Handle(path, problem.Only("GET, POST"))
	mux.Handle("/", problem.Missing())
	return http.NewCrossOriginProtection().Handler(mux)
}

// isVersion tells whether text is numbers and points.
func isVersion(text string) bool {
	for part := range strings.SplitSeq(text, ".") {
		if _, err := strconv.ParseUint(part, 10, 16); err != nil {
			return false
		}
	}
	return len(text) <= 16
}

// test reads the path, and the group of age when one is named.
func (c conformance) test(r *http.Request) (testResult, error) {
	id, version := r.PathValue("testcase"), r.PathValue("version")
	if !slices.Contains(testCases(), id) {
		return testResult{}, problem.New(http.StatusNotFound, "test-case", "there is no such test case").Because("test cases are TC-QA-FI-GID-001 and TC-BIP-FI-GID-001")
	}
	if !isVersion(version) {
		return testResult{}, problem.New(http.StatusNotFound, "version", "that is no version of a test case").Because("a version is numbers and points, such as 1.0")
	}
	set := c.set
	if group := r.URL.Query().Get("group"); group != "" {
		var known bool
		if set, known = rule.SetFor(group); !known {
			return testResult{}, problem.New(http.StatusBadRequest, "group", "there is no such group of age").Because("groups are adult, child and infant")
		}
	}
	return testResult{TestCase: id, Version: version, set: set, Configuration: configurationOf(set)}, nil
}

// describe answers with the configuration alone.
func (c conformance) describe(w http.ResponseWriter, r *http.Request) error {
	t, err := c.test(r)
	if err != nil {
		return err
	}
	return t.write(w)
}

// judge answers with every finding on the picture in the body.
func (c conformance) judge(w http.ResponseWriter, r *http.Request) error {
	t, err := c.test(r)
	if err == nil {
		err = media(r.Header)
	}
	if err != nil {
		return err
	}
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-r.Context().Done():
		return r.Context().Err()
	}
	photo, err := c.receive(w, r)
	if p, ok := errors.AsType[*problem.Problem](err); ok {
		p.ServeHTTP(w, r) // here, for after a read that failed nobody above answers
		return nil
	}
	if err != nil {
		return err
	}
	faces, err := c.finder.Find(photo.Image)
	if err != nil {
		return err
	}
	size := photo.Bounds().Size()
	j := judgement{Width: size.X, Height: size.Y}
	report := rule.Judge(j.picture(t.set, photo, faces), t.set)
	t.Picture = &pictureResult{Width: size.X, Height: size.Y, Colour: photo.ColourSpace.String(), Faces: len(faces)}
	t.Quality = &qualityResult{Verdict: string(report.Verdict)}
	for _, f := range report.Findings {
		t.Quality.Results = append(t.Quality.Results, resultOf(f))
	}
	return t.write(w)
}

// receive decodes the picture in the body.
func (c conformance) receive(w http.ResponseWriter, r *http.Request) (pixel.Picture, error) {
	until := time.Now().Add(c.patience)
	if err := http.NewResponseController(w).SetReadDeadline(until); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return pixel.Picture{}, err
	}
	photo, err := pixel.Decode(http.MaxBytesReader(w, r.Body, mostPicture))
	return photo, pictureProblem(err)
}

// media refuses a body that says itself that it is no picture. Only the bytes tell
// what a picture is: a type that says nothing, and that which curl sets by itself,
// are taken as well.
func media(h http.Header) error {
	refused := problem.New(http.StatusUnsupportedMediaType, "media-type", "the body is not a picture").
		Because("send the bytes of one JPEG or PNG file, as image/jpeg, image/png or application/octet-stream")
	if coding := h.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return refused.Because("send the picture without Content-Encoding")
	}
	named := h.Get("Content-Type")
	if named == "" {
		return nil
	}
	kind, _, err := mime.ParseMediaType(named)
	switch {
	case err != nil:
		return refused
	case strings.HasPrefix(kind, "image/"), kind == "application/octet-stream", kind == "application/x-www-form-urlencoded":
		return nil
	}
	return refused
}

// pictureProblem says what is wrong with a picture, nil for nothing.
func pictureProblem(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return problem.New(http.StatusRequestEntityTooLarge, "too-large", "the picture has too many bytes")
	}
	switch {
	case errors.Is(err, pixel.ErrEmpty):
		return problem.New(http.StatusBadRequest, "empty", "the body is empty").Because("send one picture, JPEG or PNG")
	case errors.Is(err, pixel.ErrFormat):
		return problem.New(http.StatusUnsupportedMediaType, "format", "the body is neither JPEG nor PNG")
	case errors.Is(err, pixel.ErrTooLarge):
		return problem.New(http.StatusRequestEntityTooLarge, "too-large", "the picture has too many pixels")
	case errors.Is(err, pixel.ErrDamaged):
		return problem.New(http.StatusUnprocessableEntity, "damaged", "the picture is damaged")
	case errors.Is(err, os.ErrDeadlineExceeded):
		return problem.New(http.StatusRequestTimeout, "slow", "the picture took too long to come")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return problem.New(http.StatusBadRequest, "cut-off", "the request ended before the picture did")
	}
	return err
}

// write answers in XML.
func (t testResult) write(w http.ResponseWriter) error {
	body, err := xml.MarshalIndent(t, "", "  ")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, err = io.WriteString(w, xml.Header+string(body)+"\n")
	return err
}
