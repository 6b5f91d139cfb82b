// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
)

// A cost is what one run of a program took.
type cost struct {
	wall, processor time.Duration
	peak            int64 // most resident memory, bytes
}

// stationd prints what `stationd check` takes for a picture of 12 megapixels, the
// start of the program included, on one processor.
func stationd() error {
	dir, err := os.MkdirTemp("", "measure")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program, err := prepare(dir)
	if err != nil {
		return err
	}
	jpg, png := filepath.Join(dir, jpegName), filepath.Join(dir, pngName)
	fmt.Printf("\n%-36s %10s %12s %10s   %s\n", "stationd check of 12 megapixels", "wall", "processor", "memory", "median of 7 runs on one core; JPEG at most 900 ms and 250 MB")
	for _, tt := range []struct {
		name string
		args []string
	}{
		{"JPEG", []string{jpg}},
		{"JPEG, with the portrait written", []string{"--crop", filepath.Join(dir, "portrait.jpg"), jpg}},
		{"JPEG, with all measures", []string{"--measures", jpg}},
		{"PNG", []string{png}},
		{"five JPEG", []string{jpg, jpg, jpg, jpg, jpg}},
	} {
		if err := printCost(tt.name, program, append([]string{"check", "--json"}, tt.args...)); err != nil {
			return err
		}
	}
	return nil
}

// prepare builds the program and has the pictures drawn. The system counts a
// program's memory from its parent's on: they are not drawn in this process.
func prepare(dir string) (program string, err error) {
	program = filepath.Join(dir, "stationd")
	if out, err := exec.Command("go", "build", "-o", program, "./daemon/stationd").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, out)
	}
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	if out, err := exec.Command(self, "-draw", dir).CombinedOutput(); err != nil {
		return "", fmt.Errorf("draw: %w: %s", err, out)
	}
	return program, nil
}

const jpegName, pngName = "sitter.jpg", "sitter.png"

// draw saves a sitter in both formats. The noise is that of a small sensor: the JPEG
// has 3 MB, as cameras write them.
func draw(dir string) error {
	sitter := cameratest.Default()
	sitter.Noise = 3
	img, _ := sitter.Render(image.Pt(4000, 3000))
	return errors.Join(
		save(filepath.Join(dir, jpegName), func(w io.Writer) error { return jpeg.Encode(w, img, &jpeg.Options{Quality: 92}) }),
		save(filepath.Join(dir, pngName), func(w io.Writer) error { return png.Encode(w, img) }),
	)
}

func save(name string, encode func(io.Writer) error) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(encode(file), file.Close())
}

func printCost(name, program string, args []string) error {
	var walls, processors []time.Duration
	var peak int64
	for range 7 {
		c, err := once(program, args)
		if err != nil {
			return err
		}
		walls, processors, peak = append(walls, c.wall), append(processors, c.processor), max(peak, c.peak)
	}
	median := func(d []time.Duration) time.Duration { slices.Sort(d); return d[len(d)/2].Round(time.Millisecond) }
	fmt.Printf("%-36s %10v %12v %7d MB\n", name, median(walls), median(processors), peak/1e6)
	return nil
}

// once runs the program on one processor; a photo that is not accepted is no error.
func once(program string, args []string) (cost, error) {
	c := exec.Command(program, args...)
	c.Env = append(os.Environ(), "GOMAXPROCS=1")
	c.Stderr = os.Stderr
	begun := time.Now()
	err := c.Run()
	took := time.Since(begun)
	if c.ProcessState == nil || c.ProcessState.ExitCode() > 1 {
		return cost{}, fmt.Errorf("stationd %v: %w", args, err)
	}
	used, ok := c.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return cost{}, fmt.Errorf("stationd %v: no figures of the system", args)
	}
	const unit = 1024 // of Maxrss on Linux
	return cost{took, c.ProcessState.UserTime() + c.ProcessState.SystemTime(), used.Maxrss * unit}, nil
}
