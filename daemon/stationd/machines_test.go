// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
)

// machinesEvery is how many of the photos TestSameOnEveryMachine takes.
var machinesEvery = flag.Int("every", 200, "compare one photo of so many between amd64 and arm64")

// TestSameOnEveryMachine: the same picture gets the same report, byte for byte, from
// the program for amd64 and from that for arm64, which qemu runs here.
func TestSameOnEveryMachine(t *testing.T) {
	qemu, err := exec.LookPath("qemu-aarch64-static")
	if err != nil {
		t.Skipf("reports of arm64 are not compared: %v (Debian: qemu-user-static)", err)
	}
	names := append(sitters(t), somePhotos(t)...)
	args := append([]string{"check", "--json", "--relative", "--measures"}, names...)
	here := reports(t, exec.Command(built(t, "amd64"), args...))
	there := reports(t, exec.Command(qemu, append([]string{built(t, "arm64")}, args...)...))
	if len(here) != len(names) || len(there) != len(names) {
		t.Fatalf("%d and %d reports on %d pictures", len(here), len(there), len(names))
	}
	for i, name := range names {
		if diff := cmp.Diff(here[i], there[i]); diff != "" {
			t.Errorf("%s: amd64 (-) and arm64 (+) differ:\n%s", name, diff)
		}
	}
	t.Logf("%d reports compared", len(names))
}

// built builds the program for a machine.
func built(t *testing.T, machine string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "stationd-"+machine)
	build := exec.Command("go", "build", "-o", name, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+machine)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build for %s: %v\n%s", machine, err, out)
	}
	return name
}

// reports runs a check and gives each printed object, but for the time it took, with
// a line for every value.
func reports(t *testing.T, check *exec.Cmd) (list []string) {
	t.Helper()
	out, err := check.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && (!ok || exit.ExitCode() != 1) {
		t.Fatalf("%v: %v", check.Args, err)
	}
	for line := range bytes.Lines(out) {
		var members map[string]json.RawMessage
		if err := json.Unmarshal(line, &members); err != nil {
			t.Fatal(err)
		}
		delete(members, "ms")
		text, err := json.MarshalIndent(members, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, string(text))
	}
	return list
}

// sitters writes pictures of nobody real, each with something to measure.
func sitters(t *testing.T) (names []string) {
	t.Helper()
	dir, still := t.TempDir(), image.Pt(720, 960)
	for _, one := range []struct {
		name   string
		size   image.Point
		change func(*cameratest.Sitter)
	}{
		{"plain", still, func(*cameratest.Sitter) {}},
		{"turned", still, func(s *cameratest.Sitter) { s.Yaw, s.Pitch, s.Roll, s.X = 7, 5, 6, 0.03 }},
		{"dark", still, func(s *cameratest.Sitter) { s.Skin, s.Noise, s.Lamps.Right = 0.9, 4, 0.4 }},
		{"mouth", still, func(s *cameratest.Sitter) { s.Smile, s.Mouth, s.Eyes, s.Gradient = 0.7, 0.3, 0.2, 0.2 }},
		{"hidden", still, func(s *cameratest.Sitter) { s.Glasses, s.Fringe, s.GazeX = true, 0.6, 12 }},
		{"whole", image.Pt(1244, 1600), func(s *cameratest.Sitter) { s.Head = 0.75 }}, // judged without a cut
	} {
		s := cameratest.Default()
		one.change(&s)
		img, _ := s.Render(one.size)
		names = append(names, filepath.Join(dir, one.name+".png"))
		save(t, names[len(names)-1], img)
	}
	return names
}

// somePhotos are those that are here.
func somePhotos(t *testing.T) (names []string) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(photoFolder, "*.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	for i := *machinesEvery / 2; i < len(all); i += *machinesEvery {
		names = append(names, all[i])
	}
	return names
}
