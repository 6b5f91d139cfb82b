// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/fotobox-project/fotobox/hack/lab/emulation"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"stationd": main})
}

// TestScripts runs the program as its users do.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: func(env *testscript.Env) error { return emulation.Script(env, "stationd") },
	})
}
