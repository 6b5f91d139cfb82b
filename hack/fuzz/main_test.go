// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"os"
	"strings"
	"testing"
)

// TestEveryTargetIsInTheThreatModel keeps the table of docs/threat-model.md true:
// each target of the project stands there, and no other.
func TestEveryTargetIsInTheThreatModel(t *testing.T) {
	list, err := targets("../..")
	if err != nil || len(list) < 30 {
		t.Fatalf("%d targets, %v", len(list), err)
	}
	text, err := os.ReadFile("../../docs/threat-model.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "## Bytes from outside")
	table, _, _ = strings.Cut(table, "\n## ")
	for _, one := range list {
		if !strings.Contains(table, "`"+one.String()+"`") {
			t.Errorf("docs/threat-model.md does not say what %s reads", one)
		}
		table = strings.ReplaceAll(table, "`"+one.String()+"`", "")
	}
	if at := strings.Index(table, ".Fuzz"); at >= 0 {
		t.Errorf("docs/threat-model.md names a target that there is not: %.60s", table[max(0, at-30):])
	}
}

func TestRuns(t *testing.T) {
	const out = "fuzz: elapsed: 3s, execs: 17 (5/sec), new interesting: 1 (total: 2)\nfuzz: elapsed: 6s, execs: 4711 (9/sec)\nPASS\n"
	if got := runs(out); got != "4711" {
		t.Errorf("got %s", got)
	}
	if got := runs("ok"); got != "-" {
		t.Errorf("without a line of progress: %s", got)
	}
}

// TestRunOne runs a target of this project for some rounds.
func TestRunOne(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a package for fuzzing")
	}
	t.Chdir("../..")
	if err := run("20x", 1, "appointment.FuzzParseID"); err != nil {
		t.Error(err)
	}
}
