// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// A desk is where a town takes records: every list that came, as it came.
type desk struct {
	lists  []string
	answer func(w http.ResponseWriter, list []enrolment.Visit) // after the list is noted
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || r.URL.Path != enrolment.VisitsPath || r.Method != http.MethodPost || len(r.TLS.PeerCertificates) != 1 {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	d.lists = append(d.lists, string(body))
	var list []enrolment.Visit
	if err := json.Unmarshal(body, &list); err != nil {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	if d.answer != nil {
		d.answer(w, list)
		return
	}
	_, _ = io.WriteString(w, "{}")
}

func answers(code int) func(http.ResponseWriter, []enrolment.Visit) {
	return func(w http.ResponseWriter, _ []enrolment.Visit) { w.WriteHeader(code) }
}

// taken are the ids of the records that came with list n.
func (d *desk) taken(t *testing.T, n int) (ids []uuid.UUID) {
	t.Helper()
	var list []enrolment.Visit
	if err := json.Unmarshal([]byte(d.lists[n]), &list); err != nil {
		t.Fatal(err)
	}
	for _, v := range list {
		ids = append(ids, v.ID)
	}
	return ids
}

// measured is a ledger at a town that takes records.
func measured(t *testing.T) (*ledger, *desk) {
	t.Helper()
	o, d := newTown(t), &desk{}
	line, dir := o.enrolled()
	o.answer = d.ServeHTTP
	return restarted(t, dir, line), d
}

func restarted(t *testing.T, dir *durable.Dir, line *office) *ledger {
	t.Helper()
	l, err := newLedger(dir, line, "Europe/Berlin", slog.New(slog.DiscardHandler), func(enrolment.Visit) {})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// waiting are the records on the disk.
func (l *ledger) waiting(t *testing.T) []string {
	t.Helper()
	names, err := l.names()
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// visit plays a visit that is cancelled, and keeps its record.
func (l *ledger) visit(t *testing.T) {
	t.Helper()
	code := appointment.Code{ID: appointment.ID{0xCA, 0x4A, 0x87}, Start: time.Now()}
	was, now := session.State{Visit: 77, Manner: session.Manner{Language: "tr"}}, time.Now()
	for _, ev := range []session.Event{
		session.Scanned{Code: code, Answer: appointment.OK}, session.Pressed{Visit: 77, Button: session.Start}, session.Pressed{Visit: 77, Button: session.Cancel},
	} {
		is, _ := session.Step(was, now, ev)
		l.Seen(was, is, now)
		was, now = is, now.Add(3*time.Second)
	}
	select {
	case v := <-l.ended:
		l.keep(v)
	default:
		t.Fatal("the visit has no record")
	}
}

// TestRecordReachesTheOffice: over mutual TLS, without anything of the citizen, and
// it is gone from the station afterwards.
func TestRecordReachesTheOffice(t *testing.T) {
	l, d := measured(t)
	if err := l.send(t.Context()); err != nil || len(d.lists) != 0 {
		t.Errorf("nothing waits: %v, sent %q", err, d.lists)
	}
	l.visit(t)
	names := l.waiting(t)
	if len(names) != 1 {
		t.Fatalf("%q wait, want one record", names)
	}
	day := strings.TrimPrefix(names[0], visitsDir+"/")[:len(time.DateOnly)]
	if err := l.send(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := l.waiting(t); len(left) != 0 || len(d.lists) != 1 {
		t.Fatalf("%q left, %d lists sent", left, len(d.lists))
	}
	got, id := d.lists[0], d.taken(t, 0)[0]
	want := `[{"id":"` + id.String() + `","day":"` + day + `","software":"` + version() + `","outcome":"cancelled",` +
		`"first_try":false,"more_time":false,"attempts":0,"failures":0,"retakes":0,"pauses":0,"seconds":{"position":3,"welcome":3},"hints":{"no-face":{"times":1,"seconds":3}}}]`
	if got != want {
		t.Errorf("sent %s, want %s and nothing else", got, want)
	}
	if id.Version() != 4 {
		t.Errorf("id %v has version %d, want 4, which holds no time", id, id.Version())
	}
}

// TestRecordsOutliveAnOfflineWeek: the office is away, the program starts again, an
// answer is lost; the same records come with the same ids.
func TestRecordsOutliveAnOfflineWeek(t *testing.T) {
	l, d := measured(t)
	d.answer = answers(http.StatusServiceUnavailable)
	for range enrolment.MaxVisits + 1 {
		l.visit(t)
	}
	if err := l.send(t.Context()); err == nil {
		t.Error("the office is away: want an error")
	}
	l = restarted(t, l.dir, l.office)
	d.answer = func(http.ResponseWriter, []enrolment.Visit) { panic(http.ErrAbortHandler) }
	if err := l.send(t.Context()); err == nil || len(l.waiting(t)) != enrolment.MaxVisits+1 {
		t.Errorf("the answer is lost: %v, %d wait", err, len(l.waiting(t)))
	}
	before := len(d.lists)
	d.answer = nil
	if err := l.send(t.Context()); err != nil || len(l.waiting(t)) != 0 {
		t.Fatalf("%v, %d wait", err, len(l.waiting(t)))
	}
	if !slices.Equal(d.taken(t, 0), d.taken(t, before)) || len(d.taken(t, before)) != enrolment.MaxVisits || len(d.taken(t, before+1)) != 1 {
		t.Errorf("came %d and %d, want %d with the ids of the first time, and 1", len(d.taken(t, before)), len(d.taken(t, before+1)), enrolment.MaxVisits)
	}
}

// TestSpoiltRecord: one that the office never takes does not hold up the others;
// a station that is not let in keeps them all.
func TestSpoiltRecord(t *testing.T) {
	l, d := measured(t)
	l.visit(t)
	l.keep(enrolment.Visit{Day: "1970-01-01", Outcome: "spoilt"})
	if err := l.dir.Write(visitsDir+"/2026-01-01-half.json", strings.NewReader("{")); err != nil {
		t.Fatal(err)
	}
	for _, code := range []int{http.StatusForbidden, http.StatusNotFound} {
		d.answer = answers(code)
		if err := l.send(t.Context()); err == nil || len(l.waiting(t)) != 3 {
			t.Errorf("%d: %v, %d wait; want an error and 3", code, err, len(l.waiting(t)))
		}
	}
	var whole int
	d.answer = func(w http.ResponseWriter, list []enrolment.Visit) {
		if slices.ContainsFunc(list, func(v enrolment.Visit) bool { return v.Outcome == "spoilt" }) {
			w.WriteHeader(http.StatusUnprocessableEntity)
			return
		}
		whole += len(list)
		_, _ = io.WriteString(w, "{}")
	}
	if err := l.send(t.Context()); err != nil || whole != 1 || len(l.waiting(t)) != 0 {
		t.Errorf("%v, the office took %d, %d wait; want 1 and none", err, whole, len(l.waiting(t)))
	}
}

// TestOldestRecordsGo: a thousand wait at most, and refused codes never drive out visits.
func TestOldestRecordsGo(t *testing.T) {
	l, _ := measured(t)
	for n := range maxRecords {
		name := fmt.Sprintf("%s/%s-%d.json", visitsDir, time.Date(2026, 1, 1+n/10, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), n)
		if err := l.dir.Root.WriteFile(name, []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	oldest := l.waiting(t)[0]
	l.keep(enrolment.Visit{Day: "2026-11-30", Outcome: "refused"})
	if names := l.waiting(t); len(names) != maxRecords || names[0] != oldest {
		t.Errorf("after a refused code: %d wait, the oldest is %s", len(names), names[0])
	}
	l.keep(enrolment.Visit{Day: "2026-11-30", Outcome: "staff"})
	names := l.waiting(t)
	if len(names) != maxRecords || names[0] == oldest || !strings.Contains(names[len(names)-1], "2026-11-30") {
		t.Errorf("after a visit: %d wait, from %s to %s", len(names), names[0], names[len(names)-1])
	}
}

// TestStoppedVisit: the program ends while somebody is there; what is seen later counts no more.
func TestStoppedVisit(t *testing.T) {
	l, d := measured(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	was := session.State{}
	is, _ := session.Step(was, time.Now(), session.Scanned{Code: appointment.Code{ID: appointment.ID{1}}, Answer: appointment.OK})
	l.Seen(was, is, time.Now())
	if err := l.Run(ctx); err != nil {
		t.Fatal(err)
	}
	l.Seen(is, session.State{Visit: 1}, time.Now())
	if n := len(l.ended); n != 0 {
		t.Errorf("%d records after the end", n)
	}
	if err := l.send(t.Context()); err != nil || len(d.lists) != 1 || !strings.Contains(d.lists[0], `"interrupted"`) {
		t.Errorf("%v, sent %q", err, d.lists)
	}
}

// TestVisitsAreCounted: a whole station measures its visits.
func TestVisitsAreCounted(t *testing.T) {
	st := opened(t, newTown(t), "sitter")
	st.ledger.keep(enrolment.Visit{Day: "2026-12-01", Outcome: "delivered", FirstTry: true, Seconds: map[string]float64{"welcome": 50, "done": 20}, Hints: map[string]enrolment.Shown{"nearer": {Times: 2}}})
	st.ledger.keep(enrolment.Visit{Day: "2026-12-01", Outcome: "staff", Seconds: map[string]float64{"welcome": 50}})
	w := httptest.NewRecorder()
	st.meter.handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{
		`fotobox_station_stored_total{first_try="true"} 1`, `fotobox_station_stored_seconds_bucket{le="60"} 1`, `fotobox_station_stored_seconds_sum 50`, `fotobox_station_hints_total{hint="nearer"} 2`,
	} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the metrics have no %q", want)
		}
	}
	if st.conductor.Seen == nil || len(st.ledger.waiting(t)) != 2 {
		t.Error("the station's sessions are not measured")
	}
}
