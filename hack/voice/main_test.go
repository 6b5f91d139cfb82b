// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/ui/voice"
)

// empty is a folder as the repository has it.
func empty(t *testing.T) *os.Root {
	t.Helper()
	to, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { to.Close() })
	put(t, to, kept, "read me")
	return to
}

func put(t *testing.T, to *os.Root, name, data string) {
	t.Helper()
	if err := to.WriteFile(name, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

// echo speaks a sentence as its own letters.
func echo(_ context.Context, j job) ([]byte, error) { return []byte(j.sentence), nil }

func mustFill(t *testing.T, to *os.Root, settings string) tally {
	t.Helper()
	got, err := fill(t.Context(), to, settings, echo)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestFill: the folder holds the clips of all sentences and nothing else, and
// only what is missing is made, until the settings change.
func TestFill(t *testing.T) {
	to, all := empty(t), len(jobs())
	first := mustFill(t, to, "slow")
	if first.clips != all || first.made != all || first.removed != 0 || first.bytes == 0 {
		t.Errorf("got %+v, want %d clips, all made", first, all)
	}
	entries, err := fs.ReadDir(to.FS(), ".")
	if err != nil || len(entries) != all+2 {
		t.Errorf("%d files, %v, want the clips and two more", len(entries), err)
	}
	name := voice.Name("de-easy", "59")
	if data, err := to.ReadFile(name); err != nil || string(data) != "59" {
		t.Errorf("the clip of 59 has %q, %v", data, err)
	}

	if err := to.Remove(name); err != nil {
		t.Fatal(err)
	}
	put(t, to, "0123456789abcdef01234567.opus", "of a sentence that nobody says any more")
	if got := mustFill(t, to, "slow"); got.made != 1 || got.removed != 1 || got.clips != all {
		t.Errorf("one clip gone, one too many: got %+v", got)
	}
	if got := mustFill(t, to, "fast"); got.made != all || got.removed != all {
		t.Errorf("with other settings: got %+v, want that all are made again", got)
	}
	if data, err := to.ReadFile(kept); err != nil || string(data) != "read me" {
		t.Errorf("%s has %q, %v", kept, data, err)
	}
}

// TestFillFails: an error names language and key, leaves no half clip, and
// what was spoken before it is kept.
func TestFillFails(t *testing.T) {
	to, broken := empty(t), errors.New("no breath")
	_, err := fill(t.Context(), to, "slow", func(ctx context.Context, j job) ([]byte, error) {
		if j == (job{"uk", j.language.Text("button.start")}) {
			return nil, broken
		}
		return echo(ctx, j)
	})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "uk button.start: ") {
		t.Errorf("got %v, want the language, the key and the reason", err)
	}
	entries, err := fs.ReadDir(to.FS(), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".part") {
			t.Errorf("%s was left behind", e.Name())
		}
	}
	before := len(entries) - 2
	if got := mustFill(t, to, "slow"); got.made != len(jobs())-before {
		t.Errorf("after %d clips %d were made, want the rest of %d", before, got.made, len(jobs()))
	}
}

// TestJobs: an error can say which sentence it is about.
func TestJobs(t *testing.T) {
	var seen []string
	for _, j := range jobs() {
		seen = append(seen, j.String())
	}
	for _, want := range []string{"de kiosk.idle.title", "de-easy date.weekday.0", "fa button.agree", `es "7"`} {
		if !slices.Contains(seen, want) {
			t.Errorf("no sentence is called %s", want)
		}
	}
}

func TestToolsMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := tools()
	if err == nil {
		t.Fatal("got no error")
	}
	for _, want := range []string{"espeak-ng", "opus-tools", "works without"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
}
