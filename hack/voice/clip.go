// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os/exec"
	"slices"
	"strings"

	"github.com/fotobox-project/fotobox/ui/text"
)

// The programs: the one that speaks, and the one that makes little of it.
const (
	espeak  = "espeak-ng"
	opusenc = "opusenc"
)

// encoding is 12 kbit/s, tuned for speech, in frames of 60 ms. Opus keeps 8 kHz
// then (wideband); from 14 kbit/s on it spends 40 % more on what lies above,
// of which this voice has little. The number of the stream, else drawn, is
// fixed, so that two runs give the same bytes.
func encoding() []string {
	return []string{"--quiet", "--speech", "--bitrate", "12", "--framesize", "60", "--padding", "0", "--serial", "0", "--discard-comments"}
}

// settings describes what makes a difference to the clips: programs, arguments and tones.
func settings(ctx context.Context) (string, error) {
	var b strings.Builder
	for _, program := range []string{espeak, opusenc} {
		out, err := pipe(ctx, nil, program, "--version")
		if err != nil {
			return "", err
		}
		version, _, _ := strings.Cut(string(out), "\n")
		version, _, _ = strings.Cut(version, "  Data at:") // the machine's own folder
		fmt.Fprintln(&b, version)
	}
	fmt.Fprintln(&b, opusenc, strings.Join(encoding(), " "))
	for _, l := range text.Languages() {
		t := tones()[l]
		fmt.Fprintln(&b, l, espeak, strings.Join(t.arguments(), " "), slices.Concat(t.rules, everywhere()))
	}
	return b.String(), nil
}

// speak gives the clip of a sentence: Opus in Ogg.
func speak(ctx context.Context, j job) ([]byte, error) {
	t, ok := tones()[j.language]
	if !ok {
		return nil, errors.New("no voice for this language")
	}
	wav, err := pipe(ctx, []byte(t.spoken(j.sentence)), espeak, t.arguments()...)
	if err != nil {
		return nil, err
	}
	if err := audible(wav); err != nil {
		return nil, fmt.Errorf("%s: %w", espeak, err)
	}
	return pipe(ctx, wav, opusenc, append(encoding(), "-", "-")...)
}

// pipe gives what a program prints. Its error has what the program complained of.
func pipe(ctx context.Context, in []byte, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil, fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(exit.Stderr))
	}
	return out, err
}

// The least that a sentence is. The shortest of all clips has 0.57 s, and the
// voices are at 0.04 to 0.10 of full scale.
const (
	shortest = 0.3 // seconds
	quietest = 0.01
)

// audible refuses a recording in which nothing is said. espeak-ng ends with
// status 0 also when it finds nothing in a sentence that it can say.
func audible(wav []byte) error {
	// The header as espeak-ng writes it to a pipe: 44 bytes, without the length, which it does not know yet.
	const header = 44
	if len(wav) < header || string(wav[:4]) != "RIFF" || string(wav[36:40]) != "data" {
		return errors.New("no WAV")
	}
	rate := binary.LittleEndian.Uint32(wav[24:])
	seconds, rms := level(wav[header:], float64(rate))
	if seconds < shortest || rms < quietest {
		return fmt.Errorf("%.2f s at %.3f of full scale are no sentence", seconds, rms)
	}
	return nil
}

// level measures sound of one channel in samples of 16 bits, little endian:
// its length in seconds, and its root mean square, where 1 is full scale.
func level(samples []byte, rate float64) (seconds, rms float64) {
	n := len(samples) / 2
	if n == 0 {
		return 0, 0
	}
	sum := 0.0
	for i := range n {
		v := float64(int16(binary.LittleEndian.Uint16(samples[2*i:]))) / (1 << 15)
		sum += v * v
	}
	return float64(n) / rate, math.Sqrt(sum / float64(n))
}
