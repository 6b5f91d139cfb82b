// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/registry/inbox"
)

// waitingReports are a rejected photo and an accepted one.
func waitingReports() delivery {
	return delivery{reports: []rule.Report{report(map[rule.ID]rule.Side{"7.2": rule.Low}), report(nil)}}
}

// waiting is an office with one capture: photo 1 is rejected, photo 2 accepted.
func waiting(t *testing.T) (o *office, c *client, path string, id uuid.UUID) {
	t.Helper()
	o = newOffice(t)
	a := o.books(t, 0, "Käthe Groß")
	id = o.delivers(t, a.ID, waitingReports())
	return o, o.clerk(t), "/captures/" + id.String(), id
}

// item is the capture as the inbox has it.
func (o *office) item(t *testing.T, id uuid.UUID) inbox.Item {
	t.Helper()
	i, err := o.inbox.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestTakeOver(t *testing.T) {
	o, c, path, id := waiting(t)
	c.get(t, path+"/photo.jpg").want(t, http.StatusConflict, "Noch nicht übernommen")
	c.get(t, path+"/record.xml").want(t, http.StatusConflict, "Noch nicht übernommen")
	// A reason that is not needed is not recorded.
	c.post(t, path+"/take-over", url.Values{"photo": {"2"}, "reason": {"ok-obvious"}}).leads(t, path)
	if i := o.item(t, id); i.State != inbox.Taken || i.Photo != 1 || i.Veto != inbox.NoVeto || i.ChangedBy != "adam" {
		t.Errorf("item %+v", i)
	}
	p := c.get(t, path)
	p.want(t, http.StatusOK, "Foto 2 ist übernommen", "von adam", "JPEG herunterladen", "59 Min.")
	p.without(t, "Gewähltes Foto übernehmen", "überstimmt")

	jpeg := c.get(t, path+"/photo.jpg")
	jpeg.want(t, http.StatusOK)
	if !bytes.Equal([]byte(jpeg.body), drawn(t, 1)) {
		t.Error("the download is not the station's photo byte for byte")
	}
	if h := jpeg.header; h.Get("Content-Type") != "image/jpeg" || h.Get("Cache-Control") != "no-store" || h.Get("Content-Disposition") == "" {
		t.Errorf("headers %v", h)
	}
	record := c.get(t, path+"/record.xml")
	record.want(t, http.StatusOK, `<record of="`+id.String()+`"/>`)
	if h := record.header; h.Get("Content-Type") != "application/xml" || !strings.HasSuffix(h.Get("Content-Disposition"), `.xml"`) {
		t.Errorf("headers %v", h)
	}
	twice := c.post(t, path+"/take-over", url.Values{"photo": {"2"}})
	twice.want(t, http.StatusConflict, "Schon entschieden", "vielleicht in einem anderen Fenster", "Foto 2 ist übernommen")
	twice.without(t, "war schneller")
	c.post(t, path+"/refuse", url.Values{"why": {"photo"}}).want(t, http.StatusConflict, "Schon entschieden")
	c.get(t, "/").want(t, http.StatusOK, "übernommen", "Kein Foto wartet.")
}

func TestTakeOverNeedsReason(t *testing.T) {
	o, c, path, id := waiting(t)
	for _, reason := range []string{"", "nok", "because"} {
		p := c.post(t, path+"/take-over", url.Values{"photo": {"1"}, "reason": {reason}})
		p.want(t, http.StatusUnprocessableEntity, "Bitte wählen Sie einen Grund.", `value="1" form="decision" accesskey="1" data-accepted="false" checked`)
	}
	if i := o.item(t, id); i.State != inbox.Opened {
		t.Errorf("state %q", i.State)
	}
	c.post(t, path+"/take-over", url.Values{"photo": {"1"}, "reason": {"ok-no-reason"}}).leads(t, path)
	if i := o.item(t, id); i.Veto != inbox.OKNoReason || i.Photo != 0 {
		t.Errorf("item %+v", i)
	}
	c.get(t, path).want(t, http.StatusOK, "Die Prüfung wurde ohne Begründung überstimmt.")
}

func TestTakeOverWrongPhoto(t *testing.T) {
	_, c, path, _ := waiting(t)
	for _, photo := range []string{"", "0", "3", "-1", "x"} {
		c.post(t, path+"/take-over", url.Values{"photo": {photo}}).want(t, http.StatusNotFound, "Kein solches Foto")
	}
	for _, n := range []string{"0", "3", "x"} {
		c.get(t, path+"/photos/"+n).want(t, http.StatusNotFound, "Kein solches Foto")
	}
	if p := c.get(t, path+"/photos/1"); p.body != string(drawn(t, 0)) {
		t.Error("photo 1 is not the first photo")
	}
}

func TestRefuseAndReopen(t *testing.T) {
	o, c, path, id := waiting(t)
	why := url.Values{"why": {"person"}}
	c.post(t, path+"/refuse", why).want(t, http.StatusConflict) // nobody has looked at it
	c.post(t, path+"/reopen", nil).want(t, http.StatusConflict) // nobody has refused it
	c.get(t, path).want(t, http.StatusOK, "Warum braucht es ein neues Foto?", "Die Fotos zeigen nicht diese Person")
	c.post(t, path+"/refuse", nil).want(t, http.StatusUnprocessableEntity, "Der Grund fehlt")
	c.post(t, path+"/refuse", why).leads(t, path)
	if i := o.item(t, id); i.State != inbox.Refused || i.Veto != inbox.NOK {
		t.Errorf("item %+v", i)
	}
	p := c.get(t, path)
	p.want(t, http.StatusOK, "Neues Foto ist verlangt", "Zurücknehmen")
	p.without(t, "data:image/jpeg")
	if i := o.item(t, id); i.State != inbox.Refused {
		t.Errorf("looking at the refusal took it back: %q", i.State)
	}
	c.post(t, path+"/reopen", nil).leads(t, path)
	c.get(t, path).want(t, http.StatusOK, "data:image/jpeg", "Gewähltes Foto übernehmen")
}

// TestAfterwards is an hour after the decision: it is known, the photos are gone.
func TestAfterwards(t *testing.T) {
	o, c, path, _ := waiting(t)
	c.post(t, path+"/take-over", url.Values{"photo": {"2"}}).leads(t, path)
	if n, err := o.inbox.Forget(t.Context(), time.Now().Add(inbox.Afterwards)); n != 1 || err != nil {
		t.Fatalf("Forget: %d, %v", n, err)
	}
	p := c.get(t, path)
	p.want(t, http.StatusOK, "Foto 2 ist übernommen", "Die Fotos sind hier gelöscht.")
	p.without(t, "data:image/jpeg", "JPEG herunterladen")
	c.get(t, path+"/photo.jpg").want(t, http.StatusGone, "Die Fotos sind gelöscht")
}

// TestTakenOverForTheRegistrySoftware waits for it, is retrieved and gone.
func TestTakenOverForTheRegistrySoftware(t *testing.T) {
	o, c, path, id := waiting(t)
	o.inbox.Handover = true
	c.get(t, path)
	c.post(t, path+"/take-over", url.Values{"photo": {"2"}}).leads(t, path)
	c.get(t, path).want(t, http.StatusOK, "Das Fachverfahren holt das Foto ab.", "3 Tg. 23 Std.", "JPEG herunterladen", "Protokoll (XML) herunterladen")
	if err := o.inbox.Retrieved(t.Context(), "vendor:1", id); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"/photo.jpg", "/record.xml"} { // the bytes are still there, for less than a minute
		c.get(t, path+file).want(t, http.StatusGone, "Die Fotos sind gelöscht")
	}
	if n, err := o.inbox.Forget(t.Context(), time.Now()); n != 1 || err != nil {
		t.Fatalf("Forget: %d, %v", n, err)
	}
	p := c.get(t, path)
	p.want(t, http.StatusOK, "Das Fachverfahren hat das Foto abgeholt")
	p.without(t, "JPEG herunterladen", "data:image/jpeg")
}
