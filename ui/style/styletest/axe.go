// SPDX-License-Identifier: EUPL-1.2

// Package styletest judges pages in tests.
package styletest

import (
	"errors"
	"io/fs"
	"os"
	"testing"
)

// axe is axe-core, which judges a page by the machine-readable part of WCAG.
const axe = "../style/node_modules/axe-core/axe.min.js"

// Violations asks axe, in a page that has it, for what WCAG 2.2 AA and its best
// practices forbid: a list of texts. Nothing is fetched: a page's policy would not let it.
const Violations = `axe.run(document, {
	runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
	resultTypes: ["violations"], preload: false, performanceTimer: false,
}).then((found) => found.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ")).join(", ") + ": " + v.help))`

// Axe reads axe's script, for a test of a package beside ui/style. It skips the test where nobody fetched it.
func Axe(t testing.TB) string {
	t.Helper()
	script, err := os.ReadFile(axe)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("axe-core is not there: make assets")
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(script)
}
