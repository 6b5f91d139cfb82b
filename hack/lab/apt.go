// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// errUnavailable is why the lab cannot be set up on this machine, through no
// fault of what it would test.
var errUnavailable = errors.New("the lab cannot be set up")

// An apt is apt's ordinary client with lists of its own, so that packages of
// another architecture can be unpacked without root and without telling dpkg.
// Where packages come from is the machine's own setting.
type apt struct{ root string }

// newApt makes the lists' folder below the cache for an architecture, as Debian names it.
func newApt(cache, arch string) (apt, error) {
	a := apt{filepath.Join(cache, "apt-"+arch)}
	for _, d := range []string{"state/lists/partial", "cache/archives/partial", "deb"} {
		if err := os.MkdirAll(filepath.Join(a.root, d), 0o755); err != nil {
			return a, err
		}
	}
	conf := fmt.Sprintf(`APT::Architecture %q;
APT::Architectures { %q; };
Dir::State %q;
Dir::State::status "/dev/null";
Dir::Cache %q;
APT::Sandbox::User "";
Acquire::Languages "none";
`, arch, arch, a.root+"/state", a.root+"/cache")
	if err := os.WriteFile(filepath.Join(a.root, "apt.conf"), []byte(conf), 0o644); err != nil {
		return a, err
	}
	return a, a.update()
}

// run runs one of apt's tools in a folder and returns what it printed.
func (a apt) run(dir, name string, args ...string) (string, error) {
	c := exec.Command(name, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "APT_CONFIG="+filepath.Join(a.root, "apt.conf"), "LC_ALL=C")
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		err = fmt.Errorf("%w: %s %s: %v\n%s", errUnavailable, name, strings.Join(args, " "), err, said.String())
	}
	return string(out), err
}

// update renews the lists once a day. Old lists do as well, without a network.
func (a apt) update() error {
	stamp := filepath.Join(a.root, "updated")
	if info, err := os.Stat(stamp); err == nil && time.Since(info.ModTime()) < 24*time.Hour {
		return nil
	}
	if _, err := a.run("", "apt-get", "update"); err != nil {
		fmt.Println("lab: the package lists are not renewed:", err)
		return nil
	}
	return os.WriteFile(stamp, nil, 0o644)
}

// depends lists what a package depends on.
func (a apt) depends(pkg string) ([]string, error) {
	out, err := a.run("", "apt-cache", "depends", "--no-recommends", "--no-suggests", pkg)
	if err != nil {
		return nil, err
	}
	var names []string
	for line := range strings.Lines(out) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "Depends: "); ok {
			name, _, _ = strings.Cut(name, ":")
			names = append(names, name)
		}
	}
	return names, nil
}

// fetch downloads a package, once, and returns its file.
func (a apt) fetch(pkg string) (string, error) {
	dir := filepath.Join(a.root, "deb")
	pattern := filepath.Join(dir, pkg+"_*.deb")
	found, err := filepath.Glob(pattern)
	if err == nil && len(found) == 0 {
		fmt.Println("lab: fetching", pkg)
		if _, err = a.run(dir, "apt-get", "download", pkg); err == nil {
			found, err = filepath.Glob(pattern)
		}
	}
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", fmt.Errorf("%w: apt-get download %s left no file", errUnavailable, pkg)
	}
	return found[len(found)-1], nil
}

// unpack puts a package's files into dir, and is done when dir exists.
func (a apt) unpack(dir string, pkgs ...string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	half := dir + ".half"
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	for _, pkg := range pkgs {
		deb, err := a.fetch(pkg)
		if err != nil {
			return err
		}
		if _, err := a.run("", "dpkg-deb", "-x", deb, half); err != nil {
			return err
		}
	}
	return os.Rename(half, dir)
}
