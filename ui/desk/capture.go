// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/inbox"
)

// captureView is what the page of a capture shows. Photos, Shots and Criteria
// are empty when the capture was refused or its bytes are erased.
type captureView struct {
	inbox.Opening
	Appointment *book.Appointment // nil when the book does not have it
	Station     string
	Shots       []shot
	Criteria    []criterion
	Others      []inbox.Item // of the same appointment
	Selected    int          // number of the photo that is selected
	Holders     []holder     // who else has it open
	Missing     bool         // a reason is needed and was not given
	Late        bool         // it was decided before, by another clerk or in another window
}

// shot is one photo.
type shot struct {
	Number   int
	Source   template.HTMLAttr // the JPEG itself: one opening, one entry in the record
	Report   rule.Report
	Readable bool // the report is
	Chosen   bool // by the citizen
	Best     bool // by the rules
}

// Accepted reports whether the check passed: only then a take-over overrules nothing.
func (s shot) Accepted() bool { return s.Readable && s.Report.Verdict == rule.Accept }

// Failed lists the findings that count and are not inside their limits.
func (s shot) Failed() (failed []rule.Finding) {
	for f := range s.Report.Open() {
		if !f.Advisory {
			failed = append(failed, f)
		}
	}
	return failed
}

// criterion is one line of the table of findings: one rule, every photo.
type criterion struct {
	rule.Finding                 // of the first photo that has it: name and limits
	Cells        []*rule.Finding // one for each photo, nil where its report has none
	Open         int             // 2 when a finding that counts is not inside its limits, 1 when only advice is
}

// Decided reports whether a clerk decided already.
func (c captureView) Decided() bool { return !waits(c.Item.State) }

// Erased reports whether the photos exist no more.
func (c captureView) Erased() bool { return !c.Item.ErasedAt.IsZero() }

// Taken is the number of the photo that was taken over.
func (c captureView) Taken() int { return c.Item.Photo + 1 }

// Until is when the photos are deleted.
func (c captureView) Until() time.Time { return c.Item.Due() }

// Back is the address of the list that the capture stands in.
func (c captureView) Back() string {
	if c.Appointment == nil {
		return "/"
	}
	return dayAddress(*c.Appointment)
}

// Engines are the reports that differ in what judged them, usually one.
func (c captureView) Engines() (different []rule.Report) {
	for _, s := range c.Shots {
		same := func(r rule.Report) bool { return r.Engine == s.Report.Engine && r.Hash == s.Report.Hash }
		if s.Readable && !slices.ContainsFunc(different, same) {
			different = append(different, s.Report)
		}
	}
	return different
}

// Alarm reports whether the attack detection thinks an attack more likely than not.
func (c captureView) Alarm() bool {
	return c.Manifest.AttackScore != nil && *c.Manifest.AttackScore >= 0.5
}

func (d *desk) capture(w http.ResponseWriter, r *http.Request, clerk string) error {
	v, err := d.open(r, clerk)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if v.Item.State == inbox.Forgotten {
		status = http.StatusGone
	}
	return d.show(w, r, "capture", status, v)
}

// open opens the capture that the address names, for the clerk's eyes. One
// that was refused stays closed: opening would take the refusal back.
func (d *desk) open(r *http.Request, clerk string) (v captureView, err error) {
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		return captureView{}, errCapture
	}
	if v.Item, err = d.Inbox.Get(r.Context(), id); err != nil {
		return captureView{}, err
	}
	if v.Item.State != inbox.Refused && !v.Erased() {
		if v.Opening, err = d.Inbox.Open(r.Context(), clerk, id); err != nil {
			return captureView{}, err
		}
	}
	v.Shots = shots(v.Opening)
	v.Criteria = criteria(v.Shots)
	v.Selected = slices.IndexFunc(v.Shots, func(s shot) bool { return s.Best }) + 1
	if n, err := strconv.Atoi(r.URL.Query().Get("photo")); err == nil && n >= 1 && n <= len(v.Shots) {
		v.Selected = n // looked at in its large view
	}
	if !v.Decided() {
		entries, err := d.Inbox.History(r.Context(), id)
		if err != nil {
			return captureView{}, err
		}
		v.Holders = holders(entries, clerk, time.Now())
	}
	v.Station = d.station(r.Context(), v.Item.Device)
	return v, d.around(r, &v)
}

// around adds the appointment and its other captures.
func (d *desk) around(r *http.Request, v *captureView) error {
	a, err := d.Book.Get(r.Context(), v.Item.Appointment)
	if err == nil {
		v.Appointment = &a
	} else if !errors.Is(err, book.ErrNotFound) {
		return err
	}
	v.Others, err = d.Inbox.Of(r.Context(), v.Item.Appointment)
	v.Others = slices.DeleteFunc(v.Others, func(i inbox.Item) bool { return i.ID == v.Item.ID })
	return err
}

func (d *desk) station(ctx context.Context, id string) string {
	if d.Station == nil {
		return id
	}
	return d.Station(ctx, id)
}

func shots(o inbox.Opening) []shot {
	all := make([]shot, len(o.Photos))
	for i, photo := range o.Photos {
		s := shot{Number: i + 1, Chosen: o.Manifest.Photos[i].Chosen}
		// Base64 has nothing to escape, and looking for it in megabytes takes most of a page's time.
		s.Source = template.HTMLAttr(`src="data:image/jpeg;base64,` + base64.StdEncoding.EncodeToString(photo) + `"`)
		s.Readable = json.Unmarshal(o.Manifest.Photos[i].Report, &s.Report) == nil && s.Report.Verdict != ""
		all[i] = s
	}
	if best := best(all); best >= 0 {
		all[best].Best = true
	}
	return all
}

// best applies the best-capture rule of TR-03121. Among ties the person may
// choose: the chosen photo is judged last, since the rule takes the latest.
func best(all []shot) int {
	order := make([]int, 0, len(all))
	for _, chosen := range []bool{false, true} {
		for i, s := range all {
			if s.Chosen == chosen {
				order = append(order, i)
			}
		}
	}
	reports := make([]rule.Report, len(order))
	for at, i := range order {
		reports[at] = all[i].Report
	}
	if b := rule.Best(reports); b >= 0 {
		return order[b]
	}
	return -1
}

// criteria turns the reports into lines, in the order of advice.
func criteria(all []shot) []criterion {
	var lines []criterion
	for i, s := range all {
		for _, f := range s.Report.Findings {
			at := slices.IndexFunc(lines, func(c criterion) bool { return c.ID == f.ID })
			if at < 0 {
				at = len(lines)
				lines = append(lines, criterion{Finding: f, Cells: make([]*rule.Finding, len(all))})
			}
			lines[at].Cells[i] = &f
			lines[at].Open = max(lines[at].Open, open(f))
		}
	}
	// What a clerk must look at stands first.
	slices.SortStableFunc(lines, func(a, b criterion) int { return b.Open - a.Open })
	return lines
}

func open(f rule.Finding) int {
	switch {
	case f.Side == rule.Inside:
		return 0
	case f.Advisory:
		return 1
	}
	return 2
}
