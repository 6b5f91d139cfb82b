// SPDX-License-Identifier: EUPL-1.2

// Command voice speaks the kiosk's sentences in every language with espeak-ng, and puts them as
// Opus clips into ui/voice/clips.
//
// It is run from the top of the repository: go run ./hack/voice. Clips that are there already are
// kept, unless they were made by other programs or with other settings.
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/fotobox-project/fotobox/ui/text"
	"github.com/fotobox-project/fotobox/ui/voice"
)

// The folder that ui/voice embeds, and two files in it that are no clips: the
// one that the repository keeps, and what the clips were made with.
const (
	folder = "ui/voice/clips"
	kept   = "README.md"
	made   = "made"
)

// parallel is how many sentences are spoken at a time.
const parallel = 4

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "voice:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	began := time.Now()
	if err := tools(); err != nil {
		return err
	}
	with, err := settings(ctx)
	if err != nil {
		return err
	}
	to, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer to.Close()
	t, err := fill(ctx, to, with, speak)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d clips, %.1f MB; %d made and %d removed in %v\n",
		folder, t.clips, float64(t.bytes)/1e6, t.made, t.removed, time.Since(began).Round(time.Second))
	return nil
}

// tools looks for the programs, so that who lacks them reads it once and not for every sentence.
func tools() error {
	for _, name := range []string{espeak, opusenc} {
		if _, err := exec.LookPath(name); err != nil {
			return fmt.Errorf("%w; Debian has it in the packages espeak-ng and opus-tools. "+
				"The station works without clips: its pages then use the browser's own speech", err)
		}
	}
	return nil
}

// A job is one sentence that is to have a clip.
type job struct {
	language text.Language
	sentence string
}

// jobs are all sentences of all languages, by the names of their clips.
func jobs() map[string]job {
	all := map[string]job{}
	for _, l := range text.Languages() {
		for sentence := range voice.Sentences(l) {
			all[voice.Name(l, sentence)] = job{l, sentence}
		}
	}
	return all
}

// String names the language and the first key of the sentence; a number has no key.
func (j job) String() string {
	for key := range j.language.Keys() {
		if j.language.Text(key) == j.sentence {
			return string(j.language) + " " + key
		}
	}
	return fmt.Sprintf("%s %q", j.language, j.sentence)
}

// A tally is what fill found and did; clips and bytes are those in the folder at its end.
type tally struct {
	clips, made, removed int
	bytes                int64
}

// A speaker gives the clip of a sentence.
type speaker func(context.Context, job) ([]byte, error)

// fill makes the clips that the folder lacks, with what settings describes,
// and removes what does not belong there.
func fill(ctx context.Context, to *os.Root, settings string, speak speaker) (t tally, err error) {
	all := jobs()
	if t.removed, err = clean(to, settings, all); err != nil {
		return t, err
	}
	// Before the first clip, so that the clips of a run that was ended are known as well.
	if err := write(to, made, []byte(settings)); err != nil {
		return t, err
	}
	if t.made, err = lacking(ctx, to, all, speak); err != nil {
		return t, err
	}
	for name := range all {
		info, err := to.Stat(name)
		if err != nil {
			return t, err
		}
		t.clips, t.bytes = t.clips+1, t.bytes+info.Size()
	}
	return t, nil
}

// clean removes the clips of sentences that nobody says any more, and all when
// they were made with other settings.
func clean(to *os.Root, settings string, all map[string]job) (removed int, err error) {
	before, err := to.ReadFile(made)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	entries, err := fs.ReadDir(to.FS(), ".")
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		name := e.Name()
		if _, wanted := all[name]; name == kept || name == made || wanted && string(before) == settings {
			continue
		}
		if err := to.Remove(name); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, nil
}

// lacking speaks the sentences whose clips are not there, until one fails.
func lacking(ctx context.Context, to *os.Root, all map[string]job, speak speaker) (n int, err error) {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for name, j := range all {
		if _, err := to.Stat(name); err == nil {
			continue
		}
		n++
		group.Go(func() error {
			clip, err := speak(ctx, j)
			if err == nil {
				err = write(to, name, clip)
			}
			if err != nil {
				return fmt.Errorf("%v: %w", j, err)
			}
			return nil
		})
	}
	return n, group.Wait()
}

// write puts a file there whole or not at all: half a clip would be kept for ever.
func write(to *os.Root, name string, data []byte) error {
	part := name + ".part"
	if err := to.WriteFile(part, data, 0o644); err != nil {
		return err
	}
	return to.Rename(part, name)
}
