// SPDX-License-Identifier: EUPL-1.2

package session

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/appointment"
)

var update = flag.Bool("update", false, "rewrite the stories in testdata")

// TestStories replays every story in testdata. A line is a wait and an event;
// right of the arrow stand the stage and the effects it leads to, and in
// brackets what the screen has to tell. `go test ./daemon/session -update`
// writes the right side anew, to be read as a diff.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 12 {
		t.Fatalf("got %d stories, %v; want at least 12", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := tell(t, string(want))
			if *update {
				err = os.WriteFile(file, got, 0o644)
				if err != nil {
					t.Fatal(err)
				}
			} else if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("the story reads differently now (-file +now):\n%s", diff)
			}
		})
	}
}

// noon is when every story begins; the slot of appointment A is an hour later.
var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

func tell(t *testing.T, story string) []byte {
	var out bytes.Buffer
	s, now := State{}, noon
	for line := range strings.Lines(story) {
		left, _, _ := strings.Cut(strings.TrimSpace(line), "->")
		left = strings.TrimSpace(left)
		if left == "" || left[0] == '#' {
			fmt.Fprintln(&out, left)
			continue
		}
		wait, words, _ := strings.Cut(left, " ")
		d, err := time.ParseDuration(wait)
		if err != nil {
			t.Fatal(err)
		}
		now = now.Add(d)
		var effects []Effect
		f := strings.Fields(words)
		if f[0] == "key" {
			s, effects = keyed(t, s, now, Key(f[1]))
		} else if f[0] == "power-cut" { // what was in memory is gone; visits go on counting
			s = State{Visit: s.Visit + 1}
		} else {
			s, effects = Step(s, now, parse(t, f, s))
		}
		fmt.Fprintf(&out, "%-6s %-24s -> %s\n", wait, strings.Join(f, " "), told(s, effects))
	}
	return out.Bytes()
}

// keyed presses one of the three keys.
func keyed(t *testing.T, s State, now time.Time, k Key) (State, []Effect) {
	b, ok := s.Keyed(k, now)
	switch {
	case !ok:
		t.Errorf("the %s key does nothing in %v", k, s.Stage)
		return s, nil
	case b == Tongue:
		return Step(s, now, Spoke{s.Visit, s.Language + "+"})
	}
	return Step(s, now, Pressed{s.Visit, b, s.Chosen})
}

// told is the right side of a line.
func told(s State, effects []Effect) string {
	var words strings.Builder
	words.WriteString(s.Stage.String())
	for _, e := range effects {
		words.WriteString(" " + strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%T", e), "session.")))
	}
	var notes []string
	for _, n := range []string{s.Hint, s.Problem, string(s.Outcome), string(s.Answer), s.Missing.String(), s.Language} {
		if n != "" {
			notes = append(notes, n)
		}
	}
	for _, is := range []struct {
		so   bool
		note string
	}{{!s.Arrival.At.IsZero(), "noted"}, {s.Arrival.Number > 0, "number"}, {s.Late, "late"}, {s.Slow, "slow"}, {s.Aloud, "aloud"}, {s.Calm, "calm"}, {s.Group != "", string(s.Group)}, {s.Covered, "covered"}} {
		if is.so {
			notes = append(notes, is.note)
		}
	}
	if s.Menu > 0 {
		notes = append(notes, "? "+string(s.Choices()[s.Menu-1]))
	}
	if len(notes) > 0 {
		words.WriteString(" [" + strings.Join(notes, ", ") + "]")
	}
	return words.String()
}

// parse reads an event. "late" before it makes it belong to the visit before.
func parse(t *testing.T, f []string, s State) Event {
	if f[0] == "late" {
		s.Visit--
		return parse(t, f[1:], s)
	}
	visit := s.Visit
	arg := ""
	if len(f) > 1 {
		arg = f[1]
	}
	switch f[0] {
	case "tick":
		return Tick{}
	case "lost", "found":
		n := map[string]Need{"hours": Hours, "camera": Camera, "clock": Clock, "disk": Disk, "lamps": Lamps}[arg]
		if f[0] == "lost" {
			return Lost{Need: n}
		}
		return Found{n}
	case "scanned":
		return scanned(t, arg)
	case "plugged":
		return Plugged{arg == "in"}
	case "spoke":
		return Spoke{visit, arg}
	case "seen":
		return Seen{visit, strings.TrimPrefix(arg, "good")}
	case "shot":
		return Shot{visit, s.Attempts, photos(f[1:])}
	case "stored":
		return Stored{visit, noon.Add(Lifetime)}
	case "store-failed":
		return StoreFailed{visit, arg}
	case "arrived":
		return Arrived{visit}
	case "noted":
		return Noted{visit, noon}
	case "not-noted":
		return Noted{Visit: visit}
	case "told":
		return Told{visit, appointment.Answer(arg), 471, len(f) > 2}
	case "pressed":
		n := 0
		if len(f) > 2 {
			n, _ = strconv.Atoi(f[2])
		}
		return Pressed{visit, Button(arg), n}
	}
	t.Fatalf("no such event %q", f[0])
	return nil
}

// scanned is A (in an hour), B (in five days), A or C (without a photo) at a station where it is
// time to check in, or the refusal of that name.
func scanned(t *testing.T, arg string) Event {
	a := appointment.Code{ID: appointment.ID{1}, Start: noon.Add(time.Hour), Persons: 1, PhotoWanted: true}
	switch arg {
	case "A":
		return Scanned{Code: a, Answer: appointment.OK}
	case "B":
		return Scanned{Code: appointment.Code{ID: appointment.ID{2}, Start: noon.Add(5 * 24 * time.Hour)}, Answer: appointment.OK}
	case "A-now":
		return Scanned{a, appointment.OK, true}
	case "C-now":
		return Scanned{appointment.Code{ID: appointment.ID{3}, Start: noon, Persons: 1}, appointment.OK, true}
	case "":
		t.Fatal("scanned what?")
	}
	return Scanned{Code: a, Answer: appointment.Answer(arg)}
}

// photos are "ok" or the advice of a photo's open finding.
func photos(words []string) (out []Photo) {
	for _, w := range words {
		if w == "ok" {
			out = append(out, Photo{Accepted: true})
		} else if w != "nobody" {
			out = append(out, Photo{Advice: []string{w}})
		}
	}
	return out
}
