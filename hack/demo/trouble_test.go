// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"image"
	"image/draw"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/hack/visitor"
)

// TestBadCodes shows codes that do not hold to a real station: the screen says
// why, the log does not say whose, and the next citizen is served at once.
func TestBadCodes(t *testing.T) {
	log := newLedger(t)
	w := newTown(t, "folder:"+sitterFolder(t), log)
	good, err := w.book(t.Context(), "Ada Beispiel", soon())
	if err != nil {
		t.Fatal(err)
	}
	old, err := w.book(t.Context(), "Bruno Muster", soon().Add(-10*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := newTown(t, "sitter", log)
	foreign, err := elsewhere.book(t.Context(), "Cem Probe", soon())
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor.Visitor{Base: "http://" + w.kiosk}
	said := map[string]bool{}
	for name, code := range map[string]string{
		"expired": old.code, "of another town": foreign.code, "forged": forged(good.code), "no code": "hello", "a link": "https://example.org/termin",
	} {
		if err := v.Await(t.Context(), "idle", "done"); err != nil {
			t.Fatal(err)
		}
		if err := v.Scan(t.Context(), code); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := v.Await(t.Context(), "done"); err != nil {
			t.Fatal(err)
		}
		if v.Now.Look != "warn" || v.Now.Text == "" {
			t.Errorf("%s: the screen shows %+v, want the reason", name, v.Now)
		}
		said[v.Now.Text] = true
	}
	if len(said) < 3 {
		t.Errorf("the screens say %q: want different words for expired, forged and no code", slices.Collect(maps.Keys(said)))
	}
	if err := v.Visit(t.Context(), good.code); err != nil {
		t.Errorf("the next citizen: %v", err)
	}
	if strings.Contains(log.text(t), "hello") || strings.Contains(log.text(t), old.code) {
		t.Error("the log repeats what was scanned")
	}
}

// forged is the code with another character in its signature.
func forged(code string) string {
	last := code[len(code)-20]
	for _, c := range "AB" {
		if byte(c) != last {
			return code[:len(code)-20] + string(c) + code[len(code)-19:]
		}
	}
	return code
}

// TestFullDisk gives a station a disk without room for an envelope: the citizen
// is told, nothing claims to be stored, and when there is room again the same
// photo goes its way.
func TestFullDisk(t *testing.T) {
	log := newLedger(t)
	w := newTown(t, "folder:"+sitterFolder(t), log)
	if _, err := w.station.stop(); err != nil {
		t.Fatal(err)
	}
	disk := filepath.Join(w.dir, "station", "outbox")
	if err := os.RemoveAll(disk); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(disk, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("small", disk, "tmpfs", 0, "size=300k"); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		w.close()
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	if err := w.openStation(t.Context()); err != nil {
		t.Fatal(err)
	}
	b, err := w.book(t.Context(), "Ada Beispiel", soon())
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor.Visitor{Base: "http://" + w.kiosk}
	if err := v.Await(t.Context(), "idle"); err != nil {
		t.Fatal(err)
	}
	if err := v.Scan(t.Context(), b.code); err != nil {
		t.Fatal(err)
	}
	if err := v.Await(t.Context(), "welcome"); err != nil {
		t.Fatal(err)
	}
	if err := v.GoOn(t.Context(), "consent"); err != nil {
		t.Fatal(err)
	}
	if err := v.Press(t.Context(), "agree"); err != nil {
		t.Fatal(err)
	}
	if err := v.AwaitProblem(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("small", disk, "tmpfs", syscall.MS_REMOUNT, "size=20m"); err != nil {
		t.Fatal(err)
	}
	if err := v.GoOn(t.Context(), "done"); err != nil || v.Now.Look != "good" {
		t.Errorf("with room again the screen shows %+v, %v", v.Now, err)
	}
	w.awaitCaptures(t, 1)
}

// TestCodeInFrontOfTheCamera holds the QR code before the idle station's own
// camera, and then stands there: nobody types anything.
func TestCodeInFrontOfTheCamera(t *testing.T) {
	dir := sitterFolder(t)
	w := newTown(t, "folder:"+dir, newLedger(t))
	b, err := w.book(t.Context(), "Ada Beispiel", soon())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.station.stop(); err != nil {
		t.Fatal(err)
	}
	qr, err := appointment.QR(b.code, 10)
	if err != nil {
		t.Fatal(err)
	}
	paper := image.NewGray(image.Rect(0, 0, 600, 800)) // of the camera's shape, so that nothing is cut off
	draw.Draw(paper, paper.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(paper, qr.Bounds().Add(image.Pt(55, 150)), qr, qr.Bounds().Min, draw.Src)
	writeJPEG(t, filepath.Join(dir, "code.jpg"), paper)
	script := "show code.jpg 20s\nshow sitter.jpg 60s\n"
	if err := os.WriteFile(filepath.Join(dir, "script.txt"), []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := w.openStation(t.Context()); err != nil {
		t.Fatal(err)
	}
	v := &visitor.Visitor{Base: "http://" + w.kiosk}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := v.Await(ctx, "welcome"); err != nil {
		t.Fatal(err)
	}
}
