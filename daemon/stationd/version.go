// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"
)

// version is the program's name and version, as built.
func version() string {
	v := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		v = info.Main.Version
	}
	return "stationd " + v
}

// committed is the commit's time, the zero time where it was not written into the program.
func committed() time.Time {
	info, _ := debug.ReadBuildInfo()
	if info == nil {
		return time.Time{}
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.time" {
			at, _ := time.Parse(time.RFC3339, s.Value) // as the go command wrote it
			return at
		}
	}
	// The appliance's build names the commit in the module's version alone.
	if _, rest, _ := strings.Cut(info.Main.Version, "-"); len(rest) > len(versionTime) {
		at, _ := time.Parse(versionTime, rest[:len(versionTime)]) // a version of another form names no time
		return at
	}
	return time.Time{}
}

// versionTime is how the go command writes a commit's time into a version.
const versionTime = "20060102150405"

// programHash is the SHA-256 of the running program, in hexadecimal: the
// capture says by which program it was made.
func programHash() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("hash program: %w", err)
	}
	f, err := os.Open(name)
	if err != nil {
		return "", fmt.Errorf("hash program: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("hash program: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
