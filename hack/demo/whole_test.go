// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"database/sql"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // to look into the office's database from outside

	"github.com/fotobox-project/fotobox/hack/visitor"
)

// TestWholeVisit plays one visit for a citizen whose name is CANARY, with the
// real programs, and looks for that word and for pictures wherever they must not be.
func TestWholeVisit(t *testing.T) {
	log := newLedger(t)
	w := newTown(t, "folder:"+sitterFolder(t), log, raceFlags()...)
	b, err := w.book(t.Context(), "CANARY", soon())
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor.Visitor{Base: "http://" + w.kiosk}
	if err := v.Visit(t.Context(), b.code); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(v.Now.Text, "96") && v.Now.Look != "good" {
		t.Errorf("the last screen is %+v, want the good news", v.Now)
	}
	w.awaitCaptures(t, 1)

	figures := fetch(t, "http://"+w.metrics[0]+"/metrics") + fetch(t, "http://"+w.metrics[1]+"/metrics")
	if !strings.Contains(figures, `fotobox_station_codes_total{answer="ok"} 1`) {
		t.Errorf("the metrics do not count the visit:\n%s", figures)
	}
	for _, p := range []*process{w.station, w.office} {
		if took, err := p.stop(); err != nil || took > 2*time.Second {
			t.Errorf("%s stopped after %v with %v, want at most 2 s and no error", p.name, took, err)
		}
	}
	secrets := []string{"CANARY", b.code, b.kennung.String(), string(b.kennung)}
	for _, s := range secrets {
		for where, text := range map[string]string{"log": log.text(t), "metrics": figures} {
			if strings.Contains(text, s) {
				t.Errorf("the %s contain %q", where, s)
			}
		}
	}
	for _, s := range append(secrets, "\xff\xd8\xff") {
		searchFiles(t, filepath.Join(w.dir, "station"), []byte(s))
	}
}

// searchFiles fails for every file below dir that holds the bytes. What the
// office has told the station is left out: it holds the day's codes, which are public.
func searchFiles(t *testing.T, dir string, secret []byte) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() == "office.json" {
			return err
		}
		data, err := os.ReadFile(name)
		if bytes.Contains(data, secret) {
			t.Errorf("%s contains %q", name, secret)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func fetch(t *testing.T, url string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// captures counts the office's captures by appointment, as its database has them.
func (t *town) captures(ctx context.Context) (map[string]int, error) {
	driver, where := "sqlite", "file:"+filepath.Join(t.dir, "office", "office.db")+"?mode=ro"
	if t.database != "" {
		driver, where = "pgx", t.database
	}
	db, err := sql.Open(driver, where)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, `SELECT appointment, count(*) FROM items GROUP BY appointment`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	n := map[string]int{}
	for rows.Next() {
		var id string
		var count int
		if err := rows.Scan(&id, &count); err != nil {
			return nil, err
		}
		n[id] = count
	}
	return n, rows.Err()
}

// awaitCaptures waits until the office has that many appointments with a capture.
func (t *town) awaitCaptures(test *testing.T, want int) map[string]int {
	test.Helper()
	var got map[string]int
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		var err error
		if got, err = t.captures(test.Context()); err == nil && len(got) >= want {
			return got
		}
	}
	test.Fatalf("the office has %d captures, want %d", len(got), want)
	return nil
}
