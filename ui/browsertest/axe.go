// SPDX-License-Identifier: EUPL-1.2

package browsertest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Judge asks axe for what WCAG 2.2 AA and its best practices forbid, and gives a
// list of texts. Nothing is fetched: the pages' policy would not let it.
const Judge = `axe.run(document, {
	runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
	resultTypes: ["violations"], preload: false, performanceTimer: false,
}).then((found) => found.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ")).join(", ") + ": " + v.help))`

// Axe is the script of axe-core, which judges a page by the machine-readable part
// of WCAG. It is evaluated in a page before Judge. Without it the test is left out.
func Axe(t testing.TB) string {
	t.Helper()
	script, err := os.ReadFile(filepath.Join(top(t), "ui/style/node_modules/axe-core/axe.min.js"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("axe-core is not there: make assets")
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(script)
}

// top is the repository's own folder, above that of the test.
func top(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	for err == nil && dir != "/" {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	t.Fatalf("no go.mod above the test: %v", err)
	return ""
}
