// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestCheckSet: a group's set judges, and a group that is none is refused.
func TestCheckSet(t *testing.T) {
	name := wall(t)
	for group, want := range map[string]string{"adult": "de-passport-2025", "child": "de-passport-2025-child", "infant": "de-passport-2025-infant"} {
		_, lines, stderr := run("--json", "--set", group, name)
		var j judgement
		if err := json.Unmarshal([]byte(lines[0]), &j); err != nil || j.Report.Set != want {
			t.Errorf("%s: set %q, %v, %s", group, j.Report.Set, err, stderr)
		}
	}
	if status, _, stderr := run("--set", "elder", name); status != 2 || !strings.Contains(stderr, "adult child infant") {
		t.Errorf("status %d, %q", status, stderr)
	}
}
