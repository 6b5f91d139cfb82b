// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestClusterJoinsWindowsOfOnePlace(t *testing.T) {
	windows := []window{
		{x: 100, y: 100, size: 50, score: 1}, {x: 300, y: 100, size: 40, score: 5}, {x: 104, y: 108, size: 58, score: 3},
	}
	want := []window{{x: 300, y: 100, size: 40, score: 5}, {x: 103, y: 106, size: 56, score: 4}}
	before := slices.Clone(windows)
	if diff := cmp.Diff(want, cluster(windows), cmp.AllowUnexported(window{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !slices.Equal(before, windows) {
		t.Error("cluster changed its argument")
	}
}

func TestDistinct(t *testing.T) {
	face := window{x: 200, y: 200, size: 100, score: 200}
	tests := []struct {
		name  string
		other window
		want  int
	}{
		{"eye inside the face", window{x: 180, y: 180, size: 30, score: 150}, 1},
		{"head around the face", window{x: 210, y: 240, size: 190, score: 150}, 1},
		{"collar below, weak", window{x: 205, y: 300, size: 70, score: 30}, 1},
		{"child below, strong", window{x: 205, y: 300, size: 70, score: 60}, 2},
		{"person far off, weak", window{x: 500, y: 200, size: 60, score: 30}, 2},
		{"chance far off", window{x: 500, y: 200, size: 60, score: 9}, 1},
	}
	for _, tt := range tests {
		got := distinct([]window{tt.other, face}, 10)
		if len(got) != tt.want || got[0] != face {
			t.Errorf("%s: got %v; want %d, the best first", tt.name, got, tt.want)
		}
	}
}
