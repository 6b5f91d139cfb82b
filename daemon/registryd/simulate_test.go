// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// rushed calls the command with a small rush, and gives what it printed and its page.
func rushed(t *testing.T, args ...string) (printed, page string, err error) {
	t.Helper()
	var out, said bytes.Buffer
	report := filepath.Join(t.TempDir(), "rush.html")
	err = program().Run(t.Context(), append([]string{"simulate", "rush", "-scale", "0.05", "-people", "60", "-report", report}, args...), &out, &said)
	data, missing := os.ReadFile(report)
	if missing != nil {
		t.Fatalf("%v; %v, %s", missing, err, &said)
	}
	return out.String(), string(data), err
}

// TestSimulate: the program plays in a database that is gone afterwards, or in the
// one that is named, which has to be empty.
func TestSimulate(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	printed, page, err := rushed(t)
	if err != nil || !strings.Contains(printed, "no fault") || !strings.Contains(page, "no fault") {
		t.Errorf("%v\n%s", err, printed)
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("it left %v (%v)", left, err)
	}
	where := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(where, []byte(storetest.Where(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"-database", "file:" + where}
	if !storetest.Postgres() {
		args[1] = storetest.Where(t)
	}
	if printed, _, err = rushed(t, args...); err != nil {
		t.Errorf("%v\n%s", err, printed)
	}
	var out bytes.Buffer
	if err = program().Run(t.Context(), append(args, "rush"), &out, &out); err == nil {
		t.Error("an office's own database is played in")
	}
}

// TestSimulateFault: in a database that cancels what is booked, the checks find it,
// the page shows it, and the program fails.
func TestSimulateFault(t *testing.T) {
	storetest.FileOnly(t)
	where := filepath.Join(t.TempDir(), "office.db")
	s, err := store.Open(t.Context(), where)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `CREATE TRIGGER fault AFTER INSERT ON appointment BEGIN UPDATE appointment SET state = 'cancelled' WHERE id = NEW.id; END`)
		return err
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	printed, page, err := rushed(t, "-database", where)
	if err == nil || !strings.Contains(err.Error(), "80 faults") { // each of 40 is cancelled, and has a seat
		t.Errorf("the error is %v, want 80 faults", err)
	}
	for _, told := range []string{printed, page} {
		if !strings.Contains(told, ", by the record ") {
			t.Errorf("nothing tells of the fault:\n%s", told)
		}
	}
}

func TestSimulateUsage(t *testing.T) {
	for _, args := range []string{"", "decade", "year rush", "year -days -1", "agent -scale 0", "year -counters -1", "year -people -5"} {
		var out bytes.Buffer
		if err := program().Run(t.Context(), append([]string{"simulate"}, strings.Fields(args)...), &out, &out); !errors.Is(err, command.ErrUsage) {
			t.Errorf("simulate %s: %v, want wrong usage", args, err)
		}
	}
}
