// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/upload/enrolment"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// TestRotationReachesAStationAtWork rotates the key of a running office:
// captures sealed for the old key and for the new one open, and the station
// seals for the new one after its next question.
func TestRotationReachesAStationAtWork(t *testing.T) {
	o, logged, _ := started(t)
	station, told := enrolled(t, o)
	if _, err := devices.RotateSeal(o.settings.State, "", time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := o.keys.Ring.Tend(time.Now()); err != nil {
		t.Fatal(err)
	}
	var now enrolment.Settings
	if status := do(t, station, request(t, "GET", "https://"+o.settings.Device+enrolment.StationPath, nil), &now); status != 200 {
		t.Fatalf("settings answer %d", status)
	}
	if len(now.Recipients) != 2 || now.Recipients[0] == told.Recipients[0] {
		t.Fatalf("recipients %v after the rotation, %v before", now.Recipients, told.Recipients)
	}
	for name, to := range map[string][]string{"old": told.Recipients, "new": now.Recipients} {
		id, put := delivery(t, o, to, appointment.ID{1})
		var receipt envelope.Receipt
		if status := do(t, station, put, &receipt); status != 201 {
			t.Fatalf("delivery answers %d", status)
		}
		if _, err := o.inbox.Open(t.Context(), "anna", id); err != nil {
			t.Errorf("sealed for the %s key: %v", name, err)
		}
	}
	if strings.Contains(logged.String(), "AGE-SECRET") {
		t.Error("log holds a key")
	}
}

// TestEscrowOpensWithStockAge takes a sealed capture out of the office and opens
// it with age's own command and the printed escrow key, as docs/operations.md says.
func TestEscrowOpensWithStockAge(t *testing.T) {
	o, _, stop := started(t)
	escrow, err := devices.NewEscrow(o.settings.State)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.keys.Ring.Tend(time.Now()); err != nil {
		t.Fatal(err)
	}
	station, told := enrolled(t, o)
	id, put := delivery(t, o, told.Recipients, appointment.ID{1})
	if status := do(t, station, put, nil); status != 201 {
		t.Fatalf("delivery answers %d", status)
	}
	stop()
	dir := t.TempDir()
	key := filepath.Join(dir, "escrow.key")
	write(t, key, []byte("# from paper\n"+escrow+"\n"))
	var sealed, opened bytes.Buffer
	k := keyring{&command.Call{Stdout: &sealed, Stderr: io.Discard}, o.settings, -1}
	if err := k.escrowOpen(t.Context(), id.String(), ""); err != nil {
		t.Fatal(err)
	}
	k.Stdout = &opened
	if err := k.escrowOpen(t.Context(), id.String(), key); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "x.age")
	write(t, file, sealed.Bytes())
	if plain := stockAge(t, dir, "-d", "-i", key, file); !bytes.Equal(plain, opened.Bytes()) {
		t.Errorf("stock age gives %d bytes, escrow-open %d", len(plain), opened.Len())
	}
	first, err := tar.NewReader(&opened).Next()
	if err != nil || first.Name != "manifest.json" {
		t.Errorf("capture begins with %v, %v", first, err)
	}
	wrong := filepath.Join(o.settings.State, "keys", "office.key")
	write(t, wrong, []byte("x"))
	if err := unseal(io.Discard, sealed.Bytes(), wrong); err == nil {
		t.Error("a file that is no key opened it")
	}
}

// stockAge builds and runs the command of the age version that go.mod names.
func stockAge(t *testing.T, dir string, args ...string) []byte {
	t.Helper()
	mod := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(mod, name), data)
	}
	command := filepath.Join(dir, "age")
	build := exec.CommandContext(t.Context(), "go", "build", "-mod=mod", "-modfile="+filepath.Join(mod, "go.mod"), "-o", command, "filippo.io/age/cmd/age")
	build.Env = append(os.Environ(), "GOARCH=") // this machine's own, also where the tests are emulated
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build age: %v\n%s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), command, args...).Output()
	if err != nil {
		t.Fatalf("age: %v", err)
	}
	return out
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestRetiredKeyIsRemovedAndRecorded: an office that starts after the 96 hours
// removes the key first thing, and says so in the record.
func TestRetiredKeyIsRemovedAndRecorded(t *testing.T) {
	s := Settings{State: t.TempDir()}
	if err := devices.Init(s.State, 9_162_000, "Musterstadt"); err != nil {
		t.Fatal(err)
	}
	if _, err := devices.RotateSeal(s.State, "", time.Now().Add(-97*time.Hour)); err != nil {
		t.Fatal(err)
	}
	o, err := open(t.Context(), s, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer o.close()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if err := o.tendKeys(ctx); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(s.State, "keys", "office-until-*"))
	if err != nil || len(left) != 0 {
		t.Errorf("%v are there still, %v", left, err)
	}
	if n := o.recorded(t, "key-removed"); n != 1 {
		t.Errorf("%d entries say that a key was removed, want 1", n)
	}
}

// recorded counts the record's entries of an action.
func (o *office) recorded(t *testing.T, action string) (n int) {
	t.Helper()
	for e, err := range audit.All(t.Context(), o.store) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Action == action {
			n++
		}
	}
	return n
}
