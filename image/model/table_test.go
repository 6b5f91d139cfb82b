// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"strings"
	"testing"
)

// The table in the repository is as its command writes it, and holds every model.
func TestTable(t *testing.T) {
	table, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if got := table.String(); got != text {
		t.Error("table.txt is not as its command writes it: it was edited")
	}
	var names []string
	for _, m := range table.Models {
		names = append(names, m.Name)
		if m.About == "" || len(m.Weights) == 0 {
			t.Errorf("%s: about %q, %d weights", m.Name, m.About, len(m.Weights))
		}
	}
	if got, want := strings.Join(names, " "), strings.Join(Names(), " "); got != want {
		t.Errorf("models %q, want %q", got, want)
	}
}

func TestParseRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"a word for a weight": "model a 0 2\n1 b\n",
		"too many weights":    "model a 0 2\n1 2 3\n",
		"too few weights":     "model a 0 2\n1\n",
		"no bias":             "model a 2\n1 2\n",
		"a word for a bias":   "model a b 2\n1 2\n",
		"weights of nothing":  "1 2\n",
		"a negative number":   "model a 0 -1\n",
	} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Whatever Parse takes, String writes so that Parse takes it again.
func FuzzParse(f *testing.F) {
	f.Add(text)
	f.Add("# about\nmodel a 1.5 3\n1 2\n3\n")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := Parse(text)
		if err != nil {
			return
		}
		once := table.String()
		again, err := Parse(once)
		if err != nil {
			t.Fatalf("%v in %q", err, once)
		}
		if got := again.String(); got != once {
			t.Errorf("got %q, want %q", got, once)
		}
	})
}
