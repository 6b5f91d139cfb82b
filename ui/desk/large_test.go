// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// TestLargeView stands for comparing face and photo: what bears on that is on it.
func TestLargeView(t *testing.T) {
	o := newOffice(t)
	a, high := o.books(t, 0, "Käthe Groß"), 0.7
	id := o.delivers(t, a.ID, delivery{
		reports: []rule.Report{report(nil), report(map[rule.ID]rule.Side{"7.2": rule.Low}), report(nil)},
		mode:    envelope.ModeExtended, attack: &high, subject: "child",
	})
	c, path := o.clerk(t), "/captures/"+id.String()
	c.get(t, path).want(t, http.StatusOK, path+"/large/1", path+"/large/3", "Angriffsalarm")

	p := c.get(t, path+"/large/2")
	p.want(t, http.StatusOK, "Käthe Groß", "Foto 2 von 3", "Kind von 6 bis 9 Jahren", "Kopf bedeckt", "außerhalb der Öffnungszeiten", "Angriffsalarm",
		"NOK, zu niedrig", path+"/large/1", path+"/large/3", `href="`+path+`?photo=2"`, "Auswählen und Grund angeben", "noch 3 Tg. 23 Std.", "(Stand ")
	p.without(t, "Dieses Foto übernehmen", "Vergleichen Sie bitte")
	c.get(t, path+"?photo=2").want(t, http.StatusOK, `value="2" form="decision" accesskey="2" data-accepted="false" checked`)
	c.get(t, path+"?photo=9").want(t, http.StatusOK, `value="3" form="decision" accesskey="3" data-accepted="true"`)
	c.get(t, path+"/large/1").want(t, http.StatusOK, "Dieses Foto übernehmen")
	for _, n := range []string{"0", "4", "x"} {
		c.get(t, path+"/large/"+n).want(t, http.StatusNotFound, "Kein solches Foto")
	}
	c.post(t, path+"/take-over", url.Values{"photo": {"1"}}).leads(t, path)
	c.get(t, path+"/large/1").without(t, "Dieses Foto übernehmen")
}

// TestLargeViewOfRefused leads to the page that says so: the photos stay closed.
func TestLargeViewOfRefused(t *testing.T) {
	_, c, path, _ := waiting(t)
	c.get(t, path).without(t, "Angriffsalarm")
	c.post(t, path+"/refuse", url.Values{"why": {"photo"}}).leads(t, path)
	c.get(t, path+"/large/1").leads(t, path)
}
