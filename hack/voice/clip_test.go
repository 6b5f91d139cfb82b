// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/binary"
	"flag"
	"math"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/ui/text"
	"github.com/fotobox-project/fotobox/ui/voice"
)

var every = flag.Bool("every", false, "let TestSpeak speak every sentence, which takes minutes")

// rate is Opus's own, in samples a second: what granule positions count.
const rate = 48000

// The longest that a clip may be, in seconds: nobody listens on.
const longest = 20

// TestSpeak speaks a sentence of every language and listens by numbers: the
// clip's own length, the level of what it decodes to, the same bytes each time.
func TestSpeak(t *testing.T) {
	for _, name := range []string{espeak, opusenc, "opusdec"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is missing (Debian's espeak-ng and opus-tools): no clip is made and listened to", name)
		}
	}
	with, err := settings(t.Context())
	if err != nil || !strings.Contains(with, "\nfr espeak-ng -b 1 -v fr-fr ") || strings.Contains(with, "/") {
		t.Errorf("the clips are made with %q, %v; want voices and versions, and no folder of this machine", with, err)
	}
	for _, l := range text.Languages() {
		t.Run(string(l), func(t *testing.T) {
			t.Parallel()
			heard(t, job{l, l.Text("kiosk.photo.good")})
			if !*every {
				return
			}
			for sentence := range voice.Sentences(l) {
				heard(t, job{l, sentence})
			}
		})
	}
}

// heard speaks a sentence twice and judges what a browser would play.
func heard(t *testing.T, j job) {
	t.Helper()
	clip, err := speak(t.Context(), j)
	if err != nil {
		t.Fatalf("%v: %v", j, err)
	}
	again, err := speak(t.Context(), j)
	if err != nil || !bytes.Equal(clip, again) {
		t.Errorf("%v: the second time other bytes, %v", j, err)
	}
	claimed := length(t, clip)
	if claimed < shortest || claimed > longest {
		t.Errorf("%v: %.2f s, want %v to %v", j, claimed, shortest, longest)
	}
	sound, err := pipe(t.Context(), clip, "opusdec", "--quiet", "--rate", strconv.Itoa(rate), "-", "-")
	if err != nil {
		t.Fatalf("%v: %v", j, err)
	}
	seconds, rms := level(sound, rate)
	if math.Abs(seconds-claimed) > 0.1 || rms < quietest {
		t.Errorf("%v: decodes to %.2f s at %.3f of full scale, want %.2f s at %v and more", j, seconds, rms, claimed, quietest)
	}
}

// length reads an Ogg Opus file (RFC 3533, RFC 7845): the last page's granule
// position less the samples to skip at the start, in seconds.
func length(t *testing.T, ogg []byte) float64 {
	t.Helper()
	head, last := bytes.Index(ogg, []byte("OpusHead")), bytes.LastIndex(ogg, []byte("OggS"))
	if !bytes.HasPrefix(ogg, []byte("OggS")) || head < 0 || len(ogg) < last+14 {
		t.Fatalf("%d bytes are no Ogg Opus", len(ogg))
	}
	if channels := ogg[head+9]; channels != 1 {
		t.Errorf("%d channels, want 1", channels)
	}
	skip := binary.LittleEndian.Uint16(ogg[head+10:])
	return float64(binary.LittleEndian.Uint64(ogg[last+6:])-uint64(skip)) / rate
}

// recording is what espeak-ng would give for n samples of a value.
func recording(n int, v int16) []byte {
	wav := append([]byte("RIFF\x24\xf0\xff\x7fWAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"), 0x22, 0x56, 0, 0, 0x44, 0xac, 0, 0, 2, 0, 16, 0)
	wav = append(wav, "data\x00\xf0\xff\x7f"...)
	for range n {
		wav = binary.LittleEndian.AppendUint16(wav, uint16(v))
	}
	return wav
}

func TestAudible(t *testing.T) {
	const second = 22050
	for name, tc := range map[string]struct {
		wav  []byte
		want string
	}{
		"sound":    {recording(second, -2000), ""},
		"silence":  {recording(second, 0), "1.00 s at 0.000 of full scale"},
		"a click":  {recording(second/10, 2000), "0.10 s at 0.061 of full scale"},
		"no sound": {recording(0, 0), "0.00 s"},
		"no WAV":   {[]byte("espeak-ng"), "no WAV"},
		"nothing":  {nil, "no WAV"},
	} {
		err := audible(tc.wav)
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q", name, err, tc.want)
		}
	}
}

// TestPipe: what a program complains of reaches who runs the command.
func TestPipe(t *testing.T) {
	out, err := pipe(t.Context(), nil, "sh", "-c", "echo no such voice >&2; exit 3")
	if err == nil || !strings.Contains(err.Error(), "sh: exit status 3: no such voice") {
		t.Errorf("got %q, %v", out, err)
	}
	if out, err := pipe(t.Context(), []byte("text"), "cat"); err != nil || string(out) != "text" {
		t.Errorf("got %q, %v, want what went in", out, err)
	}
}
