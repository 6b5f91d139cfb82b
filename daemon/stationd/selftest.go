// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/daemon/conductor"
	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/internal/clock"
	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// A part is one thing that the self-test checks. ok says what was found; an
// error says what is wrong and what to do.
type part struct {
	name  string
	check func(context.Context, subject) (ok string, err error)
}

// A subject is what the self-test looks at: the settings, and the running station
// when it is the one that looks. Its camera is open already, and must not be opened twice.
type subject struct {
	Settings
	running *station // nil: each check opens what it needs
}

func parts() []part {
	return []part{
		{"state directory", checkState},
		{"disk", checkDisk},
		{"clock", checkClock},
		{"enrolment", checkEnrolment},
		{"office", checkOffice},
		{"face finder", checkFinder},
		{"camera", checkCamera},
		{"panel", checkPanel},
		{"lamps", checkLamps},
		{"keys", checkKeys},
		{"code scanner", checkScanner},
		{"calibration", checkCalibration},
		{"first screen", checkScreen},
	}
}

// A result is one line of the self-test.
type result struct {
	Part  string `json:"part"`
	OK    bool   `json:"ok"`
	Words string `json:"words"`
}

var errSelftest = errors.New("self-test: not everything works")

// selftest checks every part, says what was found and fails when one does not work.
func selftest(ctx context.Context, c *command.Call) error {
	asJSON := c.Flags.Bool("json", false, "one JSON object a line")
	byChart := c.Flags.Bool("chart", false, "measure the camera by the printed chart that is held before it")
	var held view
	held.flags(c.Flags)
	s, err := configured(c)
	if err != nil {
		return err
	}
	results := subject{Settings: s}.results(ctx)
	if *byChart {
		results = held.results(ctx, subject{Settings: s})
	}
	var failed error
	for r := range results {
		if !r.OK {
			failed = errSelftest
		}
		if err := r.print(c.Stdout, *asJSON); err != nil {
			return err
		}
	}
	return failed
}

// results checks part by part.
func (s subject) results(ctx context.Context) iter.Seq[result] {
	return func(yield func(result) bool) {
		for _, p := range parts() {
			if !yield(p.run(ctx, s)) {
				return
			}
		}
	}
}

func (p part) run(ctx context.Context, s subject) result {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	words, err := p.check(ctx, s)
	if err != nil {
		return result{p.name, false, err.Error()}
	}
	return result{p.name, true, words}
}

func (r result) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(r)
	}
	mark := "ok  "
	if !r.OK {
		mark = "FAIL"
	}
	_, err := fmt.Fprintf(w, "%s  %-16s %s\n", mark, r.Part, r.Words)
	return err
}

func checkState(_ context.Context, s subject) (string, error) {
	var dir *durable.Dir
	if s.running != nil {
		dir = s.running.dir
	} else {
		var err error
		if dir, err = durable.Open(s.State); err != nil {
			return "", fmt.Errorf("%w; make the directory writable for this program", err)
		}
		defer dir.Close()
	}
	const probe = "selftest"
	if err := dir.Write(probe, strings.NewReader("a station can write here\n")); err != nil {
		return "", fmt.Errorf("%w; free some space or exchange the card", err)
	}
	return s.State + " can be written", dir.Remove(probe)
}

// leastFree is room for a day of captures that cannot be sent: 100 of 3 MB.
const leastFree = 300 << 20

func checkDisk(_ context.Context, s subject) (string, error) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(s.State, &fs); err != nil {
		return "", os.NewSyscallError("statfs", err)
	}
	free := fs.Bavail * uint64(fs.Bsize)
	if free < leastFree {
		return "", fmt.Errorf("%d MB are free, %d MB are needed; remove what does not belong to the station", free>>20, leastFree>>20)
	}
	return fmt.Sprintf("%d MB are free", free>>20), nil
}

// leastCertificate is what must be left of a certificate of seven days that is renewed
// daily: time for a technician to come.
const leastCertificate = 48 * time.Hour

func checkEnrolment(_ context.Context, s subject) (string, error) {
	o, err := s.office()
	if err != nil {
		return "", err
	}
	is := o.now()
	cert := is.cert.Leaf
	now, _ := o.time.now()
	if outside := enrolment.Validity(cert, now); outside != nil {
		return "", fmt.Errorf("the certificate %w; the station asks for the next one when it reaches its office; when that says no, enrol again with a new code", outside)
	}
	if cert.NotAfter.Sub(now) < leastCertificate {
		return "", fmt.Errorf("the certificate was to be renewed daily and ends on %s; check the line to the office", cert.NotAfter.Format(time.RFC3339))
	}
	return fmt.Sprintf("device %s of %s, certificate until %s", is.Device, is.OfficeName, cert.NotAfter.Format(time.RFC3339)), nil
}

func checkOffice(ctx context.Context, s subject) (string, error) {
	o, err := s.office()
	if err != nil {
		return "", err
	}
	began := time.Now()
	if err := o.ask(ctx); err != nil {
		return "", fmt.Errorf("%w; check the cable, the address %s and whether registryd runs", err, o.line.answered())
	}
	return fmt.Sprintf("%s answers in %v", o.line.answered(), time.Since(began).Round(time.Millisecond)), nil
}

// clock is the running station's, or one of the same machine.
func (s subject) clock() *clock.Clock {
	if s.running != nil {
		return s.running.clock
	}
	return s.Settings.clock()
}

// office is the station's line to its office.
func (s subject) office() (*office, error) {
	if s.running != nil {
		return s.running.office, nil
	}
	dir, err := durable.Open(s.State)
	if err != nil {
		return nil, err
	}
	return openOffice(dir, s.Settings, &conductor.Gate{}, s.clock(), slog.New(slog.DiscardHandler))
}

func checkFinder(context.Context, subject) (string, error) {
	if _, err := face.New(); err != nil {
		return "", fmt.Errorf("%w; the program file is damaged, install it again", err)
	}
	return "its data is whole", nil
}

func checkCamera(ctx context.Context, s subject) (string, error) { return s.withCamera(ctx, tryCamera) }

// withCamera runs the camera, and when it works lets try look at it; a running station's runs
// already.
func (s subject) withCamera(ctx context.Context, try func(context.Context, *camera.Camera) (string, error)) (string, error) {
	if s.running != nil {
		return tryWorking(ctx, s.running.camera, try)
	}
	device, err := s.device()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if dark, err := s.lightUp(ctx); err == nil { // a panel that fails is its own part of the test
		defer func() { _ = dark() }()
	}
	cam := camera.New(device, slog.New(slog.DiscardHandler))
	ended := make(chan error, 1)
	go func() { ended <- cam.Run(ctx) }()
	words, err := tryWorking(ctx, cam, try)
	cancel()
	return words, errors.Join(err, <-ended)
}

// tryWorking tries a camera unless it is away: what keeps it away says what to do.
func tryWorking(ctx context.Context, cam *camera.Camera, try func(context.Context, *camera.Camera) (string, error)) (string, error) {
	for err := range cam.Changes(ctx) {
		if err != nil {
			return "", fmt.Errorf("%s: %w", cam, err)
		}
		return try(ctx, cam)
	}
	return "", fmt.Errorf("%s: %w; check the camera's cable", cam, context.Cause(ctx))
}

// stillTime is how long a still may take, from the decision on.
const stillTime = time.Second

func tryCamera(ctx context.Context, cam *camera.Camera) (string, error) {
	frame, rate, err := tryPreview(ctx, cam)
	if err != nil {
		return "", fmt.Errorf("no preview from %s: %w; check the camera's cable", cam, err)
	}
	began := time.Now()
	still, err := cam.Still(ctx)
	if err != nil {
		return "", fmt.Errorf("no still from %s: %w; check the camera's cable", cam, err)
	}
	took := time.Since(began)
	slow := ""
	if took > stillTime {
		slow = fmt.Sprintf(", more than the %v it should take: use a camera with a quicker mode", stillTime)
	}
	words := fmt.Sprintf("%s: preview %v at %.0f/s, still %v in %v%s", cam, frame.Image.Bounds().Size(), rate,
		still.Bounds().Size(), took.Round(time.Millisecond), slow)
	if how := cam.Details(); how != "" {
		words += "; " + how
	}
	return words, nil
}

// tryPreview gives a frame, and how many come in a second.
func tryPreview(ctx context.Context, cam *camera.Camera) (frame camera.Frame, rate float64, err error) {
	first, err := cam.Next(ctx, 0)
	began := time.Now()
	for frame = first; err == nil && time.Since(began) < time.Second; {
		frame, err = cam.Next(ctx, frame.Number)
	}
	return frame, float64(frame.Number-first.Number) / time.Since(began).Seconds(), err
}
