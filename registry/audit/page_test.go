// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// TestPage turns the pages of a record of seven, three on each.
func TestPage(t *testing.T) {
	s := storetest.Open(t)
	if page, err := Page(t.Context(), s, 0, 3); len(page) != 0 || err != nil {
		t.Errorf("empty record: %v, %v", page, err)
	}
	all := fill(t, s, 7)
	var got [][]int
	for before := 0; before != 1; {
		page, err := Page(t.Context(), s, before, 3)
		if err != nil {
			t.Fatal(err)
		}
		var numbers []int
		for _, e := range page {
			if diff := cmp.Diff(all[e.Number-1], e.Entry); diff != "" {
				t.Errorf("entry %d: %s", e.Number, diff)
			}
			numbers, before = append(numbers, e.Number), e.Number
		}
		got = append(got, numbers)
	}
	if diff := cmp.Diff([][]int{{7, 6, 5}, {4, 3, 2}, {1}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
