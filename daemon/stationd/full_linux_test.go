// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/internal/durable/durabletest"
)

// TestEnrolOnAFullDisk: the code, which holds once, is not spent on a station that could not keep the
// answer, and an enrolled station loses nothing by it.
func TestEnrolOnAFullDisk(t *testing.T) {
	o := newTown(t)
	path := durabletest.Small(t, "64m")
	s := Settings{State: filepath.Join(path, "state")}
	if _, err := enrolAt(t.Context(), s, o.invite(), "Eingang", heard()); err != nil {
		t.Fatal(err)
	}
	durabletest.Stuff(t, filepath.Join(path, "log"), 0)
	asked := false
	o.answer = func(http.ResponseWriter, *http.Request) { asked = true }
	if _, err := enrolAt(t.Context(), s, o.invite(), "Eingang", heard()); err == nil || !strings.Contains(err.Error(), "the card is full") || asked {
		t.Errorf("%v, asked %v; want it to say that the card is full before anybody is asked", err, asked)
	}
	o.answer = nil
	dir, err := durable.Open(s.State)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	if err := ask(t, o.line(dir, s)); err != nil {
		t.Errorf("the station has lost what it had: %v", err)
	}
}

// TestRenewOnAFullDisk: a certificate that the disk has no room for is used, the log and the first
// screen say what to do, and it is saved as soon as there is room, at whatever step it failed.
func TestRenewOnAFullDisk(t *testing.T) {
	path := durabletest.Small(t, "1m")
	for free := int64(0); free <= 12<<10; free += 4 << 10 {
		renewFull(t, filepath.Join(path, "state"), filepath.Join(path, "stuffed"), free)
	}
}

func renewFull(t *testing.T, state, stuffed string, free int64) {
	t.Helper()
	o := newTown(t)
	o.issued = time.Now().Add(-25 * time.Hour)
	first, roomy := o.enrolled()
	id, key := first.now().identity, first.now().key
	dir, err := durable.Open(state)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	pem, err := roomy.Root.ReadFile(keyName(key.Public()))
	if err := errors.Join(err, dir.Write(keyName(key.Public()), bytes.NewReader(pem)), id.save(dir)); err != nil {
		t.Fatal(err)
	}
	line := o.line(dir, Settings{})
	var log bytes.Buffer
	line.log = slog.New(slog.NewTextHandler(&log, nil))
	durabletest.Stuff(t, stuffed, free)
	o.issued = time.Now()
	if err := ask(t, line); err != nil || ageOf(line.now().cert, time.Now()) > time.Hour {
		t.Errorf("%d bytes free: %v, the certificate is %v old", free, err, ageOf(line.now().cert, time.Now()))
	}
	if kept := line.kept(); free == 0 && (!errors.Is(kept, syscall.ENOSPC) || !strings.Contains(kept.Error(), "free some space") || !strings.Contains(log.String(), "cannot be kept")) {
		t.Errorf("the first screen says %v, the log %q", kept, log.String())
	}
	if _, _, err := loadIdentity(dir); err != nil {
		t.Errorf("%d bytes free: what was kept before cannot be read: %v", free, err)
	}
	if err := os.Remove(stuffed); err != nil {
		t.Fatal(err)
	}
	line.remember()
	saved, _, err := loadIdentity(dir)
	if err != nil || line.kept() != nil || saved.Certificate.Certificate != line.now().Certificate.Certificate {
		t.Errorf("%d bytes free: with room it is not saved: %v, %v", free, err, line.kept())
	}
}

// TestFullCardOnTheScreen: a card that gets full takes the station out of order before the next
// citizen comes, and one that has room again puts it back, by itself.
func TestFullCardOnTheScreen(t *testing.T) {
	st := opened(t, newTown(t), "sitter")
	path := durabletest.Small(t, "64m")
	r := Settings{State: path}.room()
	r.every = 10 * time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	running.Go(func() { _ = st.conductor.Run(ctx) })
	running.Go(func() { _ = st.conductor.Health(ctx, session.Camera, func(yield func(error) bool) { yield(nil) }) })
	running.Go(func() { _ = st.conductor.Health(ctx, session.Disk, r.Changes(ctx)) })
	await := func(when string, stage session.Stage) {
		t.Helper()
		for range st.conductor.States(ctx) {
			if st.conductor.State().Stage == stage {
				return
			}
		}
		t.Errorf("%s: the station is %v, want %v", when, st.conductor.State().Stage, stage)
	}
	time.AfterFunc(20*time.Second, cancel)
	await("with room", session.Idle)
	stuffed := filepath.Join(path, "log")
	durabletest.Stuff(t, stuffed, 0)
	await("full", session.OutOfOrder)
	if err := os.Remove(stuffed); err != nil {
		t.Fatal(err)
	}
	await("with room again", session.Idle)
}
