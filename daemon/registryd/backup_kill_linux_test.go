// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/hack/lab/emulation"
	"github.com/fotobox-project/fotobox/internal/durable/durabletest"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// large is an office with captures enough that copying them takes a while.
func large(t *testing.T) (o *office, captures int) {
	t.Helper()
	o, _, _ = started(t)
	client, answer := enrolled(t, o)
	for captures = range 12 {
		_, put := delivery(t, o, answer.Recipients, appointment.ID{1})
		if status := do(t, client, put, nil); status != 201 {
			t.Fatalf("delivery answers %d", status)
		}
	}
	return o, captures + 1
}

// configFile writes the settings for the program.
func (o *office) configFile(t *testing.T) string {
	t.Helper()
	text := fmt.Sprintf("state = %q\ndevice = %q\n", o.settings.State, o.settings.Device)
	if o.settings.Database != "" {
		text += fmt.Sprintf("database = %q\n", o.settings.Database)
	}
	name := filepath.Join(t.TempDir(), "office.toml")
	write(t, name, []byte(text))
	return name
}

// registryd is the program with these arguments.
func registryd(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	name, err := exec.LookPath("registryd") // testscript put it there
	if err != nil {
		t.Fatal(err)
	}
	return emulation.Command(t.Context(), name, args...)
}

// killed runs the program and kills it within the given time, unless it was quicker.
func killed(t *testing.T, within time.Duration, args ...string) (whole bool) {
	t.Helper()
	c := registryd(t, args...)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(rand.N(within), func() { _ = c.Process.Kill() })
	defer timer.Stop()
	return c.Wait() == nil
}

// took is how long the program needs when nobody kills it.
func took(t *testing.T, args ...string) time.Duration {
	t.Helper()
	began := time.Now()
	if out, err := registryd(t, args...).CombinedOutput(); err != nil {
		t.Fatalf("registryd %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return time.Since(began)
}

// TestKilledBackup: a file under a backup's name is a whole one, whenever the
// program is killed, and the next backup removes what the killed ones left.
func TestKilledBackup(t *testing.T) {
	o, captures := large(t)
	config, dir := o.configFile(t), t.TempDir()
	usual := took(t, "backup", "-config", config, "-captures", dir)
	for n := range 6 {
		file := filepath.Join(dir, fmt.Sprint(n))
		whole := killed(t, usual, "backup", "-config", config, "-captures", file)
		if !whole {
			killed(t, usual, "backup", "-config", config, "-captures", dir)
		}
		if _, err := os.Stat(file); err == nil {
			o.holds(t, file, captures)
		} else if whole {
			t.Errorf("a backup that ended well left no file: %v", err)
		}
	}
	time.Sleep(time.Second) // for another name: they have seconds
	took(t, "backup", "-config", config, "-captures", dir)
	names, err := filepath.Glob(filepath.Join(dir, "fotobox-*"))
	if err != nil || len(names) < 2 {
		t.Fatalf("%v, %v", names, err)
	}
	for _, name := range names {
		o.holds(t, name, captures)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || slices.ContainsFunc(entries, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), "."+backupStart) }) {
		t.Errorf("what killed backups left is there still: %v, %v", entries, err)
	}
}

// holds restores the backup elsewhere and counts.
func (o *office) holds(t *testing.T, file string, captures int) {
	t.Helper()
	next := elsewhere(t, o)
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := next.restore(t.Context(), f, []age.Identity{next.keys.Ring}, time.Now()); err != nil {
		t.Errorf("%s: %v", filepath.Base(file), err)
		return
	}
	next.whole(t, captures)
}

func (o *office) whole(t *testing.T, captures int) {
	t.Helper()
	list, err := o.inbox.Of(t.Context(), appointment.ID{1})
	if err != nil || len(list) != captures {
		t.Errorf("%d captures, %v, want %d", len(list), err, captures)
	}
	for _, i := range list {
		if _, err := o.inbox.Open(t.Context(), "anna", i.ID); err != nil {
			t.Error(err)
		}
	}
	if _, err := audit.Verify(t.Context(), o.store); err != nil || o.recorded(t, "restored") != 1 {
		t.Errorf("record: %v, restored %d times, want once", err, o.recorded(t, "restored"))
	}
}

// TestKilledRestore: the database is empty or whole, and the same command brings it to its end.
func TestKilledRestore(t *testing.T) {
	o, captures := large(t)
	file := o.backedUp(t, true).Name()
	next := elsewhere(t, o)
	usual := took(t, "restore", "-config", next.configFile(t), file)
	next.whole(t, captures)
	stopped := 0
	for range 3 {
		next := elsewhere(t, o)
		config := next.configFile(t)
		for range 3 {
			if killed(t, usual, "restore", "-config", config, file) {
				break
			}
			stopped++
		}
		if next.recorded(t, "restored") == 0 {
			took(t, "restore", "-config", config, file)
		}
		next.whole(t, captures)
	}
	if stopped == 0 {
		t.Error("no restore was killed: the test proves nothing")
	}
}

// TestBackUpOnAFullDisk says so, and leaves nothing.
func TestBackUpOnAFullDisk(t *testing.T) {
	o, captures := large(t)
	dir := durabletest.Small(t, "16k")
	out, err := registryd(t, "backup", "-config", o.configFile(t), "-captures", dir).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "no space left") {
		t.Errorf("on a full disk: %v, %s", err, out)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("it left %v, %v", entries, err)
	}
	o.holds(t, o.backedUp(t, true).Name(), captures)
}

// TestRestoreOntoAFullDisk says so; with room the same command goes to its end.
func TestRestoreOntoAFullDisk(t *testing.T) {
	storetest.FileOnly(t)
	o, captures := large(t)
	file := o.backedUp(t, true).Name()
	next := elsewhere(t, o)
	dir := durabletest.Small(t, "64m")
	if err := os.CopyFS(filepath.Join(dir, "keys"), os.DirFS(filepath.Join(o.settings.State, "keys"))); err != nil {
		t.Fatal(err)
	}
	next.settings.State = dir
	config := next.configFile(t)
	took(t, "audit", "-config", config) // which makes the empty database
	durabletest.Leave(t, dir, 64<<10)
	out, err := registryd(t, "restore", "-config", config, file).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "disk is full") {
		t.Fatalf("onto a full disk: %v, %s", err, out)
	}
	durabletest.Leave(t, dir, 64<<20)
	took(t, "restore", "-config", config, file)
	again, err := open(t.Context(), next.settings, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer again.close()
	again.whole(t, captures)
}
