// SPDX-License-Identifier: EUPL-1.2

package phototest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// folder writes tables as a folder of photos has them; an empty one is left out.
func folder(t *testing.T, sources, landmarks string) string {
	t.Helper()
	dir := t.TempDir()
	for name, rows := range map[string]string{"SOURCES.csv": sources, "LANDMARKS.csv": landmarks} {
		if rows == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(rows), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRead(t *testing.T) {
	dir := folder(t, "file,traits\na-1.jpg,neutral plain-bg\nlondon-smile-030-08.jpg,smile\n", "file,eye_l_x,eye_l_y,eye_r_x,eye_r_y\na-1.jpg,1,2,4,6\n")
	got, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []Photo{
		{filepath.Join(dir, "a-1.jpg"), "a-1.jpg", Traits{"neutral", "plain-bg"}, Marks{"eye_l": {1, 2}, "eye_r": {4, 6}}},
		{filepath.Join(dir, "london-smile-030-08.jpg"), "london-smile-030-08.jpg", Traits{"smile", "smile-teeth"}, nil},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got[0].Set() != "a" || got[0].Marks.IED() != 5 {
		t.Errorf("set %q, IED %v; want a and 5", got[0].Set(), got[0].Marks.IED())
	}
}

func TestReadRefuses(t *testing.T) {
	for name, tables := range map[string][2]string{
		"no file":           {},
		"a path":            {"file,traits\n../secret.jpg,neutral\n", ""},
		"a word for a mark": {"file,traits\na.jpg,neutral\n", "file,eye_l_x,eye_l_y\na.jpg,1,b\n"},
	} {
		if _, err := Read(folder(t, tables[0], tables[1])); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestShowsTeeth(t *testing.T) {
	if !showsTeeth("london-smile-030-08.jpg") || showsTeeth("london-smile-001-08.jpg") || showsTeeth("london-030-03.jpg") {
		t.Error("the smiles with teeth are not told from the others")
	}
}

func TestThinned(t *testing.T) {
	list := []Photo{{Name: "0"}, {Name: "1"}, {Name: "2"}, {Name: "3"}}
	if diff := cmp.Diff([]Photo{list[0], list[3]}, Thinned(list, 3)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
