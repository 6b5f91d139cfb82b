// SPDX-License-Identifier: EUPL-1.2

package main

import (
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"strings"

	"github.com/fotobox-project/fotobox/image/rule"
)

//go:embed page.html
var pageText string

// A sheet is what the page shows.
type sheet struct {
	Engine, Set, Hash string
	Photos, Good      int
	Dark, Light       string
	Groups            []string
	Targets           []row
	Criteria          []row
	Cases             []row
	Harmless          []row
	Labels            []row
	Plots             []plotted
}

// A row is one line of a table, with the photos that were judged wrongly.
type row struct {
	Cells  []string
	Class  string
	Errors []shown
}

// A shown is a thumbnail with what was measured.
type shown struct {
	Source template.URL
	Name   string
	Says   string
}

// A plotted is a sweep's picture.
type plotted struct {
	Title, Says string
	SVG         template.HTML
}

// outsideRepository refuses a page inside a checkout, where it could be committed:
// it shows people who agreed to tests and not to that.
func outsideRepository(page string) error {
	if page == "" {
		return nil
	}
	dir, err := filepath.Abs(filepath.Dir(page))
	if err != nil {
		return err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return fmt.Errorf("write page %s: it lies in the repository %s; name a file outside", page, dir)
		}
		up := filepath.Dir(dir)
		if up == dir {
			return nil
		}
		dir = up
	}
}

func (e *evaluation) writePage(path string) error {
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := t.Execute(file, e.sheet()); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

func (e *evaluation) sheet() sheet {
	s := sheet{
		Engine: rule.Engine, Set: e.set.Name, Hash: e.set.Hash(), Photos: len(e.photos), Good: len(e.good),
		Dark: fmt.Sprintf("%.1f", e.tones[0]), Light: fmt.Sprintf("%.1f", e.tones[1]), Groups: groups(),
	}
	for _, t := range e.targets() {
		s.Targets = append(s.Targets, row{Cells: []string{t.state(), fmt.Sprintf("%.2f", t.value), t.bound(), t.text, t.note}, Class: strings.ReplaceAll(strings.ToLower(t.state()), " ", "-")})
	}
	for _, c := range e.criteria() {
		cells := []string{string(c.rule.ID), c.rule.Name, c.counts(), bounds(c.limits), spread(c.values), share(c.good), fmt.Sprint(c.good.of), share(c.other), fmt.Sprint(c.other.of), share(c.unclear)}
		cells = append(cells, shares(c.byGroup)...)
		s.Criteria = append(s.Criteria, row{Cells: cells, Errors: e.show(c.wrong, c.rule.ID)})
	}
	for _, k := range e.cases() {
		s.Cases = append(s.Cases, e.caseRow(k))
	}
	for _, h := range e.harmless() {
		s.Harmless = append(s.Harmless, row{Cells: []string{h.name, share(h.rejected), fmt.Sprint(h.rejected.of), reasons(h.reasons)}, Errors: e.show(h.wrong, "")})
	}
	for _, l := range labels() {
		s.Labels = append(s.Labels, row{Cells: []string{l.trait, joined(l.bad), joined(l.doubt)}})
	}
	for _, w := range e.sweeps {
		if w.judged(e.set) {
			s.Plots = append(s.Plots, e.plotted(w))
		}
	}
	return s
}

func (e *evaluation) caseRow(k kase) row {
	if len(k.ids) == 0 {
		return row{Cells: []string{k.name, "not judged"}}
	}
	cells := []string{k.name, joined(k.ids), fmt.Sprint(k.caught.of), share(k.caught), share(k.unclear), share(k.accepted), number(k.auc)}
	cells = append(append(cells, spread(k.values)), shares(k.byGroup)...)
	return row{Cells: cells, Errors: e.show(k.missed, k.ids[0])}
}

// show gives the thumbnails with the value of the rule, or with all that stands
// against the photo when the rule is empty.
func (e *evaluation) show(list []result, id rule.ID) (all []shown) {
	for _, r := range list {
		says := []string{e.tone(r)}
		for _, f := range r.report.Findings {
			if f.ID == id || id == "" && f.Side != rule.Inside && !f.Advisory {
				says = append(says, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", f.ID, number(f.Value), f.Side, f.Reason)))
			}
		}
		name := strings.TrimSpace(r.photo.Name + " " + r.fault)
		source := "data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(r.thumb)
		all = append(all, shown{template.URL(source), name, strings.Join(says, ", ")})
	}
	return all
}

func (e *evaluation) plotted(s swept) plotted {
	p := s.path(e.set.Limits[s.id])
	says := fmt.Sprintf("monotonic: %s; crosses at %s; outside %d of %d, unclear %d", p.monotonic, p.crosses, p.outside.n, p.outside.of, p.unclear)
	if s.exact {
		says += "; worst error " + number(p.err)
	}
	return plotted{fmt.Sprintf("%s against %s (%s)", s.id, s.name, s.unit), says, template.HTML(plot(s, e.set.Limits[s.id]))}
}
