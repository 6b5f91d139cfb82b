// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPageIsUpToDate(t *testing.T) {
	file, err := os.ReadFile("../../docs/flow.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(file), string(page())); diff != "" {
		t.Errorf("docs/flow.md differs from session.Step; run `go run ./hack/flow` (-file +code):\n%s", diff)
	}
}
