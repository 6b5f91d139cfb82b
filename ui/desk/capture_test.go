// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

func TestCapturePage(t *testing.T) {
	o := newOffice(t)
	a := o.books(t, 0, "Käthe Groß")
	id := o.delivers(t, a.ID, delivery{reports: []rule.Report{
		report(map[rule.ID]rule.Side{"7.2": rule.Low, "3.1": rule.Unclear}),
		report(nil),
		report(map[rule.ID]rule.Side{"1.2": rule.High, "7.6": rule.Low}),
	}})
	c := o.clerk(t)
	p := c.get(t, "/captures/"+id.String())
	set := rule.DePassport2025()
	p.want(t, http.StatusOK, "Käthe Groß", a.Terminkennung.String(), "Foto 1", "Foto 2", "Foto 3",
		"NOK, zu niedrig", "nicht gemessen", "the eyes could not be located exactly", "Hinweis: zu hoch",
		"genau 1600", "mindestens 300", rule.Engine, set.Name, set.Hash(), "Station Foyer links", "05112000",
		"im Wartebereich", "nicht gelaufen", "stationd 0.2.0", "3 Tg. 23 Std.", "bestes nach den Regeln",
		"von der Person gewählt", "nicht zertifiziert", `value="2" form="decision" accesskey="2" data-accepted="true" checked`)
	if n := strings.Count(p.body, `src="data:image/jpeg;base64,`); n != 3 {
		t.Errorf("%d photos, want 3", n)
	}
	for _, r := range rule.All() {
		if _, judged := set.Limits[r.ID]; judged && !strings.Contains(p.body, ">"+string(r.ID)+"</td>") {
			t.Errorf("criterion %s is not shown", r.ID)
		}
	}
	c.lang = "en"
	c.get(t, "/captures/"+id.String()).want(t, http.StatusOK, "NOK, too low", "not measured", "at least 300", "3 d 23 h", "not certified")
}

func TestAlarmAndMode(t *testing.T) {
	o := newOffice(t)
	a, high := o.books(t, 0, "Käthe Groß"), 0.7
	id := o.delivers(t, a.ID, delivery{reports: []rule.Report{report(nil)}, mode: envelope.ModeExtended, attack: &high})
	o.clerk(t).get(t, "/captures/"+id.String()).want(t, http.StatusOK, "Die Angriffserkennung hat angeschlagen", "Wert 0,70", "außerhalb der Öffnungszeiten: bitte noch einmal prüfen")
}

// TestNoReport has a station whose report cannot be read: the photo is shown,
// and taking it over needs a reason.
func TestNoReport(t *testing.T) {
	o := newOffice(t)
	a := o.books(t, 0, "Käthe Groß")
	id := o.delivers(t, a.ID, delivery{reports: []rule.Report{{Engine: "none"}}})
	c := o.clerk(t)
	c.get(t, "/captures/"+id.String()).want(t, http.StatusOK, "kein Prüfbericht", `data-accepted="false"`)
	c.post(t, "/captures/"+id.String()+"/take-over", map[string][]string{"photo": {"1"}}).want(t, http.StatusUnprocessableEntity, "Bitte wählen Sie einen Grund.")
}

// TestSeveralCaptures leads to the newest and names the others.
func TestSeveralCaptures(t *testing.T) {
	o := newOffice(t)
	a := o.books(t, 0, "Käthe Groß")
	first := o.delivers(t, a.ID, delivery{reports: []rule.Report{report(nil)}})
	time.Sleep(2 * time.Millisecond) // the clock of the inbox counts milliseconds
	second := o.delivers(t, a.ID, delivery{reports: []rule.Report{report(nil)}})
	c := o.clerk(t)
	c.get(t, "/appointments/"+a.ID.String()).leads(t, "/captures/"+second.String())
	c.get(t, "/captures/"+second.String()).want(t, http.StatusOK, "Weitere Aufnahmen zu diesem Termin:", "/captures/"+first.String())
}

func TestForgottenCapture(t *testing.T) {
	o := newOffice(t)
	a := o.books(t, 0, "Käthe Groß")
	id := o.delivers(t, a.ID, delivery{reports: []rule.Report{report(nil)}})
	if n, err := o.inbox.Forget(t.Context(), time.Now().Add(envelope.Lifetime)); n != 1 || err != nil {
		t.Fatalf("Forget: %d, %v", n, err)
	}
	c, path := o.clerk(t), "/captures/"+id.String()
	c.get(t, path).want(t, http.StatusGone, "Die Fotos sind gelöscht", "Käthe Groß", path+"/history", "Nächste Person")
	c.get(t, path+"/history").want(t, http.StatusOK, "Fotos gelöscht", "96 Stunden nach der Aufnahme")
	c.post(t, path+"/take-over", map[string][]string{"photo": {"1"}}).want(t, http.StatusGone, "Die Fotos sind gelöscht")
	c.post(t, path+"/refuse", nil).want(t, http.StatusGone, "Die Fotos sind gelöscht")
	c.get(t, "/").want(t, http.StatusOK, "gelöscht")
}

// TestDamagedCapture has an envelope of another appointment than it says.
func TestDamagedCapture(t *testing.T) {
	o := newOffice(t)
	other := newOffice(t)
	o.identity = other.identity // sealed for somebody else
	id := o.delivers(t, appointment.ID{1}, delivery{reports: []rule.Report{report(nil)}})
	o.clerk(t).get(t, "/captures/"+id.String()).want(t, http.StatusUnprocessableEntity, "lässt sich nicht öffnen")
}

func TestBest(t *testing.T) {
	good, worse, unread := report(nil), report(map[rule.ID]rule.Side{"7.2": rule.Low}), rule.Report{}
	for name, tc := range map[string]struct {
		shots []shot
		want  int
	}{
		"none":                      {nil, -1},
		"the latest of ties":        {[]shot{{Report: good}, {Report: good}}, 1},
		"the chosen one of ties":    {[]shot{{Report: good, Chosen: true}, {Report: good}}, 0},
		"not the chosen worse one":  {[]shot{{Report: worse, Chosen: true}, {Report: good}, {Report: worse}}, 1},
		"any other than unreadable": {[]shot{{Report: worse}, {Report: unread}}, 0},
	} {
		if got := best(tc.shots); got != tc.want {
			t.Errorf("%s: %d, want %d", name, got, tc.want)
		}
	}
}

// TestCriteriaOrder has counting findings first, advice next, the rest as it came.
func TestCriteriaOrder(t *testing.T) {
	inside, low := rule.Inside, rule.Low
	a := rule.Report{Findings: []rule.Finding{{ID: "1", Side: inside}, {ID: "2", Side: low, Advisory: true}, {ID: "3", Side: inside}}}
	b := rule.Report{Findings: []rule.Finding{{ID: "1", Side: inside}, {ID: "3", Side: low}, {ID: "4", Side: inside}}}
	var got []string
	for _, c := range criteria([]shot{{Report: a}, {Report: b}}) {
		var line strings.Builder
		line.WriteString(string(c.ID))
		for _, cell := range c.Cells {
			if cell == nil {
				line.WriteString(" -")
			} else {
				line.WriteString(" " + cell.Side.String())
			}
		}
		got = append(got, line.String())
	}
	if diff := cmp.Diff([]string{"3 inside low", "2 low -", "1 inside inside", "4 - inside"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// BenchmarkCapturePage opens a capture of three photos of 1 MB, which are
// decrypted, checked and put into the page.
func BenchmarkCapturePage(b *testing.B) {
	o := newOffice(b)
	a := o.books(b, 0, "Käthe Groß")
	photo := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	id := o.delivers(b, a.ID, delivery{reports: []rule.Report{report(nil), report(nil), report(nil)}, photo: photo})
	c := o.clerk(b)
	for b.Loop() {
		c.get(b, "/captures/"+id.String()).want(b, http.StatusOK)
	}
}

// BenchmarkListPage shows a day of 200 appointments with as many photos.
func BenchmarkListPage(b *testing.B) {
	o := newOffice(b)
	for range 200 {
		a := o.books(b, 0, "Käthe Groß")
		o.delivers(b, a.ID, delivery{reports: []rule.Report{report(nil)}})
	}
	c := o.clerk(b)
	for b.Loop() {
		c.get(b, "/").want(b, http.StatusOK)
	}
}
