// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"image"
	"image/jpeg"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/hack/lab/emulation"
)

// workshop is where the programs are built, once for all tests with each set of flags.
var workshop struct {
	sync.Mutex
	dir string
}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "fotobox")
	if err != nil {
		panic("demo: " + err.Error())
	}
	workshop.dir = dir
	status := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(status)
}

// A ledger is a log that tests can read while it is written.
type ledger struct{ *os.File }

func newLedger(t *testing.T) ledger {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the programs said:\n%s", tail(ledger{f}.text(t), 60))
		}
		f.Close()
	})
	return ledger{f}
}

func (l ledger) text(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(l.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// tail is the last n lines.
func tail(text string, n int) string {
	lines := strings.SplitAfter(text, "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "")
}

// newTown raises a town with the programs as built with the flags.
func newTown(t *testing.T, camera string, log io.Writer, flags ...string) *town {
	t.Helper()
	return newTownOn(t, "", camera, log, flags...)
}

// newTownOn raises a town whose office is on that PostgreSQL.
func newTownOn(t *testing.T, database, camera string, log io.Writer, flags ...string) *town {
	t.Helper()
	needSpeed(t)
	w := &town{dir: t.TempDir(), bin: programs(t, flags...), camera: camera, burst: 1, log: log, database: database}
	if camera == "sitter" {
		w.burst = 5 // as people have it; elsewhere one still saves time
	}
	if err := w.freeAddresses(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	if err := w.raise(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

// programs is the folder of the programs as built with the flags.
func programs(t *testing.T, flags ...string) string {
	t.Helper()
	workshop.Lock()
	defer workshop.Unlock()
	bin := filepath.Join(workshop.dir, strings.Join(append([]string{"bin"}, flags...), ""))
	err := os.Mkdir(bin, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return bin
	}
	if err = errors.Join(err, build(t.Context(), bin, flags...)); err != nil {
		t.Fatal(err)
	}
	return bin
}

// needSpeed skips where each program would have an emulator of its own.
func needSpeed(t *testing.T) {
	t.Helper()
	if emulation.Active() {
		t.Skip("emulated programs miss the deadlines of a visit; whole arm64 programs run in the lab (make lab)")
	}
}

// sitterFolder is a folder with one photo of the sitter: a camera whose stills
// cost next to nothing.
func sitterFolder(t *testing.T) string {
	t.Helper()
	needSpeed(t)
	dir := t.TempDir()
	img, _ := cameratest.Default().Render(image.Pt(camera.MinWidth, camera.MinHeight))
	writeJPEG(t, filepath.Join(dir, "sitter.jpg"), img)
	return dir
}

func writeJPEG(t *testing.T, name string, img image.Image) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(jpeg.Encode(f, img, &jpeg.Options{Quality: 95}), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// soon is a slot in an hour.
func soon() time.Time { return time.Now().Add(time.Hour).Truncate(time.Minute) }
