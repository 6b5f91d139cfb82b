// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	fotobox  = "github.com/fotobox-project/fotobox"
	stationd = fotobox + "/daemon/stationd"
	guardd   = fotobox + "/daemon/guardd"
)

// A packageConfig is what gok's config.json says about one program.
type packageConfig struct {
	CommandLineFlags  []string          `json:",omitempty"`
	GoBuildFlags      []string          `json:",omitempty"`
	ExtraFileContents map[string]string `json:",omitempty"`
}

// A config is gok's config.json, as far as we use it.
type config struct {
	Hostname        string
	Update          map[string]any
	Environment     []string
	GokrazyPackages []string
	Packages        []string
	PackageConfig   map[string]packageConfig
	SerialConsole   string
	KernelPackage   string
	FirmwarePackage string
	EEPROMPackage   string
	KernelExtraArgs []string `json:",omitempty"`

	BootloaderExtraLines []string `json:",omitempty"` // of the Raspberry Pi's config.txt
}

// releaseFile names the release in the image; guardd reads it.
const releaseFile = "/etc/fotobox/release"

// instance makes gok's folder for one kind of machine ("pi", "pc") below out: the
// committed one, with the product's own requirements, which go.mod and go.sum of
// the product pin already, and with what change does to its configuration.
func (r repository) instance(kind, name string, v release, change func(*config)) error {
	from, to := r.path(filepath.Join("hack/appliance/instances", kind)), r.out(filepath.Join("instances", name))
	if err := errors.Join(os.RemoveAll(to), copyTree(to, from)); err != nil {
		return err
	}
	if err := r.writeConfig(filepath.Join(to, "config.json"), v, change); err != nil {
		return err
	}
	// gok builds in the nearest folder with a go.mod above the package's path.
	dir := filepath.Join(to, "builddir", fotobox)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	back, err := filepath.Rel(dir, string(r))
	if err != nil {
		return err
	}
	own, err := os.ReadFile(r.path("go.mod"))
	if err != nil {
		return err
	}
	// Another module's go.mod must name what the product itself requires, so that nothing is chosen anew.
	_, requirements, _ := strings.Cut(string(own), "\nrequire ")
	mod := fmt.Sprintf("module gokrazy/build/station\n\ngo 1.26.0\n\nrequire %s %s\n\nreplace %s => %s\n\nrequire %s",
		fotobox, v.version, fotobox, back, requirements)
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o644); err != nil {
		return err
	}
	sums, err := os.ReadFile(r.path("go.sum"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o644)
}

func (r repository) writeConfig(name string, v release, change func(*config)) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var c config
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields() // what we do not know would not reach gok
	if err := d.Decode(&c); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	if p, ok := c.PackageConfig[guardd]; ok {
		p.ExtraFileContents[releaseFile] = v.String() + "\n"
	}
	if change != nil {
		change(&c)
	}
	if text, err = json.MarshalIndent(c, "", "    "); err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o644)
}
