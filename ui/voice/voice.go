// SPDX-License-Identifier: EUPL-1.2

// Package voice serves the kiosk's sentences as they are spoken, in clips that `make voice` puts
// beside this file. Without them the station works, and a page has only the browser's own speech.
package voice

import (
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"iter"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/fotobox-project/fotobox/ui/text"
)

//go:embed all:clips
var files embed.FS

// extension ends the name of every clip: Opus in Ogg (RFC 7845).
const extension = ".opus"

// built is asked for every page, and the folder has thousands of files.
var built = sync.OnceValue(func() bool {
	clips, err := fs.Glob(files, "clips/*"+extension)
	return err == nil && len(clips) > 0
})

// Built reports whether any clips are part of this program.
func Built() bool { return built() }

// Clip is the name below Handler of the clip that says exactly this sentence
// of Sentences; false when it is not part of this program.
func Clip(l text.Language, sentence string) (name string, ok bool) {
	return clip(files, l, sentence)
}

func clip(fsys fs.FS, l text.Language, sentence string) (string, bool) {
	name := Name(l, sentence)
	if _, err := fs.Stat(fsys, path.Join("clips", name)); err != nil {
		return "", false
	}
	return name, true
}

// Name is what the clip of a sentence is called, whether or not it is there:
// 24 hexadecimal digits of a hash of language and sentence, and ".opus".
func Name(l text.Language, sentence string) string {
	if l == "" {
		l = text.Languages()[0] // as the catalogue reads it
	}
	sum := sha256.Sum256([]byte(string(l) + "\n" + sentence))
	return fmt.Sprintf("%x%s", sum[:12], extension)
}

// numbers is how many numbers have a clip, from 0: minutes, seconds, and what is counted.
const numbers = 60

// areas begin the keys of what a citizen may be told.
func areas() []string {
	return []string{"advice.", "button.", "date.month.", "date.weekday.", "hint.", "kiosk.", "problem."}
}

// verb is what a caller puts something in for, so that a sentence with it is never spoken as it stands.
var verb = regexp.MustCompile(`%[a-z]|\{[a-z]\}`)

// Sentences yields what the clips of a language say, each once and in order:
// the catalogue's sentences for citizens that are spoken as they stand, and
// the numbers from 0 to 59 in digits.
func Sentences(l text.Language) iter.Seq[string] {
	var all []string
	for n := range numbers {
		all = append(all, strconv.Itoa(n))
	}
	for key := range l.Keys() {
		citizens := slices.ContainsFunc(areas(), func(area string) bool { return strings.HasPrefix(key, area) })
		if sentence := l.Text(key); citizens && !verb.MatchString(sentence) {
			all = append(all, sentence)
		}
	}
	slices.Sort(all)
	return slices.Values(slices.Compact(all))
}

// Handler serves the clips, and nothing else; the caller strips its prefix.
// They change only with the program, and hold nothing personal.
func Handler() http.Handler { return handler(files) }

func handler(fsys fs.FS) http.Handler {
	clips, err := fs.Sub(fsys, "clips")
	if err != nil {
		panic("voice: " + err.Error()) // the directory is embedded above
	}
	server := http.FileServerFS(clips)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if path.Ext(r.URL.Path) != extension {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=3600")
		w.Header().Set("Content-Type", "audio/ogg") // not every machine knows the extension
		server.ServeHTTP(w, r)
	})
}
