// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
)

const scriptName = "script.txt"

// act is what happens in a step of the script.
type act string

const (
	show  act = "show"
	blank act = "blank"
	pause act = "pause"
	lost  act = "lost"
)

// step is one line of a script; photo is empty but for show.
type step struct {
	act   act
	photo string
	time  time.Duration
}

// script is played over and over.
type script []step

// at returns the step that runs at d after the start, the one after it, and how long it still runs.
func (s script) at(d time.Duration) (now, next step, left time.Duration) {
	var total time.Duration
	for _, step := range s {
		total += step.time
	}
	d %= total
	for i, step := range s {
		if d < step.time {
			return step, s[(i+1)%len(s)], step.time - d
		}
		d -= step.time
	}
	panic("cameratest: script shorter than its steps")
}

// readScript reads the folder's script, or makes the one that shows each photo in turn.
func readScript(root *os.Root, photos []string) (script, error) {
	f, err := root.Open(scriptName)
	if errors.Is(err, fs.ErrNotExist) {
		return slideshow(photos), nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return parseScript(f, photos)
}

func slideshow(photos []string) script {
	s := make(script, len(photos))
	for i, photo := range photos {
		s[i] = step{act: show, photo: photo, time: photoTime}
	}
	return s
}

// parseScript reads a script that may show the given photos only.
func parseScript(r io.Reader, photos []string) (script, error) {
	var s script
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		step, err := parseStep(line, photos)
		if err != nil {
			return nil, fmt.Errorf("%s line %d: %w", scriptName, n, err)
		}
		s = append(s, step)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", scriptName, err)
	}
	if len(s) == 0 {
		return nil, fmt.Errorf("%s: no step in it", scriptName)
	}
	return s, nil
}

// parseStep reads "show NAME 5s" or "blank 2s"; a name may hold spaces.
func parseStep(line string, photos []string) (step, error) {
	word, rest, _ := strings.Cut(line, " ")
	name, length := "", strings.TrimSpace(rest)
	if i := strings.LastIndexByte(length, ' '); i >= 0 {
		name, length = strings.TrimSpace(length[:i]), length[i+1:]
	}
	s := step{act: act(word), photo: name}
	switch s.act {
	case show:
		if !slices.Contains(photos, name) {
			return step{}, fmt.Errorf("show: no photo %q in the folder", name)
		}
	case blank, pause, lost:
		if name != "" {
			return step{}, fmt.Errorf("%s: want a time only, have %q", word, rest)
		}
	default:
		return step{}, fmt.Errorf("unknown word %q, want show, blank, pause or lost", word)
	}
	d, err := time.ParseDuration(length)
	if err != nil || d < frameTime {
		return step{}, fmt.Errorf("%s: want a time like 5s, have %q", word, length)
	}
	s.time = d
	return s, nil
}
