// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite docs/rules.md")

func TestDocument(t *testing.T) {
	const name = "../../docs/rules.md"
	got := Document(DePassport2025())
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("docs/rules.md is not what the rules say (-file +rules); run this test with -update:\n%s", diff)
	}
}
