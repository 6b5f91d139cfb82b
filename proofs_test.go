// SPDX-License-Identifier: EUPL-1.2

package fotobox

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"strings"
	"testing"
)

// TestProofsExist: every test that privacy.md and threat-model.md name is there.
// A test is named `folder.TestName`, one of this folder `.TestName`.
func TestProofsExist(t *testing.T) {
	there := map[string]bool{}
	parsed(t, func(name string, _ *token.FileSet, file *ast.File) {
		if !strings.HasSuffix(name, "_test.go") {
			return
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
				there[strings.TrimPrefix(path.Dir(name), ".")+"."+f.Name.Name] = true
			}
		}
	})
	mention, named := regexp.MustCompile(`\b(Test|Fuzz)[A-Z]\w*`), regexp.MustCompile("`([\\w/]*\\.(?:Test|Fuzz)[A-Z]\\w*)`")
	for _, name := range []string{"privacy.md", "threat-model.md"} {
		text := page(t, name)
		tests := named.FindAllStringSubmatch(text, -1)
		if all := mention.FindAllString(text, -1); len(all) != len(tests) || len(tests) == 0 {
			t.Errorf("%s mentions %d tests and names %d as `folder.TestName`; want all", name, len(all), len(tests))
		}
		for _, m := range tests {
			if !there[m[1]] {
				t.Errorf("%s names %s, which does not exist", name, m[1])
			}
		}
	}
}
