// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"iter"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/image/chart"
	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/ui/style"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

//go:embed maintenance.html
var maintenancePage string

//go:embed maintenance.css
var maintenanceSheet []byte

// workTime bounds one test or calibration.
const workTime = 2 * time.Minute

// Sentences that a technician can act on.
var (
	errBusy  = errors.New("another test is running; wait until it is done")
	errVisit = errors.New("a citizen is at the station; wait until the visit has ended")
)

// A workbench is the maintenance page: what a technician can do without a shell,
// which the appliance does not have.
type workbench struct {
	settings Settings
	station  *station // nil: not enrolled, only that can be done
	log      *slog.Logger
	page     *template.Template
	turn     chan struct{} // one thing at a time: all of them need the camera
	again    func()        // has the program start again

	mu   sync.Mutex
	last outcome
}

// An outcome is what came of the last thing that was done.
type outcome struct {
	What    string    `json:"what"`
	At      time.Time `json:"at"`
	Results []result  `json:"results"`
}

// OK reports that nothing failed.
func (r outcome) OK() bool {
	return !slices.ContainsFunc(r.Results, func(one result) bool { return !one.OK })
}

// workbench is the running station's maintenance page.
func (st *station) workbench() http.Handler {
	b := newWorkbench(st.settings, st.log, func() { nudge(st.again) })
	b.station = st
	mux := http.NewServeMux()
	mux.Handle("/", st.conformance())
	mux.Handle("POST /selftest", b.does("self-test", func(ctx context.Context, _ *http.Request) iter.Seq[result] {
		return subject{st.settings, st}.results(ctx)
	}))
	mux.Handle("POST /chart", b.does("chart", b.measure))
	mux.Handle("POST /scene", b.does("empty scene", b.calibrate(false)))
	mux.Handle("POST /grey", b.does("grey card", b.calibrate(true)))
	mux.Handle("POST /enrol", b.does("enrolment", b.enrolsAgain))
	mux.HandleFunc("GET /results.json", b.json)
	return b.routes(mux)
}

func newWorkbench(s Settings, log *slog.Logger, again func()) *workbench {
	return &workbench{
		settings: s, log: log, turn: make(chan struct{}, 1), again: again,
		page: template.Must(template.New("maintenance").Parse(maintenancePage)),
	}
}

// routes adds what every maintenance page has.
func (b *workbench) routes(mux *http.ServeMux) http.Handler {
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { _ = b.show(w, http.StatusOK, nil) })
	mux.Handle("POST /settings", problem.Handler(b.log, b.store))
	mux.HandleFunc("GET /chart.svg", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		_ = chart.WriteSVG(w) // a browser that has gone needs no chart
	})
	mux.HandleFunc("GET /maintenance.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(maintenanceSheet)
	})
	mux.Handle("GET /kern/", http.StripPrefix("/kern/", style.Handler()))
	return b.guard(http.NewCrossOriginProtection().Handler(mux))
}

// does answers a button: it does one thing, keeps what came of it, and shows the page again.
func (b *workbench) does(what string, f func(context.Context, *http.Request) iter.Seq[result]) http.Handler {
	return problem.Handler(b.log, func(w http.ResponseWriter, r *http.Request) error {
		leave, err := b.enter()
		if err != nil {
			return b.show(w, http.StatusConflict, err)
		}
		defer leave()
		// A phone whose screen goes dark leaves; the test goes on.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), workTime)
		defer cancel()
		done := outcome{What: what, Results: slices.Collect(f(ctx, r)), At: time.Now()}
		b.mu.Lock()
		b.last = done
		b.mu.Unlock()
		b.log.Info("maintenance", "what", what, "ok", done.OK())
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return nil
	})
}

// enter begins something, unless something else or a visit is under way; leave ends it.
func (b *workbench) enter() (leave func(), err error) {
	if b.station != nil && !idle(b.station.conductor.State().Stage) {
		return nil, errVisit
	}
	select {
	case b.turn <- struct{}{}:
		return func() { <-b.turn }, nil
	default:
		return nil, errBusy
	}
}

// idle tells whether no citizen is disturbed.
func idle(s session.Stage) bool {
	return s == session.Idle || s == session.Done || s == session.OutOfOrder
}

// measure reads how the chart is held, and measures.
func (b *workbench) measure(ctx context.Context, r *http.Request) iter.Seq[result] {
	var v view
	for name, to := range map[string]*float64{"distance": &v.Distance, "height": &v.Height, "travel": &v.Travel, "bar": &v.Bar} {
		n, err := strconv.ParseFloat(r.FormValue(name), 64)
		if err != nil {
			return one("chart", "", fmt.Errorf("%s: %q is no number of millimetres", name, r.FormValue(name)))
		}
		*to = n
	}
	return v.results(ctx, subject{b.settings, b.station})
}

// calibrate stores the empty scene or the grey card's white balance, and uses it from now on.
func (b *workbench) calibrate(grey bool) func(context.Context, *http.Request) iter.Seq[result] {
	return func(ctx context.Context, _ *http.Request) iter.Seq[result] {
		scene, err := b.station.calibrate(ctx, grey)
		if err != nil {
			return one("calibration", "", err)
		}
		return one("calibration", describe(scene), nil)
	}
}

func one(part, words string, err error) iter.Seq[result] {
	r := result{part, err == nil, words}
	if err != nil {
		r.Words = err.Error()
	}
	return slices.Values([]result{r})
}

// entrance is the maintenance page of a station that is not enrolled.
func entrance(s Settings, log *slog.Logger, again func()) http.Handler {
	b := newWorkbench(s, log, again)
	mux := http.NewServeMux()
	mux.Handle("POST /enrol", b.does("enrolment", b.enrols))
	return b.routes(mux)
}

// enrols answers the form of a station that is not enrolled.
func (b *workbench) enrols(ctx context.Context, r *http.Request) iter.Seq[result] {
	return b.enrolsBy(r, "the station is starting, load this page again", func(i enrolment.Invite, name string) (identity, error) {
		return enrolAt(ctx, b.settings, i, name, b.settings.clock())
	})
}

// enrolsAgain answers the form of a running station, which starts again with its new certificate.
func (b *workbench) enrolsAgain(ctx context.Context, r *http.Request) iter.Seq[result] {
	return b.enrolsBy(r, "the station starts again", func(i enrolment.Invite, name string) (id identity, err error) {
		if id, err = b.station.office.enrolAgain(ctx, b.settings, i, name); err == nil {
			b.again()
		}
		return id, err
	})
}

func (b *workbench) enrolsBy(r *http.Request, then string, enrol func(enrolment.Invite, string) (identity, error)) iter.Seq[result] {
	invite, err := enrolment.ParseInvite(r.FormValue("code"))
	if err != nil {
		return one("enrolment", "", fmt.Errorf("%w; copy the whole code that \"registryd invite\" printed", err))
	}
	id, err := enrol(invite, r.FormValue("name"))
	return one("enrolment", fmt.Sprintf("enrolled at %s as %s; %s", id.OfficeName, id.Device, then), err)
}

// json is the newest outcome for programs.
func (b *workbench) json(w http.ResponseWriter, _ *http.Request) { b.newest().write(w) }

func (b *workbench) newest() outcome {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.last
}

// show writes the page, with what keeps the station from doing what was asked.
func (b *workbench) show(w http.ResponseWriter, status int, notice error) error {
	return b.edit(w, status, notice, b.settingsText())
}

// edit is show with settings that were typed and are not stored.
func (b *workbench) edit(w http.ResponseWriter, status int, notice error, text string) error {
	zone, err := time.LoadLocation(b.settings.Zone)
	if err != nil {
		return err
	}
	v := struct {
		Sheets          []string
		Version, Device string
		Fresh           bool
		Notice          error
		Last            outcome
		When            string
		Chart           view
		Settings        string
		Edited          bool
	}{Settings: text, Edited: text != b.settingsText(), Sheets: style.Sheets(), Version: version(), Fresh: b.station == nil, Notice: notice, Last: b.newest(), Chart: defaultView()}
	if !v.Last.At.IsZero() {
		v.When = v.Last.At.In(zone).Format("Monday 2 January 2006, 15:04:05 MST")
	}
	if b.station != nil {
		v.Device = b.station.office.now().Device
	}
	var page bytes.Buffer
	if err := b.page.Execute(&page, v); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = page.WriteTo(w) // a browser that has gone needs no page
	return nil
}
