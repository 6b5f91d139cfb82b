// SPDX-License-Identifier: EUPL-1.2

package fleet

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }

// noon is a Tuesday's.
var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// A bench is a fleet with the stations that a test puts into it.
type bench struct {
	*Fleet
	store  *store.Store
	logged bytes.Buffer
}

func newBench(t testing.TB) *bench {
	t.Helper()
	b := &bench{store: storetest.Open(t)}
	log := slog.New(slog.NewTextHandler(&b.logged, nil))
	b.Fleet = New(devices.New(b.store, nil, log), b.store, log)
	return b
}

// enrols puts a station on the list, seen at noon.
func (b *bench) enrols(t testing.TB, id string) {
	t.Helper()
	err := b.store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO devices (id, name, enrolled_at, valid_until, seen_at, revoked_at) VALUES ($1, $1, 0, $2, $3, 0)`,
			id, noon.Add(devices.StationLife).UnixMilli(), noon.UnixMilli())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// fine is what a station reports where all is well.
func fine(change ...func(*enrolment.Report)) enrolment.Report {
	r := enrolment.Report{
		Version: enrolment.ReportVersion, Software: "stationd v1.0.0", At: noon, Started: noon.Add(-time.Hour), Mode: enrolment.Lobby, Open: true,
		Camera: enrolment.Works, Lamps: enrolment.Works, Scene: enrolment.Works, Display: 1,
		DiskFree: 2 << 30, DiskSize: 4 << 30, Clock: true, Certificate: noon.Add(devices.StationLife),
	}
	for _, c := range change {
		c(&r)
	}
	return r
}

func (b *bench) notes(t testing.TB, device string, r enrolment.Report) {
	t.Helper()
	if err := b.Note(t.Context(), device, r, noon); err != nil {
		t.Fatal(err)
	}
}

func TestTheOneThatNeedsAHandComesFirst(t *testing.T) {
	b := newBench(t)
	for _, id := range []string{"a-fine", "b-scene", "c-camera", "d-silent", "e-camera-and-disk", "f-revoked"} {
		b.enrols(t, id)
	}
	b.notes(t, "a-fine", fine())
	b.notes(t, "b-scene", fine(func(r *enrolment.Report) { r.Scene = enrolment.Away }))
	b.notes(t, "c-camera", fine(func(r *enrolment.Report) { r.Camera = enrolment.Away }))
	b.notes(t, "e-camera-and-disk", fine(func(r *enrolment.Report) { r.Camera, r.ReadOnly = enrolment.Away, true }))
	b.notes(t, "f-revoked", fine(func(r *enrolment.Report) { r.Camera = enrolment.Away }))
	err := b.store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`UPDATE devices SET seen_at = seen_at - 7200000 WHERE id = 'd-silent'`)
		if err == nil {
			_, err = tx.Exec(`UPDATE devices SET revoked_at = 1 WHERE id = 'f-revoked'`)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	list, err := b.List(t.Context(), noon)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range list {
		got = append(got, s.ID)
	}
	want := []string{"d-silent", "e-camera-and-disk", "c-camera", "b-scene", "a-fine", "f-revoked"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestNewestReportCounts(t *testing.T) {
	b := newBench(t)
	b.enrols(t, "left")
	b.notes(t, "left", fine(func(r *enrolment.Report) { r.Waiting = 7 }))
	b.notes(t, "left", fine(func(r *enrolment.Report) { r.Waiting = 1 }))
	s, err := b.Get(t.Context(), "left")
	if err != nil || s.Report.Waiting != 1 || !s.ReportedAt.Equal(noon) || s.Stale(noon.Add(Stale)) || !s.Stale(noon.Add(Stale+1)) {
		t.Errorf("got %+v, %v", s, err)
	}
	if _, err := b.Get(t.Context(), "right"); !errors.Is(err, devices.ErrUnknown) {
		t.Errorf("unknown station: %v, want ErrUnknown", err)
	}
}

func TestHandler(t *testing.T) {
	good, err := json.Marshal(fine())
	if err != nil {
		t.Fatal(err)
	}
	newer := strings.Replace(string(good), "{", `{"levitation":[4],`, 1)
	for name, tc := range map[string]struct {
		method, path, body string
		let                error
		want               int
	}{
		"a report":          {"POST", enrolment.ReportPath, string(good), nil, 200},
		"a newer station's": {"POST", enrolment.ReportPath, newer, nil, 200},
		"not let in":        {"POST", enrolment.ReportPath, string(good), problem.New(403, "revoked", "station is revoked"), 403},
		"no JSON":           {"POST", enrolment.ReportPath, "well", nil, 400},
		"absurd":            {"POST", enrolment.ReportPath, "{}", nil, 422},
		"too large":         {"POST", enrolment.ReportPath, `{"software":"` + strings.Repeat("x", longestReport) + `"}`, nil, 413},
		"another method":    {"GET", enrolment.ReportPath, "", nil, 405},
		"another address":   {"POST", enrolment.ReportPath + "/x", "{}", nil, 404},
	} {
		b := newBench(t)
		b.enrols(t, "left")
		w := httptest.NewRecorder()
		b.Handler(func(*http.Request) (string, error) { return "left", tc.let }).ServeHTTP(w, httptest.NewRequest(tc.method, tc.path, strings.NewReader(tc.body)))
		kind := "application/problem+json"
		if tc.want == 200 {
			kind = "application/json"
		}
		if w.Code != tc.want || w.Header().Get("Content-Type") != kind {
			t.Errorf("%s: got %d %s, want %d %s", name, w.Code, w.Header().Get("Content-Type"), tc.want, kind)
		}
		if s, err := b.Get(t.Context(), "left"); err != nil || s.Told() != (tc.want == 200) {
			t.Errorf("%s: noted %t, %v", name, s.Told(), err)
		}
	}
}

// hours are those of every day of the week.
func hours(t testing.TB, text string) (w enrolment.Week) {
	t.Helper()
	h, err := enrolment.ParseHours(text)
	if err != nil {
		t.Fatal(err)
	}
	for day := range w {
		w[day] = h
	}
	return w
}

func TestDecisionsAreKeptAndAudited(t *testing.T) {
	b := newBench(t)
	b.enrols(t, "left")
	if o, err := b.Operation(t.Context(), "left"); o != nil || err != nil {
		t.Errorf("before any decision: %v, %v", o, err)
	}
	lobby := Decision{noon, "anna", enrolment.Operation{Mode: enrolment.Lobby, Hours: hours(t, "08:00-16:00")}, ""}
	extended := Decision{noon.Add(time.Hour), "ben", enrolment.Operation{Mode: enrolment.Extended, Hours: lobby.Hours}, "Beschluss 7/26"}
	for _, d := range []Decision{lobby, lobby, extended} { // twice is once
		if err := b.Decide(t.Context(), "left", d); err != nil {
			t.Fatal(err)
		}
	}
	list, err := b.Decisions(t.Context(), "left")
	if diff := cmp.Diff([]Decision{extended, lobby}, list); diff != "" || err != nil {
		t.Errorf("%v, decisions (-want +got):\n%s", err, diff)
	}
	if o, err := b.Operation(t.Context(), "left"); err != nil || o == nil || *o != extended.Operation {
		t.Errorf("operation %v, %v; want %v", o, err, extended.Operation)
	}
	var got []string
	for e, err := range audit.All(t.Context(), b.store) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e.Actor+" "+e.Action+" "+e.Subject+": "+e.Detail)
	}
	want := []string{
		"clerk:anna operation-set device:left: from the station's settings to lobby, Mon-Sun 08:00-16:00",
		"clerk:ben operation-set device:left: from lobby, Mon-Sun 08:00-16:00 to extended, Mon-Sun 08:00-16:00; reason: Beschluss 7/26",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
	if strings.Contains(b.logged.String(), "Beschluss") {
		t.Error("the log has the reason")
	}
}

func TestDecisionsThatCannotBe(t *testing.T) {
	b := newBench(t)
	b.enrols(t, "left")
	always := enrolment.Operation{Mode: enrolment.Extended}
	for name, tc := range map[string]struct {
		device string
		d      Decision
		want   error
	}{
		"no reason":       {"left", Decision{noon, "anna", always, " \n "}, ErrReason},
		"too long":        {"left", Decision{noon, "anna", always, strings.Repeat("ä", longestReason+1)}, ErrReason},
		"control":         {"left", Decision{noon, "anna", always, "a\x00b"}, ErrReason},
		"never open":      {"left", Decision{noon, "anna", enrolment.Operation{Mode: enrolment.Counter}, ""}, ErrOperation},
		"no mode":         {"left", Decision{noon, "anna", enrolment.Operation{Mode: "x"}, ""}, ErrOperation},
		"unknown station": {"right", Decision{noon, "anna", always, "Beschluss"}, devices.ErrUnknown},
	} {
		if err := b.Decide(t.Context(), tc.device, tc.d); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	if list, err := b.Decisions(t.Context(), "left"); len(list) != 0 || err != nil {
		t.Errorf("kept %v, %v", list, err)
	}
	if n, _, err := audit.Head(t.Context(), b.store); n != 0 || err != nil {
		t.Errorf("the record has %d entries, %v", n, err)
	}
}
