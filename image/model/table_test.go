// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"testing"
)

// What Parse reads String writes, and the table in the repository is as written.
func TestTable(t *testing.T) {
	table, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if got := table.String(); got != text {
		t.Error("table.txt is not as its command writes it: it was edited")
	}
}
