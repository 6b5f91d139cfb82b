// SPDX-License-Identifier: EUPL-1.2

// Package style serves KERN, the design system of German administration, and the letters that it
// lacks, which `make assets` puts beside this file. Without it the pages are plain and say so.
package style

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"
)

//go:embed all:kern
var files embed.FS

// Built reports whether KERN is part of this program.
func Built() bool {
	_, err := fs.Stat(files, "kern/kern.min.css")
	return err == nil
}

// Sheets names the style sheets below Handler in the order in which a page
// links them; none when KERN is not part of this program.
func Sheets() []string {
	if !Built() {
		return nil
	}
	return []string{"fonts/fira-sans.css", "fonts/noto-sans-arabic.css", "kern.min.css"}
}

// Handler serves the files of KERN; the caller strips its prefix. The files
// change only with the program, and hold nothing personal.
func Handler() http.Handler {
	kern, err := fs.Sub(files, "kern")
	if err != nil {
		panic("style: " + err.Error()) // the directory is embedded above
	}
	return Files(kern, "public, max-age=3600")
}

// Files serves a page's own files, with that Cache-Control and no list of them.
func Files(files fs.FS, cache string) http.Handler {
	server := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "" || strings.HasSuffix(r.URL.Path, "/") {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", cache)
		server.ServeHTTP(w, r)
	})
}
