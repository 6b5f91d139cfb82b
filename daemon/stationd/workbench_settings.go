// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/fotobox-project/fotobox/internal/durable"
)

// mostSettings bounds a settings file, bytes.
const mostSettings = 64 << 10

// errAgain ends a program whose settings were changed; the service manager, or the
// appliance's init, starts it with the new ones.
var errAgain = errors.New("the settings were changed; the program starts again")

// settingsText is the settings file; empty when it cannot be read.
func (b *workbench) settingsText() string {
	data, _ := os.ReadFile(b.settings.file)
	return string(data)
}

// storedPage is shown while the program starts again.
const storedPage = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="20;url=/"><title>Maintenance</title></head>
<body><main><h1>The settings are stored</h1><p>The station starts again. <a href="/">Load the maintenance page</a> in half a minute.</p></main></body></html>
`

// store replaces the settings file by what was sent, if the station would take it,
// and has the program start again.
func (b *workbench) store(w http.ResponseWriter, r *http.Request) error {
	leave, err := b.enter()
	if err != nil {
		return b.show(w, http.StatusConflict, err)
	}
	defer leave()
	r.Body = http.MaxBytesReader(w, r.Body, mostSettings)
	if err := r.ParseForm(); err != nil {
		return b.show(w, http.StatusRequestEntityTooLarge, errors.New("the settings are too long, or not what this page sends"))
	}
	text := strings.ReplaceAll(r.PostFormValue("settings"), "\r\n", "\n")
	if err := b.settings.replace(text); err != nil {
		return b.edit(w, http.StatusUnprocessableEntity, err, text)
	}
	b.log.Info("settings changed on the maintenance page")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, storedPage) // a browser that has gone needs no page
	b.again()
	return nil
}

// replace stores other settings in the file that these were read from. What a
// station would not start with is refused, and so is what would close this page.
func (s Settings) replace(text string) error {
	next, err := parseSettings(strings.NewReader(text))
	switch {
	case err != nil:
		return fmt.Errorf("nothing was stored: %w", err)
	case next.Maintenance == "":
		return errors.New("nothing was stored: without maintenance this page would be gone")
	case s.State != "" && next.State != s.State:
		// In another directory the station would be fresh, and could be enrolled elsewhere.
		return errors.New("nothing was stored: state cannot be changed here")
	}
	dir, err := durable.Open(filepath.Dir(s.file))
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Write(filepath.Base(s.file), strings.NewReader(text))
}
