// SPDX-License-Identifier: EUPL-1.2

package envelope

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestStockTools opens an envelope as the package's comment says: with age's own command and tar.
func TestStockTools(t *testing.T) {
	tarCommand, err := exec.LookPath("tar")
	if err != nil {
		t.Skip("no tar on this machine")
	}
	dir := t.TempDir()
	ageCommand := filepath.Join(dir, "age")
	buildAge(t, dir, ageCommand)

	k := newKeys(t)
	m, photos := capture(2)
	key, file := filepath.Join(dir, "office.key"), filepath.Join(dir, "x.age")
	write(t, key, []byte(k.office.String()+"\n"))
	write(t, file, seal(t, m, photos, k.recipients(t)))

	plain := run(t, nil, ageCommand, "-d", "-i", key, file)
	if got, want := strings.Fields(string(run(t, plain, tarCommand, "t"))), "manifest.json photo-1.jpg photo-2.jpg"; strings.Join(got, " ") != want {
		t.Errorf("tar t lists %v, want %s", got, want)
	}
	run(t, plain, tarCommand, "x", "-C", dir)
	for i, photo := range photos {
		got, err := os.ReadFile(filepath.Join(dir, photoName(i)))
		if err != nil || !bytes.Equal(got, photo) {
			t.Errorf("%s differs from what was sealed, %v", photoName(i), err)
		}
	}
	manifest, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parseManifest(manifest); err != nil {
		t.Error(err)
	}
}

// buildAge builds the command of the age version that go.mod names. It needs two modules more than
// we do, so their sums go into a copy of go.sum.
func buildAge(t *testing.T, dir, command string) {
	t.Helper()
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), data)
	}
	run(t, nil, "go", "build", "-mod=mod", "-modfile="+filepath.Join(dir, "go.mod"), "-o", command, "filippo.io/age/cmd/age")
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, in []byte, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(os.Environ(), "GOARCH=") // tools are this machine's own, also where the tests are emulated
	cmd.Stdin = bytes.NewReader(in)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, &errs)
	}
	return out
}
