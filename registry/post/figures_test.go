// SPDX-License-Identifier: EUPL-1.2

package post

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/fotobox-project/fotobox/registry/post/posttest"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

func TestFigures(t *testing.T) {
	r := newRoom(t, storetest.Open(t), posttest.New(t))
	told := Alerts(r.store, relayTo(r.server), r.clerk, r.log)
	reminder := anna()
	reminder.Due = time.Now().Add(time.Hour)
	r.puts(t, anna(), reminder, Message{Kind: Alert, About: "camera", To: "technik@example.org"})
	r.server.Refuse(smtp.ErrDataReset)
	r.turns(t, noon)
	if err := told.Send(t.Context(), noon); err != nil {
		t.Fatal(err)
	}
	all := prometheus.NewRegistry()
	all.MustRegister(r.Box, told)
	rec := httptest.NewRecorder()
	promhttp.HandlerFor(all, promhttp.HandlerOpts{}).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	for _, want := range []string{
		"fotobox_alerts_waiting 1", `fotobox_alerts_mails_total{result="failed"} 1`, `fotobox_alerts_mails_total{result="sent"} 0`,
		"fotobox_letters_waiting 1", `fotobox_letters_mails_total{result="failed"} 1`, `fotobox_letters_mails_total{result="given-up"} 0`,
	} {
		if !strings.Contains(rec.Body.String(), want) {
			t.Errorf("the figures lack %q:\n%s", want, rec.Body)
		}
	}
}
