// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite docs/measures.md")

func TestDocument(t *testing.T) {
	const name = "../../docs/measures.md"
	got := Document()
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
		t.Errorf("docs/measures.md is not what the measures say (-file +measures); run this test with -update:\n%s", diff)
	}
}
