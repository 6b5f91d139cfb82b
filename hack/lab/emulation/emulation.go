// SPDX-License-Identifier: EUPL-1.2

// Package emulation starts programs of the tests' own architecture while the tests
// themselves run under user emulation (make test-arm64): a kernel that has not been
// told of the emulator refuses to start them.
package emulation

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"
)

// Active tells whether the tests run in the emulator.
func Active() bool { return emulator != "" }

// Command is exec.CommandContext, through the emulator where there is one.
func Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	if !Active() {
		return exec.CommandContext(ctx, name, args...)
	}
	return exec.CommandContext(ctx, emulator, append([]string{"-0", name, name}, args...)...)
}

// Script lets scripts find the named programs of testscript.Main, each behind a
// shell line that starts it in the emulator; without one it does nothing.
func Script(env *testscript.Env, names ...string) error {
	if !Active() {
		return nil
	}
	dir := filepath.Join(env.WorkDir, ".emulated")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, name := range names {
		program, err := exec.LookPath(name)
		if err != nil {
			return err
		}
		line := fmt.Sprintf("#!/bin/sh\nexec %s -0 %s %s \"$@\"\n", emulator, name, program)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(line), 0o755); err != nil {
			return err
		}
	}
	env.Setenv("PATH", dir+string(os.PathListSeparator)+env.Getenv("PATH"))
	return nil
}
